"""Whatever happens between planning and the last receipt: nobody twice, nobody forgotten, nobody who left."""

import asyncio
import contextlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from newsletter.database import open_engine, sqlite_url
from newsletter.delivery import planning
from newsletter.delivery.claiming import Claim, close_batch
from newsletter.delivery.gateways.port import Message, Outcome
from newsletter.delivery.models import FINAL_STATES, DeliveryState
from newsletter.delivery.receipts import take_receipts
from newsletter.delivery.recording import record_outcomes
from newsletter.delivery.references import write_reference
from newsletter.delivery.takeover import settle_unclear_rows
from newsletter.errors import OutsideError
from newsletter.newsroom import DATABASE_FILE, Newsroom, open_newsroom
from newsletter.subscribers.leaving.optouts import record_opt_in, record_opt_out
from newsletter.subscribers.models import Status, Subscriber
from tests.delivery.conftest import EDITION, MEMBERS
from tests.delivery.editions import number_keys
from tests.delivery.gateways import NOON, ObedientGateway, accepted
from tests.delivery.ledgers import claim, plan, rows, states

#: Small batches, so that some stay half worked off.
BATCH = 5
PEOPLE = st.integers(0, MEMBERS - 1)
#: What may come of one hand-over; of the last two, the gateway has the message in the first only.
ANSWERS = st.sampled_from(["accepted", "failed", "unknown", "unclear and there", "unclear and absent"])
#: How many messages a sender hands over before it dies; None: it lives.
DEATHS = st.one_of(st.none(), st.integers(0, BATCH))
SAID = st.sampled_from(
    [
        DeliveryState.ACCEPTED,
        DeliveryState.SENT,
        DeliveryState.DELIVERED,
        DeliveryState.UNDELIVERED,
        DeliveryState.FAILED,
    ]
)


