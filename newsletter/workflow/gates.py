"""The gates an edition passes: submit, approve, return, sign. Each is one person's signed word over its digest."""

import json
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar

from sqlmodel import Session, col, select

from newsletter.articles.checks.findings import Finding, Severity
from newsletter.articles.models import Article
from newsletter.articles.stages import ArticleVerb, advance_article
from newsletter.editions.findings import edition_findings
from newsletter.editions.layout import Credits
from newsletter.editions.manifest import authors_of, build_manifest, digest_of
from newsletter.editions.models import Edition, Item
from newsletter.editions.proof import make_archive_copy
from newsletter.editions.records import get_edition, items_of, lock_edition
from newsletter.errors import InputError, RefusedError
from newsletter.journal.chain import journal_head, read_journal
from newsletter.journal.remarks import check_remark
from newsletter.journal.statements import Verb, Word, append_statement, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right, Role
from newsletter.organisation.staff import require_right
from newsletter.organisation.units import Unit, ancestor_codes
from newsletter.translation import gettext as _
from newsletter.workflow.approval import (
    ChangedSinceError,
    Words,
    check_words,
    raise_if_author,
    raise_if_role_unproven,
    raise_if_same_person,
)
from newsletter.workflow.edition_stages import EditionVerb, advance_edition


class BlockedError(RefusedError):
    """Something stands against submitting the edition."""

    code: ClassVar[str] = "blocked"


@dataclass(frozen=True)
class Changes:
    """What differs from the edition as a person last spoke of it; article numbers in print order."""

    added: tuple[int, ...]
    revised: tuple[int, ...]
    dropped: tuple[int, ...]


def subject_of(edition: Edition) -> str:
    """How statements name an edition."""
    return f"edition:{edition.id}"


def submit_edition(session: Session, newsroom: Newsroom, edition: Edition) -> Word:
    """The editor's word that an edition is ready for review.

    Raises:
        BlockedError: a blocking finding, named.
        EditionStageError: it is submitted already, or gone.
        NoRightError: the acting person is no editor of its unit.
    """
    require_right(session, newsroom, Right.DRAFTS, edition.unit_id)
    stage = advance_edition(edition.id or 0, edition.stage, EditionVerb.SUBMIT)
    raise_if_blocked(edition_findings(session, newsroom, edition))
    _refresh_digest(session, newsroom, edition)
    word = _speak(session, newsroom, edition, Verb.SUBMIT, Role.EDITOR)
    edition.stage = stage
    session.add(edition)
    return word


def approve_edition(newsroom: Newsroom, edition_id: int, *, note: str = "") -> tuple[Edition, Changes | None]:
    """The reviewer's word on an edition as it stands.

    Returns:
        The edition, and what changed since the reviewer's own last word on it (None if there was none).

    Raises:
        EditionStageError: it does not wait for approval.
        NoRightError: the acting person is no reviewer of its unit.
        SamePersonError: they submitted it, or worked on a text in it.
        ChangedSinceError: it is not what was submitted.
        RemarkError: the note holds a number.
    """
    check_remark(note)
    _prepare(newsroom, edition_id, Right.APPROVE, EditionVerb.APPROVE)
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id)
        reviewer = require_right(session, newsroom, Right.APPROVE, edition.unit_id)
        stage = advance_edition(edition_id, edition.stage, EditionVerb.APPROVE)
        journal = read_journal(session, newsroom)
        words = check_gates(session, newsroom, edition, journal, upto=Verb.SUBMIT)
        raise_if_may_not_judge(session, edition, journal, words, reviewer.name, Verb.APPROVE)
        changes = _changes_since_last_word(session, edition, journal, reviewer.name)
        _speak(session, newsroom, edition, Verb.APPROVE, Role.REVIEWER, note=note)
        edition.stage = stage
        session.add(edition)
        session.commit()
    return edition, changes


def return_edition(newsroom: Newsroom, edition_id: int, *, reason: str) -> Edition:
    """The reviewer gives an edition back to the editor, with the reason.

    Raises:
        InputError: no reason, or one that holds a number.
        EditionStageError: it is not under review.
        NoRightError: the acting person is no reviewer of its unit.
    """
    if not reason.strip():
        raise InputError(_("Say why: the reason is empty."), hint=_("Give --reason REASON."))
    check_remark(reason)
    _prepare(newsroom, edition_id, Right.RETURN, EditionVerb.RETURN)
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id)
        require_right(session, newsroom, Right.RETURN, edition.unit_id)
        edition.stage = advance_edition(edition_id, edition.stage, EditionVerb.RETURN)
        _speak(session, newsroom, edition, Verb.RETURN, Role.REVIEWER, reason=reason.strip())
        session.add(edition)
        session.commit()
    return edition


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
    _prepare(newsroom, edition_id, Right.SIGN, EditionVerb.SIGN)
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id)
        issuer = require_right(session, newsroom, Right.SIGN, edition.unit_id)
        stage = advance_edition(edition_id, edition.stage, EditionVerb.SIGN)
        journal = read_journal(session, newsroom)
        words = check_gates(session, newsroom, edition, journal, upto=Verb.APPROVE)
        raise_if_may_not_judge(session, edition, journal, words, issuer.name, Verb.SIGN)
        raise_if_not_shown(session, newsroom, edition, digest)
        signature = _speak(session, newsroom, edition, Verb.SIGN, Role.ISSUER)
        edition.stage = stage
        session.add(edition)
        _adopt_articles(session, edition)
        _archive(session, newsroom, edition, words, signature)
        session.commit()
    return edition


