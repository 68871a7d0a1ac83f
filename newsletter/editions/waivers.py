"""Which findings somebody has accepted as they stand: read from the journal, by the roles held when it was said."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlmodel import Session, select

from newsletter.articles.checks.findings import ErrorCode, Finding, Waiver
from newsletter.editions.imprints import imprint_of
from newsletter.editions.models import Edition
from newsletter.editions.records import subject_of
from newsletter.journal.canonical import sha256_text
from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Statement, Verb, Word, read_word
from newsletter.newsroom import Newsroom
from newsletter.organisation.grants import is_held
from newsletter.organisation.roles import RIGHTS, Right, Role
from newsletter.organisation.staff import Staff


def with_waivers(session: Session, newsroom: Newsroom, edition: Edition, findings: list[Finding]) -> list[Finding]:
    """The findings, those that were waived marked so; the journal is read, and checked, only if any was.

    Raises:
        JournalBrokenError: the journal was altered.
    """
    subject = subject_of(edition)
    said = map(read_word, session.exec(select(Statement).where(Statement.subject == subject)))
    if not findings or not any(word.verb is Verb.WAIVE for word in said):
        return findings
    journal = read_journal(session, newsroom, trust_checkpoint=True)
    units = imprint_of(session, edition).units
    composer = session.get_one(Staff, edition.staff_id).name
    words = waivers_in_force(journal, subject, units)
    return [_mark(finding, words, composer) for finding in findings]


def waivers_in_force(journal: Sequence[Word], subject: str, units: Sequence[str]) -> list[Word]:
    """The waivers on ``subject`` whose speaker held the role they spoke in, for one of ``units``, at that place."""
    return [
        word
        for word in journal
        if word.subject == subject
        and word.verb is Verb.WAIVE
        and word.role in RIGHTS[Right.WAIVE]
        and is_held(journal, person=word.person, role=word.role, units=units, place=word.place)
    ]


def may_waive(code: str, *, role: str, person: str, composer: str) -> bool:
    """Whether somebody's word is enough: secrets take a reviewer who did not compose the edition."""
    return code != ErrorCode.SECRECY or (role == Role.REVIEWER and person != composer)


def _mark(finding: Finding, words: Iterable[Word], composer: str) -> Finding:
    for word in words:
        about = tuple(word.details.get(name) for name in ("finding", "check", "code", "quote"))
        if about == (finding.key, finding.check, finding.code, sha256_text(finding.quote)) and may_waive(
            finding.code, role=word.role, person=word.person, composer=composer
        ):
            return replace(finding, waived=Waiver(word.person, str(word.details.get("reason", ""))))
    return finding
