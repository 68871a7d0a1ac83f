"""Journals written for tests: words as people would say them, without keys or database."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from newsletter.journal.statements import Verb, Word

MOMENT = datetime(2026, 11, 20, 8, tzinfo=UTC)
EDITION = "edition:1"
#: The edition's unit and those above it, nearest first.
CHAIN = ("banjing", "county", "root")


def a_word(place: int, verb: Verb, speaker: str, *, digest: str = "d1", subject: str = EDITION, **details: Any) -> Word:
    return Word(
        newsroom="0123456789abcdef",
        previous="0" * 64,
        place=place,
        subject=subject,
        digest=digest,
        verb=verb,
        person=speaker,
        role="",
        unit="",
        time=MOMENT,
        key_store="store",
        details=details,
    )


def a_grant(
    place: int, person: str, role: str, *, unit: str = "root", by: str = "sun", verb: Verb = Verb.GRANT
) -> Word:
    return a_word(place, verb, by, digest="", subject=f"staff:{person}", person=person, role=role, unit=unit)


def a_desk(*more: tuple[str, str]) -> list[Word]:
    """A journal in which sun is the first admin, li editor, wang reviewer, zhao issuer, and whoever else is named."""
    people = [("sun", "admin"), ("li", "editor"), ("wang", "reviewer"), ("zhao", "issuer"), *more]
    return [a_grant(place, person, role) for place, (person, role) in enumerate(people, start=1)]


def say(journal: Sequence[Word], *words: tuple[Verb, str], digest: str = "d1") -> list[Word]:
    """The journal with these words said after it."""
    first = len(journal) + 1
    said = [a_word(place, verb, person, digest=digest) for place, (verb, person) in enumerate(words, start=first)]
    return [*journal, *said]
