"""What the issuer reads before signing: who gets it, who stands for it so far, what was found, and every word of it."""

import json
from collections.abc import Iterator, Sequence

from sqlmodel import Session

from newsletter.articles.checks.findings import Finding
from newsletter.editions.arranging import arrange_edition
from newsletter.editions.findings import edition_findings
from newsletter.editions.link_marks import find_mark
from newsletter.editions.models import Edition, PieceName
from newsletter.editions.records import edition_stage_label, full_text_piece, get_piece, subject_of
from newsletter.editions.sms_parts import SmsParts, split_sms
from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Verb, Word
from newsletter.newsroom import Newsroom
from newsletter.subscribers.audience.audiences import AudienceDefinition
from newsletter.subscribers.audience.reach import count_audience
from newsletter.translation import gettext as _
from newsletter.workflow.approval import words_in_force

#: So much of a digest tells editions apart on a telephone.
_DIGEST_SHOWN = 16


def make_phone_proof(session: Session, newsroom: Newsroom, edition: Edition) -> bytes:
    """The edition as pages for a telephone, as its records stand this moment; it is not stored.

    Raises:
        NoPieceError: it was not rendered yet.
        OutsideError: a library or font that rendering needs is missing.
    """
    from newsletter.editions.rendering.phone import PhoneSheet, Remark, render_phone_proof

    message = split_sms(get_piece(session, edition.id or 0, PieceName.SMS).data.decode())
    journal = read_journal(session, newsroom, trust_checkpoint=True)
    findings = edition_findings(session, newsroom, edition)
    sheet = PhoneSheet(
        facts=tuple(_facts(session, newsroom, edition, journal, message)),
        remarks_heading=_("What was found"),
        remarks=tuple(Remark(text=_describe(finding), is_blocking=finding.is_blocking) for finding in findings),
        message_heading=_("The message"),
        parts=tuple(message.parts),
    )
    return render_phone_proof(arrange_edition(session, newsroom, edition), sheet)


def _facts(
    session: Session, newsroom: Newsroom, edition: Edition, journal: Sequence[Word], message: SmsParts
) -> Iterator[tuple[str, str]]:
    yield _("stage"), edition_stage_label(edition.stage)
    if edition.corrects_id is None:
        definition = AudienceDefinition.model_validate(json.loads(edition.audience_definition))
        count = count_audience(session, definition, edition.paper_id)
        # Whoever reads the proof need not know how many left.
        yield _("audience"), _("{numbers} numbers").format(numbers=count.numbers)
    else:
        yield _("audience"), _("whoever got edition {edition}").format(edition=edition.corrects_id)
    yield _("message"), _("{units} units, {parts} parts").format(units=message.units, parts=len(message.parts))
    mark = find_mark("".join(message.parts))
    if mark is not None:
        yield _("link"), _("{placeholder} is each reader's own token").format(placeholder=mark.placeholder)
    full = full_text_piece(session, edition.id or 0)
    if full is not None:
        parts = len(split_sms(full.data.decode()).parts)
        yield _("full text"), _("{parts} parts, without a link, to those who asked for it").format(parts=parts)
    labels = {Verb.SUBMIT: _("submitted"), Verb.APPROVE: _("approved"), Verb.SIGN: _("signed")}
    for word in words_in_force(journal, subject_of(edition)).spoken():
        moment = word.time.astimezone(newsroom.timezone).isoformat(sep=" ", timespec="minutes")
        yield labels[word.verb], f"{word.person} {moment[:16]}"
    yield _("digest"), edition.digest[:_DIGEST_SHOWN]


def _describe(finding: Finding) -> str:
    if finding.waived is None:
        return finding.message
    return _("{finding} (accepted by {person}: {reason})").format(
        finding=finding.message, person=finding.waived.by, reason=finding.waived.reason
    )
