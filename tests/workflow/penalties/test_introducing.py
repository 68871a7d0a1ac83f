"""Which version an error came in with, held against oracles that know every character's history."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.workflow.penalties.introducing import introducing_version
from newsletter.workflow.penalties.quoting import SEPARATOR, positions_of

QUOTE = "座坛会"
TEXTS = st.lists(st.text(alphabet="座坛会党员" + SEPARATOR, max_size=14), min_size=1, max_size=6)


def introduced(*texts: str, quote: str = QUOTE, at: int = 0) -> int:
    return introducing_version(texts, quote, positions_of(quote, texts[-1])[at])


@pytest.mark.parametrize(
    ("texts", "version"),
    [
        (["开座坛会", "开座坛会了", "昨天开座坛会了"], 0),
        (["开座谈会", "开座坛会", "昨天开座坛会"], 1),
        (["开座坛会", "开座谈会", "开座坛会"], 2),
        (["开座坛会。后来", "后来。开座坛会"], 0),
        (["座坛会\0\0正文", "标题\0座坛会\0正文"], 0),
        (["开座会", "开座坛会"], 1),
    ],
    ids=["from the first", "by an edit", "mended and broken again", "moved", "moved to another field", "one lacked"],
)
def test_the_earliest_version_without_a_break(texts: list[str], version: int) -> None:
    assert introduced(*texts) == version


def test_a_contributor_does_not_pay_for_the_same_words_put_elsewhere_by_an_editor() -> None:
    contributed, edited = "清淤\0\0村委会来了人。", "村委会清淤\0\0村委会来了人。"
    assert introduced(contributed, edited, quote="村委会", at=0) == 1
    assert introduced(contributed, edited, quote="村委会", at=1) == 0


def test_an_editor_does_not_pay_for_a_sentence_they_moved_next_to_their_own() -> None:
    contributed = "开了座坛会。\0\0第一段。第二段。"
    edited = "标题\0\0第一段。开了座坛会。第二段。又是座坛会!"
    assert [introduced(contributed, edited, at=place) for place in (0, 1)] == [0, 1]


@given(TEXTS, st.sampled_from(["座", "座坛", "会党", "员员"]), st.data())
def test_it_stands_from_there_on_and_there_was_less_of_it_before(
    texts: list[str], quote: str, data: st.DataObject
) -> None:
    places = positions_of(quote, texts[-1])
    if not places:
        return
    version = introducing_version(texts, quote, data.draw(st.sampled_from(places)))
    assert all(quote in text for text in texts[version:])
    if version:
        assert len(positions_of(quote, texts[version - 1])) < len(positions_of(quote, texts[version]))


@given(TEXTS, st.sampled_from(["座坛", "会党", "员座"]))
def test_where_it_stands_once_at_most_it_is_the_first_of_an_unbroken_run(texts: list[str], quote: str) -> None:
    if quote not in texts[-1] or any(len(positions_of(quote, text)) > 1 for text in texts):
        return
    expected = len(texts) - 1
    while expected and quote in texts[expected - 1]:
        expected -= 1
    assert introducing_version(texts, quote, texts[-1].index(quote)) == expected


@dataclass(frozen=True)
class Phrase:
    """Words nobody else wrote, with or without the error in them; ``version`` put the error there."""

    mark: str
    version: int | None

    def __str__(self) -> str:
        return f"{self.mark}{QUOTE if self.version is not None else ''}{self.mark.lower()}"


@given(st.data())
def test_every_occurrence_is_the_version_s_that_wrote_its_phrase(data: st.DataObject) -> None:
    """Phrases are added, dropped, and given or rid of the error, one a version; the oracle is who did it."""
    marks = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    phrases = [Phrase(next(marks), 0) for _number in range(data.draw(st.integers(1, 4)))]
    histories = [list(phrases)]
    for version in range(1, data.draw(st.integers(1, 7)) + 1):
        place = data.draw(st.integers(0, len(phrases)))
        kind = data.draw(st.sampled_from(["add", "drop", "turn"]))
        if kind == "add" or place == len(phrases):
            phrases.insert(place, Phrase(next(marks), data.draw(st.sampled_from([version, None]))))
        elif kind == "drop" and len(phrases) > 1:
            del phrases[place]
        else:
            phrase = phrases[place]
            phrases[place] = Phrase(phrase.mark, version if phrase.version is None else None)
        histories.append(list(phrases))
    texts = ["".join(map(str, phrases)) for phrases in histories]
    expected = [phrase.version for phrase in phrases if phrase.version is not None]
    found = [introducing_version(texts, QUOTE, place) for place in positions_of(QUOTE, texts[-1])]
    assert found == expected
