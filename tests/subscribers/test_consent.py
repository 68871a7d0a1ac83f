"""Who agreed to be written to, and what the register makes of it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import NoRightError
from newsletter.subscribers.leaving.consent import (
    Consent,
    ProofError,
    UnknownWordingError,
    apply_consents,
    count_consents,
    record_consents,
)
from newsletter.subscribers.leaving.consent_desk import (
    FutureConsentError,
    UnknownChannelError,
    add_wording,
    import_consents,
    record_consent,
    withdraw_consent,
)
from newsletter.subscribers.leaving.consent_records import ConsentEvent, ConsentKind, ConsentProof
from newsletter.subscribers.models import Subscriber
from newsletter.subscribers.phones import NumberError
from tests.delivery.editions import add_members
from tests.texts import number_of

PROOF = "张三的表格在第三册"


def bases(newsroom: Newsroom) -> list[str]:
    with newsroom.reading() as session:
        return list(session.exec(select(Subscriber.basis).order_by(col(Subscriber.id))).all())


@pytest.fixture
def desk(newsroom: Newsroom) -> Newsroom:
    """Three people on the register, a wording, and the issuer at the desk."""
    add_members(newsroom, 3)
    issuer = newsroom.acting_as("zhao")
    assert add_wording(issuer, "同意接收如皋手机报").version == 1
    return issuer


def agree(newsroom: Newsroom, place: int, **values: object) -> bool:
    given = {"wording": 1, "channel": "form", "proof": PROOF, **values}
    return record_consent(newsroom, number_of(place), **given).is_last  # type: ignore[arg-type]


def test_consent_given_and_taken_back_is_the_basis(desk: Newsroom) -> None:
    assert agree(desk, 1)
    assert bases(desk) == ["membership", "express", "membership"]
    withdraw_consent(desk, number_of(1))
    assert bases(desk) == ["membership"] * 3


def test_proof_is_kept_encrypted(desk: Newsroom) -> None:
    agree(desk, 0)
    with desk.reading() as session:
        (kept,) = session.exec(select(ConsentProof)).all()
        (event,) = session.exec(select(ConsentEvent)).all()
    assert "张三".encode() not in kept.proof
    assert desk.data_keys.decrypt(kept.proof, f"consent/{event.number_key}") == PROOF


def test_the_word_given_last_counts_whenever_it_was_written_down(desk: Newsroom) -> None:
    withdraw_consent(desk, number_of(0))
    assert not agree(desk, 0, on=date(2026, 1, 5)), "the withdrawal came after it"
    assert bases(desk)[0] == "membership"
    assert agree(desk, 0)
    assert bases(desk)[0] == "express"


def test_a_later_word_that_says_the_same_does_not_stand_against_it(desk: Newsroom) -> None:
    given = {"wording": 1, "channel": "form", "proof": PROOF}
    assert not record_consent(desk, number_of(0), **given).is_overruled  # type: ignore[arg-type]
    earlier = record_consent(desk, number_of(0), on=date(2026, 1, 5), **given)  # type: ignore[arg-type]
    assert (earlier.is_last, earlier.is_overruled) == (False, False)
    withdraw_consent(desk, number_of(0))
    assert record_consent(desk, number_of(0), on=date(2026, 1, 6), **given).is_overruled  # type: ignore[arg-type]


def test_who_comes_on_a_consented_number_later_has_its_basis(desk: Newsroom) -> None:
    agree(desk, 7)
    add_members(desk, 1, first=7)
    key = desk.data_keys.number_key("+86" + number_of(7))
    with desk.writing() as session:
        apply_consents(session.connection(), [key, "f" * 32])
        session.commit()
    assert bases(desk) == ["membership"] * 3 + ["express"]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"wording": 9}, UnknownWordingError),
        ({"channel": "reply"}, UnknownChannelError),
        ({"proof": "  "}, ProofError),
        ({"proof": "长" * 501}, ProofError),
        ({"on": date(2999, 1, 1)}, FutureConsentError),
    ],
)
def test_what_cannot_be_recorded(desk: Newsroom, values: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        agree(desk, 0, **values)
    assert bases(desk) == ["membership"] * 3


def test_only_who_may_and_only_of_mobile_numbers(desk: Newsroom) -> None:
    with pytest.raises(NoRightError):
        agree(desk.acting_as("li"), 0)
    with pytest.raises(NumberError):
        record_consent(desk, "0513-87650000", wording=1, channel="form", proof=PROOF)


def test_a_wording_twice_is_one_version(desk: Newsroom) -> None:
    assert add_wording(desk, "同意接收如皋手机报\n").version == 1
    assert add_wording(desk, "同意接收如皋手机报及彩信").version == 2
    assert add_wording(desk, "同意接收如皋手机报").version == 3


def test_a_list_is_taken_in_once(desk: Newsroom, tmp_path: Path) -> None:
    path = tmp_path / "forms.csv"
    path.write_text(
        f"手机号\n{number_of(0)}\n{number_of(2)}\n12345\n{number_of(0)}\n{number_of(9)}\n", encoding="gb18030"
    )
    first = import_consents(desk, path, wording=1, channel="form", proof=PROOF)
    assert (first.read, first.added, first.unchanged, first.rejected) == (5, 3, 1, 1)
    assert [(reject.line, reject.code) for reject in first.rejects] == [(4, "invalid_number")]
    assert bases(desk) == ["express", "membership", "express"]
    again = import_consents(desk, path, wording=1, channel="form", proof=PROOF)
    assert (again.added, again.unchanged) == (0, 4)
    with desk.reading() as session:
        (count,) = count_consents(session)
        assert len(session.exec(select(ConsentProof)).all()) == 3
    assert (count.kind, count.wording, count.channel, count.numbers) == ("given", 1, "form", 3)


WORDS = st.lists(st.tuples(st.sampled_from(list(ConsentKind)), st.integers(0, 2), st.integers(0, 5)), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS)
def test_basis_is_the_last_word_of_each_number(
    any_newsroom: Newsroom, words: list[tuple[ConsentKind, int, int]]
) -> None:
    with any_newsroom.reading() as session:
        has_people = session.exec(select(Subscriber.id)).first() is not None
    if not has_people:
        add_members(any_newsroom, 3)
    keys = [any_newsroom.data_keys.number_key("+86" + number_of(place)) for place in range(3)]
    now = any_newsroom.now()
    with any_newsroom.writing() as session:
        told: dict[int, tuple[int, int, ConsentKind]] = {}
        for order, (kind, place, day) in enumerate(words):
            consent = Consent(number_key=keys[place], channel="desk", at=now + timedelta(days=day), kind=kind)
            record_consents(session, [consent], recorded_at=now)
            told[place] = max(told.get(place, (-1, -1, kind)), (day, order, kind), key=lambda word: word[:2])
        expected = ["express" if p in told and told[p][2] is ConsentKind.GIVEN else "membership" for p in range(3)]
        found = session.exec(select(Subscriber.basis).order_by(col(Subscriber.id))).all()
        assert list(found) == expected
