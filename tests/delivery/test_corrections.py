"""Whom a correction goes to: the original's own ledger, on either database, however its sending is interrupted."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import col, delete, select, update

from newsletter.delivery.claiming import claim_rows
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.planning import BATCH_ROWS
from newsletter.delivery.receivers import count_receivers
from newsletter.delivery.sending import send_edition
from newsletter.editions.references import LONGEST_TITLE, CorrectionKind, Reference
from newsletter.newsroom import Newsroom
from newsletter.subscribers.models import Status, Subscriber
from newsletter.workflow.correcting import correct_edition
from newsletter.workflow.gates import approve_edition, sign_edition
from tests.delivery.conftest import EDITION, MEMBERS
from tests.delivery.editions import a_signed_edition, add_members, number_keys
from tests.delivery.gateways import NOON, ObedientGateway
from tests.delivery.ledgers import claimed_rows, plan, rows, set_state, states, totals

#: Whoever the message may have reached.
GOT_IT = {"accepted", "sent", "delivered", "unknown"}


def a_correction(newsroom: Newsroom, original: int = EDITION, kind: CorrectionKind = CorrectionKind.CORRECTION) -> int:
    """A signed edition that corrects ``original``."""
    edition = correct_edition(newsroom.acting_as("li"), original, kind=kind, words="稿中日期有误。").edition.id or 0
    approve_edition(newsroom.acting_as("wang"), edition)
    sign_edition(newsroom.acting_as("zhao"), edition)
    return edition


def test_every_state_of_the_original_counts_or_does_not(any_newsroom: Newsroom) -> None:
    count = len(DeliveryState)
    add_members(any_newsroom, count)
    edition = a_signed_edition(any_newsroom)
    plan(any_newsroom, edition)
    with any_newsroom.writing() as session:
        for row, state in zip(rows(any_newsroom, edition), DeliveryState, strict=True):
            row.state = state
            session.merge(row)
        session.connection().exec_driver_sql(f"UPDATE edition SET stage = 'sent' WHERE id = {edition}")
        session.connection().exec_driver_sql("UPDATE article SET stage = 'published'")
        session.commit()
    correction = a_correction(any_newsroom)
    assert plan(any_newsroom, correction) == 4
    got = {row.number_key for row in rows(any_newsroom, edition) if row.state in GOT_IT}
    assert set(states(any_newsroom, correction)) == got
    assert totals(any_newsroom, correction) == {"queued": 4}


def test_a_ledger_larger_than_a_batch_is_taken_over_whole(any_newsroom: Newsroom) -> None:
    add_members(any_newsroom, BATCH_ROWS + 3)
    edition = a_signed_edition(any_newsroom)
    plan(any_newsroom, edition)
    with any_newsroom.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE edition SET stage = 'sent' WHERE id = {edition}")
        session.connection().exec_driver_sql("UPDATE article SET stage = 'published'")
        set_state(session, edition, DeliveryState.DELIVERED, at=NOON)
        session.commit()
    correction = a_correction(any_newsroom, edition)
    assert plan(any_newsroom, correction) == BATCH_ROWS + 3
    assert [row.batch for row in rows(any_newsroom, correction)].count(2) == 3
    first, second = claimed_rows(any_newsroom, correction), claimed_rows(any_newsroom, correction)
    assert {row.number_key for row in (*first.rows, *second.rows)} == set(number_keys(any_newsroom))


def test_a_number_is_written_to_whoever_has_it_now(ready: Newsroom) -> None:
    send_edition(ready, EDITION)
    keys = number_keys(ready)
    with ready.writing() as session:
        first = session.exec(select(Subscriber).where(Subscriber.number_key == keys[0])).one()
        session.add(
            Subscriber(**first.model_dump(exclude={"id", "name_key", "status"}), name_key="heir", status=Status.LEFT)
        )
        session.delete(first)
        session.exec(update(Subscriber).where(col(Subscriber.number_key) == keys[1]).values(status=Status.LEFT))
        session.exec(delete(Subscriber).where(col(Subscriber.number_key) == keys[2]))
        session.commit()
    correction = a_correction(ready)
    with ready.reading() as session:
        found = count_receivers(session, EDITION, paper_id=1)
    assert (found.received, found.opted_out, found.not_on_register) == (MEMBERS, 0, 1)
    plan(ready, correction)
    claim = claimed_rows(ready, correction)
    assert {row.number_key for row in claim.rows} == set(keys) - {keys[2]}
    assert all(ready.data_keys.decrypt(row.number, f"number/{row.number_key}") for row in claim.rows)
    assert states(ready, correction)[keys[2]] == DeliveryState.CANCELLED


def test_an_ordinary_edition_still_leaves_out_who_left(ready: Newsroom) -> None:
    plan(ready, EDITION)
    with ready.writing() as session:
        session.exec(update(Subscriber).where(col(Subscriber.id) == 1).values(status=Status.LEFT))
        session.commit()
    with ready.writing() as session:
        claim = claim_rows(session, edition_id=EDITION, paper_id=1, limit=500, at=NOON)
        session.commit()
    assert claim is not None
    assert (len(claim.rows), claim.settled) == (MEMBERS - 1, 1)


def test_a_correction_interrupted_is_resumed_and_writes_to_nobody_twice(
    ready: Newsroom, use_gateway: Callable[[ObedientGateway], ObedientGateway]
) -> None:
    gateway = use_gateway(ObedientGateway())
    send_edition(ready, EDITION)
    correction = a_correction(ready)
    handed_over = 0

    def die_halfway(message: object) -> object:
        nonlocal handed_over
        handed_over += 1
        if handed_over > MEMBERS // 2:
            raise KeyboardInterrupt
        return original(message)  # type: ignore[arg-type]

    original, gateway.answer = gateway.answer, die_halfway  # type: ignore[assignment]
    with pytest.raises(KeyboardInterrupt):
        send_edition(ready, correction)
    gateway.answer = original
    send_edition(ready, correction)
    told = [message.number_key for message in gateway.messages if message.edition == correction]
    assert sorted(told) == sorted(number_keys(ready))


def a_reference(*titles: str, heading: str = "", day: str = "2026-11-20") -> Reference:
    return Reference(
        kind=CorrectionKind.RETRACTION,
        heading=heading,
        number=3,
        day=date.fromisoformat(day),
        titles=titles,
        today=date(2026, 11, 21),
    )


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        (a_reference("河道清淤"), "关于11月20日第3期《河道清淤》的撤稿声明"),
        (a_reference("甲", heading="搬经镇专刊"), "关于11月20日搬经镇专刊第3期《甲》的撤稿声明"),
        (a_reference("甲", day="2025-12-31"), "关于2025年12月31日第3期《甲》的撤稿声明"),
        (a_reference("甲", "乙", "丙", "丁"), "关于11月20日第3期《甲》《乙》《丙》等4篇的撤稿声明"),
        (a_reference("读《论语》有感"), "关于11月20日第3期《读〈论语〉有感》的撤稿声明"),
    ],
)
def test_the_original_is_named_by_its_date_issue_and_titles(reference: Reference, sentence: str) -> None:
    assert reference.sentence == sentence


def test_a_long_title_is_cut_short_in_the_sentence() -> None:
    long = "长" * (LONGEST_TITLE + 5)
    assert f"《{'长' * (LONGEST_TITLE - 1)}…》" in a_reference(long).sentence