class LedgerMachine(RuleBasedStateMachine):
    """A sender that may die at any point, a gateway that may answer anything, readers who leave and come back."""

    ready: Newsroom

    def __init__(self) -> None:
        super().__init__()
        self.directory = Path(tempfile.mkdtemp(prefix="ledger-"))
        shutil.copy(self.ready.directory / DATABASE_FILE, self.directory)
        engine = open_engine(sqlite_url(self.directory / DATABASE_FILE))
        self.newsroom = replace(self.ready, directory=self.directory, engine=engine)
        self.keys = number_keys(self.newsroom)
        self.gateway = ObedientGateway()
        self.claimed: Claim | None = None
        self.gone: set[str] = set()
        self.ended: dict[str, str] = {}

    @initialize()
    def begin(self) -> None:
        with patch.object(planning, "BATCH_ROWS", BATCH):
            assert plan(self.newsroom, EDITION) == MEMBERS

    @precondition(lambda self: self.claimed is None)
    @rule(limit=st.integers(1, BATCH))
    def claim(self, limit: int) -> None:
        self.claimed = claim(self.newsroom, EDITION, limit=limit)
        if self.claimed is not None:
            assert len(self.claimed.rows) <= limit
            assert not self.gone & {row.number_key for row in self.claimed.rows}, "suppression was committed before"

    @precondition(lambda self: self.claimed is not None)
    @rule(answers=st.lists(ANSWERS, min_size=BATCH, max_size=BATCH), dies_after=DEATHS, is_overtaken=st.booleans())
    def hand_over(self, answers: list[str], dies_after: int | None, is_overtaken: bool) -> None:
        """May die after some messages, or all of them; a receipt may be quicker than the record."""
        claimed, self.claimed = self.claimed, None
        assert claimed is not None
        outcomes = [
            (row.subscriber_id, self._ask(claimed.batch, row.subscriber_id, row.number_key, answer))
            for row, answer in list(zip(claimed.rows, answers, strict=False))[:dies_after]
        ]
        if is_overtaken and self.gateway.messages:
            self.receive([len(self.gateway.messages) - 1], DeliveryState.DELIVERED)
        if dies_after is not None:
            return
        with self.newsroom.writing() as session:
            record_outcomes(session, edition_id=EDITION, batch=claimed.batch, outcomes=outcomes, at=NOON)
            close_batch(session, EDITION, claimed.batch)
            session.commit()

    @precondition(lambda self: self.claimed is None)
    @rule()
    def take_over(self) -> None:
        settle_unclear_rows(self.newsroom, self.gateway, EDITION)

    @precondition(lambda self: self.gateway.messages)
    @rule(places=st.lists(st.integers(0, 10_000), min_size=1, max_size=4), state=SAID)
    def receive(self, places: list[int], state: DeliveryState) -> None:
        for place in places:
            self.gateway.say(self.gateway.messages[place % len(self.gateway.messages)].reference, state)
        take_receipts(self.newsroom, self.gateway)

    @rule(person=PEOPLE)
    def leave(self, person: int) -> None:
        with self.newsroom.writing() as session:
            record_opt_out(session, number_key=self.keys[person], source="reply", at=NOON)
            session.commit()
        self.gone.add(self.keys[person])

    @rule(person=PEOPLE)
    def come_back(self, person: int) -> None:
        with self.newsroom.writing() as session:
            record_opt_in(session, number_key=self.keys[person], source="desk", at=NOON)
            session.commit()
        self.gone.discard(self.keys[person])

    @rule(person=PEOPLE, is_erased=st.booleans())
    def strike_off(self, person: int, is_erased: bool) -> None:
        with self.newsroom.writing() as session:
            subscriber = session.get(Subscriber, person + 1)
            if subscriber is not None and is_erased:
                session.delete(subscriber)
            elif subscriber is not None:
                subscriber.status = Status.LEFT
                session.add(subscriber)
            session.commit()

    @invariant()
    def nobody_got_it_twice(self) -> None:
        counted = Counter(message.number_key for message in self.gateway.messages)
        assert not {key for key, count in counted.items() if count > 1}

    @invariant()
    def nothing_vanishes_and_no_end_is_undone(self) -> None:
        now = states(self.newsroom, EDITION)
        assert len(now) in {0, MEMBERS}
        assert {key: now[key] for key in self.ended} == self.ended
        self.ended = {key: state for key, state in now.items() if state in FINAL_STATES}

    @invariant()
    def what_waits_was_never_handed_over(self) -> None:
        had = {message.number_key for message in self.gateway.messages}
        waiting = {key for key, state in states(self.newsroom, EDITION).items() if state == DeliveryState.QUEUED}
        assert not had & waiting

    def teardown(self) -> None:
        with _removed(self.directory, self.newsroom):
            if rows(self.newsroom, EDITION):
                self._send_the_rest()

    def _send_the_rest(self) -> None:
        self.claimed = None
        self.take_over()
        while (claimed := claim(self.newsroom, EDITION)) is not None:
            self.claimed = claimed
            self.hand_over(["accepted"] * BATCH, None, is_overtaken=False)
        had = {message.number_key for message in self.gateway.messages}
        for key, state in states(self.newsroom, EDITION).items():
            assert state not in {DeliveryState.QUEUED, DeliveryState.CLAIMED}
            excused = state in {DeliveryState.SUPPRESSED, DeliveryState.CANCELLED, DeliveryState.UNKNOWN}
            assert (key in had) != excused or state == DeliveryState.UNKNOWN, (key, state)
        self.nobody_got_it_twice()
        self.nothing_vanishes_and_no_end_is_undone()

    def _ask(self, batch: int, subscriber: int, number_key: str, answer: str) -> Outcome:
        reference = write_reference(EDITION, batch, subscriber)
        message = Message(reference=reference, edition=EDITION, number="+86", number_key=number_key, text="")
        self.gateway.answer = lambda _message: self._answer(answer, reference)
        try:
            outcome = asyncio.run(self.gateway.send(message))
        except OutsideError:
            return Outcome(state=DeliveryState.UNKNOWN)
        return Outcome(state=DeliveryState.UNKNOWN) if answer == "unclear and there" else outcome

    @staticmethod
    def _answer(answer: str, reference: str) -> Outcome:
        if answer == "unclear and absent":
            raise OutsideError("it hung up")
        if answer == "failed":
            return Outcome(state=DeliveryState.FAILED, code="30003")
        return Outcome(state=DeliveryState.UNKNOWN) if answer == "unknown" else accepted(reference)


@contextlib.contextmanager
def _removed(directory: Path, newsroom: Newsroom) -> Iterator[None]:
    try:
        yield
    finally:
        newsroom.engine.dispose()
        shutil.rmtree(directory)


@pytest.mark.slow
def test_the_ledger_keeps_its_promises(founded_ready: Path) -> None:
    environment = {"NEWSLETTER_KEYS_DIR": str(founded_ready / "keys")}
    newsroom = open_newsroom(founded_ready / "newsroom", actor="zhao", environment=environment)
    newsroom.engine.dispose()
    machine = type("Machine", (LedgerMachine,), {"ready": newsroom})
    checks = [HealthCheck.too_slow]
    run_state_machine_as_test(
        machine, settings=settings(max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=checks)
    )
