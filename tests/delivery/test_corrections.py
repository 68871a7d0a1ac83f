"""Whom a correction goes to: the original's own ledger, on either database, however its sending is interrupted."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlmodel import col, delete, select, update

from newsletter.articles.intake import submit_articles
from newsletter.articles.manuscripts import read_manuscript
from newsletter.delivery import sending
from newsletter.delivery.claiming import claim_rows
from newsletter.delivery.gateways.port import Message, Outcome
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.planning import BATCH_ROWS
from newsletter.delivery.receivers import count_receivers
from newsletter.delivery.reconciling import reconcile_edition
from newsletter.delivery.sending import send_edition
from newsletter.editions.composing import EditionRequest
from newsletter.editions.records import items_of
from newsletter.editions.references import LONGEST_TITLE, CorrectionKind, Reference
from newsletter.errors import RefusedError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.models import Status, Subscriber
from newsletter.workflow.correcting import correct_edition
from newsletter.workflow.drafting import draft_edition
from newsletter.workflow.gates import approve_edition, sign_edition
from tests.delivery.conftest import EDITION, MEMBERS
from tests.delivery.editions import a_signed_edition, add_members, number_keys
from tests.delivery.gateways import NOON, ObedientGateway, accepted
from tests.delivery.ledgers import claimed_rows, plan, rows, set_state, states, totals
from tests.texts import an_article_file

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


def an_edition_of_two(newsroom: Newsroom) -> int:
    """A signed edition of two articles, of which one can be taken back."""
    editor = newsroom.acting_as("li")
    files = [an_article_file(newsroom.directory.parent, title) for title in ("河道清淤", "村口议事")]
    articles = [one.article for one in submit_articles(editor, [read_manuscript(file) for file in files])]
    edition = draft_edition(editor, articles, request=EditionRequest(), submit=True).edition.id or 0
    approve_edition(newsroom.acting_as("wang"), edition)
    sign_edition(newsroom.acting_as("zhao"), edition)
    return edition


def a_retraction(newsroom: Newsroom, edition: int) -> int:
    """A retraction, not yet signed, of the first article of an edition."""
    with newsroom.reading() as session:
        article = items_of(session, edition)[0].article_id
    editor = newsroom.acting_as("li")
    words = "稿件内容失实，特此声明。"
    made = correct_edition(editor, edition, kind=CorrectionKind.RETRACTION, words=words, articles=[article])
    approve_edition(newsroom.acting_as("wang"), made.edition.id or 0)
    return made.edition.id or 0


def test_what_the_gateway_never_had_is_not_sent_after_a_retraction(
    ready: Newsroom, use_gateway: Callable[[ObedientGateway], ObedientGateway]
) -> None:
    gateway = use_gateway(ObedientGateway())
    edition = an_edition_of_two(ready)
    send_edition(ready, edition)
    lost = gateway.messages.pop()
    with ready.writing() as session:
        set_state(session, edition, DeliveryState.UNKNOWN, at=NOON)
        session.commit()
    sign_edition(ready, a_retraction(ready, edition))
    reconciled = reconcile_edition(ready, edition)
    assert (reconciled.stage, reconciled.ledger["cancelled"], reconciled.ledger["queued"]) == ("sent", 1, 0)
    (row,) = (row for row in rows(ready, edition) if row.state == DeliveryState.CANCELLED)
    assert (row.number_key, row.reason) == (lost.number_key, "retracted")
    assert send_edition(ready, edition).was_finished
    assert len(gateway.messages) == MEMBERS - 1


def test_a_sending_reopened_is_not_resumed_after_a_retraction(
    ready: Newsroom, use_gateway: Callable[[ObedientGateway], ObedientGateway]
) -> None:
    gateway = use_gateway(ObedientGateway())
    edition = an_edition_of_two(ready)
    send_edition(ready, edition)
    retraction = a_retraction(ready, edition)
    gateway.messages.pop()
    with ready.writing() as session:
        set_state(session, edition, DeliveryState.UNKNOWN, at=NOON)
        session.commit()
    assert reconcile_edition(ready, edition).stage == "sending", "nothing is taken back yet: what is absent may wait"
    sign_edition(ready, retraction)
    with pytest.raises(RefusedError, match="has been retracted"):
        send_edition(ready, edition)
    assert len(gateway.messages) == MEMBERS - 1
    assert reconcile_edition(ready, edition).ledger["cancelled"] == 1


def test_a_retraction_signed_while_the_text_goes_out_stops_it(
    ready: Newsroom, use_gateway: Callable[[ObedientGateway], ObedientGateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "claim_limit", lambda *_: 4)
    gateway = use_gateway(ObedientGateway())
    edition = an_edition_of_two(ready)
    send_edition(ready, edition)
    retraction = a_retraction(ready, edition)
    gateway.messages.clear()
    with ready.writing() as session:
        set_state(session, edition, DeliveryState.UNKNOWN, at=NOON)
        session.commit()
    reconcile_edition(ready, edition)

    def sign_after_the_first(message: Message) -> Outcome:
        if len(gateway.messages) == 1:
            sign_edition(ready, retraction)
        return accepted(message.reference)

    gateway.answer = sign_after_the_first
    report = send_edition(ready, edition)
    assert (len(gateway.messages), report.stage) == (4, "sent")
    assert (report.ledger["accepted"], report.ledger["cancelled"]) == (4, MEMBERS - 4)