def _prepare(newsroom: Newsroom, edition_id: int, right: Right, verb: EditionVerb) -> None:
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
    journal = read_journal(session, newsroom)
    _check_digest(session, edition, journal, digest_of(manifest), upto=Verb.SIGN)
    verified: dict[str, Any] = json.loads(manifest)
    return verified


def check_gates(session: Session, newsroom: Newsroom, edition: Edition, journal: list[Word], *, upto: Verb) -> Words:
    """The valid words over the edition as it is stored this moment, up to one gate.

    Raises:
        NotApprovedError, ChangedSinceError, SamePersonError, RoleLostError: why it has not passed.
    """
    digest = digest_of(build_manifest(session, newsroom, edition))
    return _check_digest(session, edition, journal, digest, upto=upto)


def _check_digest(session: Session, edition: Edition, journal: list[Word], digest: str, *, upto: Verb) -> Words:
    return check_words(
        journal,
        subject=subject_of(edition),
        digest=digest,
        units=ancestor_codes(session, edition.unit_id),
        authors=authors_of(session, edition),
        upto=upto,
    )


def raise_if_may_not_judge(  # noqa: PLR0917 (who, what, and the two records that tell)
    session: Session, edition: Edition, journal: list[Word], words: Words, person: str, verb: Verb
) -> None:
    """Refuse a reviewer or issuer whom the journal does not know as one, who passed a gate before, or wrote a text.

    The grant tables have said yes already; the journal is what counts when the edition leaves.

    Raises:
        RoleLostError: the journal does not give them the role.
        SamePersonError: names the person and what they did.
    """
    raise_if_role_unproven(journal, person, verb, ancestor_codes(session, edition.unit_id))
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


def raise_if_blocked(findings: list[Finding]) -> None:
    """Refuse if any finding is blocking.

    Raises:
        BlockedError: names the first, and how many there are.
    """
    blocking = [finding for finding in findings if finding.severity == Severity.BLOCKING]
    if blocking:
        raise BlockedError(
            _("It cannot be submitted ({count} in the way): {first}").format(
                count=len(blocking), first=blocking[0].message
            )
        )


def _refresh_digest(session: Session, newsroom: Newsroom, edition: Edition) -> None:
    edition.manifest = build_manifest(session, newsroom, edition)
    edition.digest = digest_of(edition.manifest)


def _speak(session: Session, newsroom: Newsroom, edition: Edition, verb: Verb, role: Role, **details: Any) -> Word:
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


def _changes_since_last_word(session: Session, edition: Edition, journal: list[Word], person: str) -> Changes | None:
    own = [word for word in journal if word.subject == subject_of(edition) and word.person == person]
    if not own:
        return None
    before = dict(own[-1].details.get("items", []))
    now = {item.article_id: item.revision_id for item in items_of(session, edition.id or 0)}
    return Changes(
        added=tuple(article for article in now if article not in before),
        revised=tuple(article for article in now if article in before and now[article] != before[article]),
        dropped=tuple(article for article in before if article not in now),
    )


def _adopt_articles(session: Session, edition: Edition) -> None:
    query = select(Article).join(Item, col(Item.article_id) == col(Article.id)).where(Item.edition_id == edition.id)
    for article in session.exec(query):
        article.stage = advance_article(article.id or 0, article.stage, ArticleVerb.ADOPT)
        session.add(article)


def _archive(session: Session, newsroom: Newsroom, edition: Edition, words: Words, signature: Word) -> None:
    authors = authors_of(session, edition)
    editors = dict.fromkeys(
        [*(word.person for word in words.spoken() if word.verb is Verb.SUBMIT), *chain.from_iterable(authors.values())]
    )
    credits = Credits(
        editors=tuple(editors),
        reviewer=words.approve.person if words.approve else "",
        issuer=signature.person,
        signed_at=signature.time.astimezone(newsroom.timezone),
        digest=signature.digest,
        journal_head=journal_head(session),
    )
    make_archive_copy(session, newsroom, edition, credits)
