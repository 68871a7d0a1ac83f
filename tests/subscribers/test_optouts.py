"""Who left, who came back, and who must not be written to."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.leaving.optouts import (
    Cell,
    OptOut,
    StillOutError,
    is_suppressed_condition,
    record_opt_in,
    record_opt_out,
    record_opt_outs,
)
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent, Subscriber, Suppression
from tests.subscribers.conftest import MakeFile

AT = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=1)
KEY = "a" * 32


def suppressed(session: Session) -> set[tuple[str, int]]:
    return {(row.number_key, row.paper_id) for row in session.exec(select(Suppression))}


def test_an_opt_out_is_an_event_and_a_suppression(county: Newsroom) -> None:
    with county.writing() as session:
        event = record_opt_out(session, number_key=KEY, source="reply", at=AT, keyword="TD")
        assert event.id is not None
        assert (event.kind, event.is_effective, event.keyword, event.at) == ("out", True, "TD", AT)
        assert session.exec(select(Suppression)).one().event_id == event.id


def test_a_second_opt_out_is_kept_and_has_no_effect(county: Newsroom) -> None:
    with county.writing() as session:
        record_opt_out(session, number_key=KEY, source="reply", at=AT)
        again = record_opt_out(session, number_key=KEY, source="phone", at=AT, paper_id=1)
        assert not again.is_effective
        assert len(session.exec(select(OptOutEvent)).all()) == 2


def test_leaving_one_paper_and_then_all_has_effect_twice(county: Newsroom) -> None:
    with county.writing() as session:
        assert record_opt_out(session, number_key=KEY, source="reply", at=AT, paper_id=1).is_effective
        assert record_opt_out(session, number_key=KEY, source="reply", at=AT).is_effective
        assert suppressed(session) == {(KEY, 1), (KEY, ALL_PAPERS)}


def test_many_at_once_are_judged_in_their_order(county: Newsroom) -> None:
    keys = [f"{number:032x}" for number in range(1200)]
    opt_outs = [OptOut(number_key=key, source="gateway", at=AT) for key in [*keys, keys[0], keys[700]]]
    with county.writing() as session:
        events = record_opt_outs(session, opt_outs)
        assert [event.is_effective for event in events] == [True] * 1200 + [False] * 2
        assert len(suppressed(session)) == 1200
        assert record_opt_outs(session, []) == []
        assert not any(event.is_effective for event in record_opt_outs(session, opt_outs))


def test_the_cell_is_what_was_said_or_what_the_register_says(county: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(county, make_file("13900000001,张三,banjing,,farmer,full,yes,no"))
    key = county.data_keys.number_key("+8613900000001")
    told = Cell(None, "320682105", "worker", "none", mobile=False, retired=True)
    with county.writing() as session:
        person = session.exec(select(Subscriber)).one()
        known = record_opt_out(session, number_key=key, source="reply", at=AT)
        said = record_opt_out(session, number_key=key, source="reply", at=AT, cell=told)
        stranger = record_opt_out(session, number_key=KEY, source="reply", at=AT)
    assert (known.unit_id, known.region_code, known.profession) == (person.unit_id, "320682116", "farmer")
    assert (known.standing, known.mobile, known.retired) == ("full", True, False)
    assert (said.unit_id, said.region_code, said.retired) == (None, "320682105", True)
    assert (stranger.unit_id, stranger.region_code) == (None, "")


def test_coming_back_lifts_everything(county: Newsroom) -> None:
    with county.writing() as session:
        record_opt_out(session, number_key=KEY, source="reply", at=AT, paper_id=1)
        record_opt_out(session, number_key=KEY, source="reply", at=AT)
        back = record_opt_in(session, number_key=KEY, source="reply", keyword="START", at=LATER)
        assert (back.kind, back.is_effective) == ("in", True)
        assert suppressed(session) == set()
        assert not record_opt_in(session, number_key=KEY, source="reply", at=LATER).is_effective
        assert record_opt_out(session, number_key=KEY, source="reply", at=LATER).is_effective


def test_an_older_word_changes_nothing_and_of_one_moment_leaving_counts(county: Newsroom) -> None:
    with county.writing() as session:
        record_opt_out(session, number_key=KEY, source="phone", at=LATER)
        assert not record_opt_in(session, number_key=KEY, source="reply", at=AT).is_effective
        assert not record_opt_in(session, number_key=KEY, source="reply", at=LATER).is_effective
        assert suppressed(session) == {(KEY, ALL_PAPERS)}
        assert record_opt_in(session, number_key=KEY, source="reply", at=LATER + timedelta(minutes=1)).is_effective
        assert not record_opt_out(session, number_key=KEY, source="reply", at=LATER).is_effective
        assert suppressed(session) == set()


def test_coming_back_to_one_paper(county: Newsroom) -> None:
    with county.writing() as session:
        record_opt_out(session, number_key=KEY, source="reply", at=AT, paper_id=1)
        record_opt_out(session, number_key=KEY, source="reply", at=AT, paper_id=2)
        record_opt_in(session, number_key=KEY, source="desk", at=LATER, paper_id=1)
        assert suppressed(session) == {(KEY, 2)}
        record_opt_out(session, number_key=KEY, source="reply", at=AT)
        with pytest.raises(StillOutError):
            record_opt_in(session, number_key=KEY, source="desk", at=AT, paper_id=2)


def test_the_condition_reads_everything_and_the_paper(county: Newsroom, make_file: MakeFile) -> None:
    import_subscribers(county, make_file(*(f"1390000000{n},n{n},banjing,,,,," for n in range(3))))
    keys = [county.data_keys.number_key(f"+861390000000{n}") for n in range(3)]
    with county.writing() as session:
        record_opt_out(session, number_key=keys[0], source="reply", at=AT)
        record_opt_out(session, number_key=keys[1], source="reply", at=AT, paper_id=5)
        for paper, expected in ((5, {keys[0], keys[1]}), (6, {keys[0]}), (ALL_PAPERS, {keys[0]})):
            condition = is_suppressed_condition(col(Subscriber.number_key), paper)
            found = session.exec(select(Subscriber.number_key).where(condition)).all()
            assert set(found) == expected


def test_a_reason_is_a_few_words(county: Newsroom) -> None:
    with county.writing() as session, pytest.raises(InputError):
        record_opt_out(session, number_key=KEY, source="desk", at=AT, reason="长" * 81)
