"""Which people's keys lie together."""

from dataclasses import replace

from newsletter.journal.key_stores import shared_key_stores
from newsletter.journal.statements import Verb, Word
from tests.workflow.journals import a_word


def said(*people: tuple[str, str]) -> list[Word]:
    return [
        replace(a_word(place, Verb.APPROVE, person), key_store=store)
        for place, (person, store) in enumerate(people, start=1)
    ]


def test_one_person_shares_with_nobody() -> None:
    assert shared_key_stores(said(("li", "a"), ("li", "a"), ("wang", "b"))) == []


def test_everybody_of_one_store_is_paired_once() -> None:
    words = said(("zhao", "a"), ("li", "a"), ("wang", "b"), ("wang", "a"), ("li", "a"))
    assert shared_key_stores(words) == [("li", "wang"), ("li", "zhao"), ("wang", "zhao")]


def test_who_is_about_to_speak_counts() -> None:
    words = said(("li", "a"), ("wang", "b"))
    assert shared_key_stores(words, also=("zhao", "b")) == [("wang", "zhao")]
    assert shared_key_stores(words, also=("zhao", "c")) == []
