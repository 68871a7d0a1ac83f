"""What stands against an edition: in its articles' copy, in its message, and on its pages."""

import json

from sqlmodel import Session, col, select

from newsletter.articles.checks.findings import Finding, Severity
from newsletter.articles.models import Article, Revision
from newsletter.articles.records import copy_of, findings_of
from newsletter.articles.reference.loading import read_context
from newsletter.capabilities import capabilities_of, opt_out_hint
from newsletter.editions.link_marks import placeholder_link
from newsletter.editions.models import Edition, Item, Piece, PieceName
from newsletter.editions.records import items_of
from newsletter.editions.sms_parts import count_utf16, split_sms
from newsletter.editions.waivers import with_waivers
from newsletter.newsroom import Newsroom
from newsletter.subscribers.audience.audiences import AudienceDefinition
from newsletter.subscribers.audience.reach import count_audience
from newsletter.translation import gettext as _


def edition_findings(session: Session, newsroom: Newsroom, edition: Edition) -> list[Finding]:
    """Every finding, in the language of whoever reads it; only blocking ones keep the edition from review.

    Raises:
        ReferenceFileError: roster, terms or gazetteer have an error in them.
        JournalBrokenError: somebody waived a finding, and the journal was altered.
    """
    items = items_of(session, edition.id or 0)
    context = read_context(session, newsroom, edition.date)
    found = [] if items else [_blocking("no_items", "edition", _("The edition has no articles."))]
    for item in items:
        revision = session.get_one(Revision, item.revision_id)
        found += findings_of(copy_of(revision), context, article=item.article_id)
    found = with_waivers(session, newsroom, edition, found)
    found += outdated_findings(session, edition)
    message = session.get(Piece, (edition.id, PieceName.SMS))
    pages = session.get(Piece, (edition.id, PieceName.PDF))
    found += _message_findings(newsroom, message.data.decode()) if message else []
    found += _page_findings(pages) if pages else []
    return found + _audience_findings(session, edition)


def outdated_findings(session: Session, edition: Edition) -> list[Finding]:
    """Warnings of articles that were edited after they were put into the edition: it stays on what was composed."""
    query = (
        select(Article.id, Revision.number, Article.revision)
        .join(Item, col(Item.article_id) == col(Article.id))
        .join(Revision, col(Revision.id) == col(Item.revision_id))
        .where(Item.edition_id == edition.id, col(Revision.number) < col(Article.revision))
        .order_by(col(Item.position))
    )
    sentence = _("Article {article} stands in it as revision {printed}; there is a newer one, {newest}.")
    return [
        _warning("newer_revision", "article", sentence.format(article=article, printed=printed, newest=newest))
        for article, printed, newest in session.exec(query)
    ]


def _audience_findings(session: Session, edition: Edition) -> list[Finding]:
    """A warning only: members may be imported before it is sent; sending to nobody is refused.

    It goes by the register, not by who left: whoever sees a finding would know it of an audience of one.
    A correction's readers stand in the ledger of what it corrects.
    """
    if edition.corrects_id is not None:
        return []
    definition = AudienceDefinition.model_validate(json.loads(edition.audience_definition))
    if count_audience(session, definition, edition.paper_id).numbers:
        return []
    return [_warning("empty_audience", "audience", _("As things stand, nobody would get it."))]


def _message_findings(newsroom: Newsroom, text: str) -> list[Finding]:
    settings = newsroom.settings
    can = capabilities_of(settings.gateway.kind)
    units, parts = count_utf16(text), len(split_sms(text).parts)
    findings = []
    if units > can.max_units or parts > can.max_parts:
        sentence = _("The SMS has {units} units in {parts} parts; the gateway takes {limit} in {most}. Send headlines.")
        sentence = sentence.format(units=units, parts=parts, limit=can.max_units, most=can.max_parts)
        findings.append(_blocking("too_long", PieceName.SMS, sentence))
    link = placeholder_link(settings)
    if link and not can.allows_urls:
        sentence = _("The gateway lets no links through: the message goes without the one to leave by.")
        findings.append(_warning("no_link", PieceName.SMS, sentence))
    if not opt_out_hint(settings.gateway.kind, settings.newsroom.telephone, link):
        sentence = _("The gateway brings no replies back and no telephone is set: readers have no way out.")
        findings.append(_blocking("no_way_out", PieceName.SMS, sentence))
    return findings


def _page_findings(pages: Piece) -> list[Finding]:
    trouble = json.loads(pages.findings)
    sentence = _("No font can print {character} (U+{code}).")
    glyphs = [
        _blocking("glyph", PieceName.PDF, sentence.format(character=character, code=f"{ord(character[0]):04X}"))
        for character in trouble["glyphs"]
    ]
    return glyphs + [_blocking("picture", PieceName.PDF, problem) for problem in trouble["problems"]]


def _blocking(code: str, field: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.BLOCKING, field=field, position=-1, quote="", message=message)


def _warning(code: str, field: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, field=field, position=-1, quote="", message=message)
