"""Sending notices to contributors: as editions are sent, with the intent committed before each call, never twice."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from newsletter.delivery.gateways.opening import open_gateway
from newsletter.delivery.gateways.port import Gateway, Message, Outcome
from newsletter.delivery.lock import SenderLock, sole_sender
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.notice_records import (
    ClaimedNotice,
    claim_notices,
    record_notice_outcomes,
    settle_unclear_notices,
)
from newsletter.delivery.pacing import OutsideWindowError, Pacer, claim_limit, raise_if_outside_window
from newsletter.delivery.receipts import take_receipts
from newsletter.delivery.references import write_notice_reference
from newsletter.delivery.replies import take_replies
from newsletter.errors import OutsideError
from newsletter.journal.statements import prove_identity
from newsletter.newsroom import Newsroom, Progress
from newsletter.translation import gettext as _
from newsletter.workflow.contributing.outbox import count_waiting, notice_totals, require_notices_right
from newsletter.workflow.contributing.wording import MOST_PARTS

#: What the gateway is told instead of an edition's number.
NO_EDITION: Final = 0
#: Notices claimed at once, so that an opt-out is heard soon.
_CLAIMED_AT_ONCE: Final = 50


@dataclass(frozen=True, kw_only=True)
class NoticesSent:
    """What a sending of notices came to.

    Attributes:
        handed_over: notices given to the gateway this time.
        troubled: those of them that it refused, or of which it is not known whether it has them.
        waiting: notices that still wait.
        totals: all notices ever, by state.
        closed: why none may leave at this hour; empty: they may.
    """

    handed_over: int
    troubled: int
    waiting: int
    totals: dict[str, int]
    closed: str


def send_notices(newsroom: Newsroom, *, progress: Progress = lambda _done, _total: None) -> NoticesSent:
    """Hand over what ``queue_notices`` wrote down; run again, it looks up what is unclear and resumes.

    Outside the sending window everything waits, and that is no error: it is run by the clock.

    Raises:
        NoRightError: the acting person is neither editor, issuer nor operator of the whole newsroom.
        SenderBusyError: another sender is at work.
        OutsideError: the gateway, or the key that hides numbers, cannot be used.
    """
    with newsroom.reading() as session:
        require_notices_right(session, newsroom)
        prove_identity(session, newsroom)
    gateway = open_gateway(newsroom)
    closed = ""
    try:
        with sole_sender(newsroom) as lock:
            take_replies(newsroom, gateway)
            settle_unclear_notices(newsroom, gateway)
            run = _Run(newsroom, gateway, lock, progress)
            try:
                asyncio.run(run.work())
            except OutsideWindowError as error:
                closed = error.message
            # What was answered unclearly is looked up at once; what the gateway never had waits for the next call.
            settle_unclear_notices(newsroom, gateway)
            take_receipts(newsroom, gateway)
    finally:
        gateway.close()
    return _report(newsroom, run.outcomes, closed)


def _report(newsroom: Newsroom, outcomes: Sequence[Outcome], closed: str) -> NoticesSent:
    with newsroom.reading() as session:
        totals, waiting = notice_totals(session), count_waiting(session)
    troubled = sum(outcome.state is not DeliveryState.ACCEPTED for outcome in outcomes)
    return NoticesSent(
        handed_over=len(outcomes), troubled=troubled, waiting=waiting, totals=totals, closed=closed if waiting else ""
    )


class _Run:
    """One run over the waiting notices; ``outcomes`` are the gateway's answers."""

    def __init__(self, newsroom: Newsroom, gateway: Gateway, lock: SenderLock, progress: Progress) -> None:
        self._newsroom, self._gateway, self._lock, self._progress = newsroom, gateway, lock, progress
        rate = newsroom.settings.sending.parts_per_second
        self._limit = min(_CLAIMED_AT_ONCE, claim_limit(rate, MOST_PARTS))
        self._pacer = Pacer(rate, MOST_PARTS)
        self.outcomes: list[Outcome] = []

    async def work(self) -> None:
        """Claim, hand over and record until none waits, or the hour is over."""
        while True:
            raise_if_outside_window(self._newsroom, self._newsroom.now())
            self._lock.prove()
            claimed = self._claim()
            if not claimed:
                return
            outcomes = await asyncio.gather(*map(self._hand_over, claimed))
            self._record(claimed, outcomes)
            self.outcomes += outcomes
            self._progress(len(self.outcomes), None)
            if all(outcome.state is DeliveryState.UNKNOWN for outcome in outcomes):
                raise OutsideError(
                    _("The gateway answered nothing clear for {count} messages.").format(count=len(claimed)),
                    hint=_("Run the same command again: it looks up what the gateway has and resumes."),
                )

    def _claim(self) -> list[ClaimedNotice]:
        with self._newsroom.writing() as session:
            if not count_waiting(session):
                return []
            newsroom = self._newsroom
            claimed = claim_notices(session, newsroom, limit=self._limit, at=newsroom.now())
            session.commit()
        return claimed

    async def _hand_over(self, notice: ClaimedNotice) -> Outcome:
        if notice.number is None:
            return Outcome(state=DeliveryState.FAILED, code="unreadable")
        message = Message(
            reference=write_notice_reference(notice.id),
            edition=NO_EDITION,
            number=notice.number,
            number_key=notice.number_key,
            text=notice.text,
        )
        await self._pacer.wait_turn()
        try:
            return await self._gateway.send(message)
        except OutsideError as error:
            return Outcome(state=DeliveryState.UNKNOWN, code=error.code)

    def _record(self, claimed: Sequence[ClaimedNotice], outcomes: Sequence[Outcome]) -> None:
        answers = zip((notice.id for notice in claimed), outcomes, strict=True)
        with self._newsroom.writing() as session:
            record_notice_outcomes(session, answers, at=self._newsroom.now())
            session.commit()
