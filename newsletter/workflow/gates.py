"""The gates an edition passes: submit, approve, return, sign. Each is one person's signed word over its digest."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from newsletter.articles.records import get_article, lock_articles
from newsletter.articles.stages import ArticleVerb, advance_article
from newsletter.editions.corrections import link_of
from newsletter.editions.findings import edition_findings
from newsletter.editions.imprints import has_moved, imprint_of
from newsletter.editions.manifest import authors_of, build_manifest, digest_of
from newsletter.editions.models import Edition
from newsletter.editions.proof import make_archive_copy
from newsletter.editions.records import get_edition, items_of, lock_edition, subject_of
from newsletter.journal.chain import read_journal
from newsletter.journal.remarks import check_remark
from newsletter.journal.statements import Verb, Word, append_statement, next_time, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right, Role
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import Unit
from newsletter.translation import gettext as _
from newsletter.workflow.approval import (
    ChangedSinceError,
    Words,
    check_words,
    raise_if_author,
    raise_if_role_unproven,
    raise_if_same_person,
)
from newsletter.workflow.archiving import credits_of
from newsletter.workflow.blocking import raise_if_blocked
from newsletter.workflow.changes import Changes, changes_since_last_word
from newsletter.workflow.edition_stages import EditionVerb, advance_edition
from newsletter.workflow.penalties.secrecy import raise_if_secret
from newsletter.workflow.retracting import mark_original
from newsletter.workflow.withdrawn import raise_if_retracted


@dataclass(frozen=True, kw_only=True)
class Review:
    """An edition as shown to a reviewer: its digest, and what changed since their own last word on it, if any."""

    digest: str
    changes: Changes | None


def submit_edition(session: Session, newsroom: Newsroom, edition: Edition, *, digest: str | None = None) -> Word:
    """The editor's word that an edition is ready for review.

    Args:
        session: a writing one, in which the edition is locked.
        newsroom: its acting person edits.
        edition: as it is stored this moment.
        digest: of what the editor composed; None: they submit it as it stands.

    Raises:
        BlockedError: a blocking finding, named.
        ChangedSinceError: somebody else composed it anew meanwhile.
        EditionStageError: it is submitted already, or gone.
        NoRightError: the acting person is no editor of its unit.
    """
    require_right(session, newsroom, Right.DRAFTS, edition.unit_id)
    stage = advance_edition(edition.id or 0, edition.stage, EditionVerb.SUBMIT)
    raise_if_not_shown(session, newsroom, edition, digest)
    raise_if_blocked(edition_findings(session, newsroom, edition), edition.id or 0)
    raise_if_secret(session, edition)
    _refresh_digest(session, newsroom, edition)
    word = speak(session, newsroom, edition, Verb.SUBMIT, Role.EDITOR)
    edition.stage = stage
    session.add(edition)
    return word


def review_edition(newsroom: Newsroom, edition_id: int) -> Review:
    """What a reviewer looks at before speaking; only those who may approve it are shown anything.

    Raises:
        EditionStageError: it does not wait for approval.
        NoRightError: the acting person is no reviewer of its unit.
    """
    with newsroom.reading() as session:
        edition = get_edition(session, edition_id)
        reviewer = require_right(session, newsroom, Right.APPROVE, edition.unit_id)
        advance_edition(edition_id, edition.stage, EditionVerb.APPROVE)
        journal = read_journal(session, newsroom, trust_checkpoint=True)
        return Review(
            digest=digest_of(build_manifest(session, newsroom, edition)),
            changes=changes_since_last_word(session, edition, journal, reviewer.name),
        )


def approve_edition(
    newsroom: Newsroom, edition_id: int, *, note: str = "", digest: str | None = None
) -> tuple[Edition, Changes | None]:
    """The reviewer's word on an edition as it stands.

    Args:
        newsroom: its acting person approves.
        edition_id: which.
        note: a remark for the journal.
        digest: of what the reviewer was shown; None: they approve it as it stands.

    Returns:
        The edition, and what changed since the reviewer's own last word on it (None if there was none).

    Raises:
        EditionStageError: it does not wait for approval.
        NoRightError: the acting person is no reviewer of its unit.
        SamePersonError: they submitted it, or worked on a text in it.
        ChangedSinceError: it is not what was submitted, or not what they were shown.
        RemarkError: the note holds a number.
    """
    check_remark(note)
    prepare_word(newsroom, edition_id, Right.APPROVE, EditionVerb.APPROVE)
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id)
        reviewer = require_right(session, newsroom, Right.APPROVE, edition.unit_id)
        stage = advance_edition(edition_id, edition.stage, EditionVerb.APPROVE)
        journal = read_journal(session, newsroom, trust_checkpoint=True)
        words = check_gates(session, newsroom, edition, journal, upto=Verb.SUBMIT)
        raise_if_may_not_judge(session, newsroom, edition, journal, words, reviewer.name, Verb.APPROVE)
        raise_if_not_shown(session, newsroom, edition, digest)
        changes = changes_since_last_word(session, edition, journal, reviewer.name)
        speak(session, newsroom, edition, Verb.APPROVE, Role.REVIEWER, note=note)
        edition.stage = stage
        session.add(edition)
        session.commit()
    return edition, changes


def sign_edition(newsroom: Newsroom, edition_id: int, *, digest: str | None = None) -> Edition:
    """The issuer's word, without sending yet; the archive copy is made with it.

    Args:
        newsroom: its acting person signs.
        edition_id: which.
        digest: of what the issuer was shown; None: they sign it as it stands.

    Raises:
        EditionStageError: it does not wait for a signature.
        NoRightError: the acting person is no issuer of its unit.
        SamePersonError: they submitted or approved it, or worked on a text in it.
        ChangedSinceError: it is not what was approved, or not what they were shown.
    """
    prepare_word(newsroom, edition_id, Right.SIGN, EditionVerb.SIGN)
    with newsroom.writing() as session:
        edition = _lock_with_original(session, edition_id)
        issuer = require_right(session, newsroom, Right.SIGN, edition.unit_id)
        stage = advance_edition(edition_id, edition.stage, EditionVerb.SIGN)
        journal = read_journal(session, newsroom, trust_checkpoint=True)
        words = check_gates(session, newsroom, edition, journal, upto=Verb.APPROVE)
        raise_if_may_not_judge(session, newsroom, edition, journal, words, issuer.name, Verb.SIGN)
        raise_if_not_shown(session, newsroom, edition, digest)
        signature = speak(session, newsroom, edition, Verb.SIGN, Role.ISSUER)
        edition.stage = stage
        session.add(edition)
        _lock_articles(session, edition)
        _adopt_articles(session, edition)
        mark_original(session, newsroom, edition)
        credits = credits_of(session, newsroom, edition, replace(words, sign=signature))
        make_archive_copy(session, newsroom, edition, credits)
        session.commit()
    return edition


def prepare_word(newsroom: Newsroom, edition_id: int, right: Right, verb: EditionVerb) -> None:
    """Refuse what is plainly out of turn before anybody is asked for a passphrase; then have the key at hand."""
    with newsroom.reading() as session:
        edition = get_edition(session, edition_id)
        require_right(session, newsroom, right, edition.unit_id)
        advance_edition(edition_id, edition.stage, verb)
    unlock_key(newsroom)


def verify_approval(session: Session, newsroom: Newsroom, edition: Edition) -> dict[str, Any]:
    """Check the three words over the edition as it is stored this moment; return the manifest they are over.

    Raises:
        NotApprovedError, ChangedSinceError, SamePersonError, RoleLostError: why it may not leave.
        JournalBrokenError: the journal was altered.
    """
    manifest = build_manifest(session, newsroom, edition)
    journal = read_journal(session, newsroom, trust_checkpoint=True)
    _check_digest(session, edition, journal, digest_of(manifest), upto=Verb.SIGN, now=next_time(newsroom, journal[-1]))
    verified: dict[str, Any] = json.loads(manifest)
    return verified


def check_gates(session: Session, newsroom: Newsroom, edition: Edition, journal: list[Word], *, upto: Verb) -> Words:
    """The valid words over the edition as it is stored this moment, up to one gate.

    Raises:
        NotApprovedError, ChangedSinceError, SamePersonError, RoleLostError: why it has not passed.
    """
    digest = digest_of(build_manifest(session, newsroom, edition))
    return _check_digest(session, edition, journal, digest, upto=upto, now=next_time(newsroom, journal[-1]))


def _check_digest(
    session: Session, edition: Edition, journal: list[Word], digest: str, *, upto: Verb, now: datetime
) -> Words:
    _raise_if_moved(session, edition)
    raise_if_secret(session, edition)
    raise_if_retracted(session, edition, journal)
    return check_words(
        journal,
        subject=subject_of(edition),
        digest=digest,
        units=imprint_of(session, edition).units,
        authors=authors_of(session, edition),
        upto=upto,
        now=now,
    )


def _raise_if_moved(session: Session, edition: Edition) -> None:
    """Refuse an edition whose unit was moved in the tree since it was composed: other people answer for it now."""
    if has_moved(session, edition):
        raise ChangedSinceError(
            _("The unit of edition {edition} was moved in the tree since it was composed.").format(edition=edition.id),
            hint=_("Compose it again: newsletter draft --edition {edition} ARTICLE --submit").format(
                edition=edition.id
            ),
        )


def raise_if_may_not_judge(  # noqa: PLR0917 (who, what, and the two records that tell)
    session: Session,
    newsroom: Newsroom,
    edition: Edition,
    journal: list[Word],
    words: Words,
    person: str,
    verb: Verb,
) -> None:
    """Refuse a reviewer or issuer whom the journal does not know as one, who passed a gate before, or wrote a text.

    The grant tables have said yes already; the journal is what counts when the edition leaves.

    Raises:
        RoleLostError: the journal does not give them the role.
        SamePersonError: names the person and what they did.
    """
    units = imprint_of(session, edition).units
    raise_if_role_unproven(journal, person, verb, units, now=next_time(newsroom, journal[-1]))
    raise_if_same_person(words, person, verb)
    raise_if_author(person, authors_of(session, edition))


def raise_if_not_shown(session: Session, newsroom: Newsroom, edition: Edition, digest: str | None) -> None:
    """Refuse if the edition is not the one that was shown to whoever is about to speak.

    Raises:
        ChangedSinceError: it was changed in between.
    """
    if digest is not None and digest != digest_of(build_manifest(session, newsroom, edition)):
        raise ChangedSinceError(
            _("Edition {edition} was changed after it was shown to you; nothing was signed.").format(
                edition=edition.id
            ),
            hint=_("Look at it again: newsletter preview {edition}").format(edition=edition.id),
        )


def _refresh_digest(session: Session, newsroom: Newsroom, edition: Edition) -> None:
    edition.manifest = build_manifest(session, newsroom, edition)
    edition.digest = digest_of(edition.manifest)


def speak(session: Session, newsroom: Newsroom, edition: Edition, verb: Verb, role: Role, **details: Any) -> Word:
    """The acting person's signed word on an edition as it is stored this moment; empty details are left out."""
    items = items_of(session, edition.id or 0)
    said = {name: value for name, value in details.items() if value}
    return append_statement(
        session,
        newsroom,
        verb=verb,
        subject=subject_of(edition),
        role=role,
        unit=session.get_one(Unit, edition.unit_id).code,
        # Never the stored digest: what is spoken of is what the records say this moment.
        digest=digest_of(build_manifest(session, newsroom, edition)),
        details={"items": [[item.article_id, item.revision_id] for item in items], **said},
    )


def _lock_with_original(session: Session, edition_id: int) -> Edition:
    """Lock an edition, and before it the one it corrects: editions in the order of their numbers, then the journal.

    Whoever corrects holds the original first; in another order the two would wait for each other.
    """
    original_id = get_edition(session, edition_id).corrects_id
    if original_id is not None:
        lock_edition(session, original_id)
    return lock_edition(session, edition_id)


def _lock_articles(session: Session, edition: Edition) -> None:
    """Lock what a signature moves on: the edition's own articles, and those it corrects."""
    link = link_of(edition)
    printed = [item.article_id for item in items_of(session, edition.id or 0)]
    lock_articles(session, [*printed, *(link.articles if link else ())])


def _adopt_articles(session: Session, edition: Edition) -> None:
    for item in items_of(session, edition.id or 0):
        article = get_article(session, item.article_id)
        article.stage = advance_article(article.id or 0, article.stage, ArticleVerb.ADOPT)
        session.add(article)
