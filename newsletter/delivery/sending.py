"""Sending: sign if need be, plan, claim, hand over, record; the same call resumes. Intent is committed before the call.

No transaction of ours is open while the gateway is called: it may take seconds, and nobody else could write.
"""

import asyncio
from collections.abc import Mapping, Sequence

from newsletter.delivery.claiming import Claim, ClaimedRow, claim_rows, close_batch
from newsletter.delivery.finishing import finish_sending
from newsletter.delivery.gateways.opening import open_gateway
from newsletter.delivery.gateways.port import Gateway, Message, Outcome
from newsletter.delivery.ledger import get_dispatch, ledger_totals, waiting_count
from newsletter.delivery.links import write_tokens
from newsletter.delivery.lock import SenderLock, sole_sender
from newsletter.delivery.models import DeliveryState
from newsletter.delivery.pacing import Pacer, claim_limit, raise_if_outside_window
from newsletter.delivery.planning import plan_sending
from newsletter.delivery.preflight import preflight
from newsletter.delivery.receipts import take_receipts
from newsletter.delivery.recording import record_outcomes
from newsletter.delivery.references import write_reference
from newsletter.delivery.replies import take_replies
from newsletter.delivery.send_reports import SendReport, report_sending
from newsletter.delivery.signed_texts import SignedText, signed_texts
from newsletter.delivery.takeover import settle_unclear_rows
from newsletter.delivery.withdrawing import cancel_if_retracted, is_retracted
from newsletter.editions.models import EditionStage, PieceName
from newsletter.editions.records import get_edition, lock_edition
from newsletter.errors import OutsideError
from newsletter.journal.statements import prove_identity
from newsletter.keys import DataKeys, MissingKeyError
from newsletter.newsroom import Newsroom, Progress
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.subscribers.register import raise_if_wrong_key
from newsletter.translation import gettext as _
from newsletter.workflow.edition_stages import EditionVerb, advance_edition
from newsletter.workflow.gates import raise_if_not_shown, sign_edition, verify_approval

#: Messages under way at once.
_CONCURRENCY = 100


def send_edition(
    newsroom: Newsroom,
    edition_id: int,
    *,
    digest: str | None = None,
    rate: float | None = None,
    progress: Progress = lambda _done, _total: None,
) -> SendReport:
    """Send an edition, or resume where it stopped; on a finished one, only report.

    Args:
        newsroom: its acting person signs if that is still to be done, or may send what is signed.
        edition_id: which.
        digest: of what the issuer was shown and agreed to; None: as it stands.
        rate: parts a second; None: as the settings say.
        progress: called with rows worked off and rows in all.

    Raises:
        EditionStageError: it is not approved.
        ChangedSinceError, SamePersonError, RoleLostError, NotApprovedError: it may not leave.
        RetractedArticleError: an article in it was taken back.
        EmptyAudienceError: nobody would get it.
        SenderBusyError: another sender is at work.
        OutsideWindowError: not at this hour.
        OutsideError: the gateway, or the members' key, cannot be used.
    """
    with newsroom.reading() as session:
        edition = get_edition(session, edition_id)
        if edition.stage == EditionStage.SENT:
            return report_sending(newsroom, edition_id, was_finished=True)
        right = Right.SIGN if edition.stage == EditionStage.APPROVED else Right.SEND
        require_right(session, newsroom, right, edition.unit_id)
        # Sending signs nothing if it was signed before; who does it must be who they say all the same.
        prove_identity(session, newsroom)
    raise_if_outside_window(newsroom, newsroom.now())
    # Read before anything is signed or planned: without them nothing could leave.
    keys = newsroom.data_keys
    gateway = open_gateway(newsroom)
    try:
        with sole_sender(newsroom) as lock:
            take_replies(newsroom, gateway)
            if edition.stage == EditionStage.APPROVED:
                sign_edition(newsroom, edition_id, digest=digest)
            texts = _begin(newsroom, edition_id, digest)
            settle_unclear_rows(newsroom, gateway, edition_id)
            run = _Run(newsroom, keys, gateway, lock, edition_id=edition_id, texts=texts, rate=rate, progress=progress)
            asyncio.run(run.work())
            # What the gateway answered unclearly is looked up at once; what it never had waits for the next call.
            settle_unclear_rows(newsroom, gateway, edition_id)
            take_receipts(newsroom, gateway)
            _cancel_if_retracted(newsroom, edition_id)
            finish_sending(newsroom, edition_id)
    finally:
        gateway.close()
    return report_sending(newsroom, edition_id, was_finished=False)


def _begin(newsroom: Newsroom, edition_id: int, digest: str | None) -> dict[str, SignedText]:
    """Verify that the edition may leave; plan it unless it is planned. Return the texts that were signed, by piece."""
    with newsroom.writing() as session:
        edition = lock_edition(session, edition_id)
        sender = require_right(session, newsroom, Right.SEND, edition.unit_id)
        stage = advance_edition(edition_id, edition.stage, EditionVerb.SEND)
        manifest = verify_approval(session, newsroom, edition)
        raise_if_not_shown(session, newsroom, edition, digest)
        texts = signed_texts(session, edition, manifest)
        if get_dispatch(session, edition_id) is None:
            preflight(session, newsroom, edition)
            full = texts.get(PieceName.SMS_FULL)
            plan_sending(
                session,
                newsroom,
                edition,
                part_count=texts[PieceName.SMS].part_count,
                full_part_count=full.part_count if full else None,
                staff_id=sender.id or 0,
            )
        edition.stage = stage
        session.add(edition)
        session.commit()
    return texts


def _cancel_if_retracted(newsroom: Newsroom, edition_id: int) -> None:
    with newsroom.writing() as session:
        cancel_if_retracted(session, edition_id, at=newsroom.now())
        session.commit()


class _Run:
    """One run over an edition's open batches."""

    def __init__(
        self,
        newsroom: Newsroom,
        keys: DataKeys,
        gateway: Gateway,
        lock: SenderLock,
        *,
        edition_id: int,
        texts: Mapping[str, SignedText],
        rate: float | None,
        progress: Progress,
    ) -> None:
        self._newsroom, self._keys, self._gateway, self._lock = newsroom, keys, gateway, lock
        self._edition_id, self._texts = edition_id, texts
        self._parts = {piece: text.part_count for piece, text in texts.items()}
        self._tokens: dict[str, str] = {}
        self._progress = progress
        with newsroom.reading() as session:
            self._paper_id = get_edition(session, edition_id).paper_id
            totals = ledger_totals(session, edition_id)
        self._total = sum(totals.values())
        self._done = self._total - waiting_count(totals)
        parts_each = max(self._parts.values())
        parts_per_second = rate or newsroom.settings.sending.parts_per_second
        self._limit = claim_limit(parts_per_second, parts_each)
        self._pacer = Pacer(parts_per_second, parts_each)

    async def work(self) -> None:
        """Claim, hand over and record until no batch is open, or the hour is over."""
        self._progress(self._done, self._total)
        while True:
            raise_if_outside_window(self._newsroom, self._newsroom.now())
            self._lock.prove()
            claim = self._claim()
            if claim is None:
                return
            outcomes = await self._hand_over_all(claim)
            self._record(claim, outcomes)
            self._done += claim.settled + len(claim.rows)
            self._progress(self._done, self._total)
            if outcomes and all(outcome.state is DeliveryState.UNKNOWN for _subscriber, outcome in outcomes):
                raise OutsideError(
                    _("The gateway answered nothing clear for {count} messages.").format(count=len(claim.rows)),
                    hint=_("Run the same command again: it looks up what the gateway has and resumes."),
                )

    def _claim(self) -> Claim | None:
        with self._newsroom.writing() as session:
            # Read with every claim: a retraction may be signed while the former text is still going out.
            if is_retracted(session, self._edition_id):
                return None
            claim = claim_rows(
                session,
                edition_id=self._edition_id,
                paper_id=self._paper_id,
                limit=self._limit,
                at=self._newsroom.now(),
                require_consent=self._newsroom.settings.privacy.require_consent,
            )
            linked = [row.number_key for row in claim.rows if self._text_of(row).mark] if claim else []
            # With the claim: no message leaves whose link leads nowhere, and none waits for one.
            self._tokens = write_tokens(session, self._keys, self._edition_id, linked)
            session.commit()
        return claim

    def _text_of(self, row: ClaimedRow) -> SignedText:
        return self._texts.get(row.piece, self._texts[PieceName.SMS])

    async def _hand_over_all(self, claim: Claim) -> list[tuple[int, Outcome]]:
        """Hand over a claim's rows, several at once; return each subscriber with what the gateway answered."""
        waiting = iter(claim.rows)
        outcomes: list[tuple[int, Outcome]] = []

        async def work_off() -> None:
            for row in waiting:
                outcomes.append((row.subscriber_id, await self._hand_over(claim.batch, row)))

        await asyncio.gather(*(work_off() for _ in range(min(_CONCURRENCY, len(claim.rows)))))
        return outcomes

    async def _hand_over(self, batch: int, row: ClaimedRow) -> Outcome:
        try:
            number = self._keys.decrypt(row.number, f"number/{row.number_key}")
        except MissingKeyError:
            raise_if_wrong_key(self._newsroom, self._keys)
            return Outcome(state=DeliveryState.FAILED, code="unreadable")
        text = self._text_of(row)
        token = self._tokens.get(row.number_key, "") if text.mark else ""
        if text.mark and not token:
            return Outcome(state=DeliveryState.FAILED, code="link_taken")
        message = Message(
            reference=write_reference(self._edition_id, batch, row.subscriber_id),
            edition=self._edition_id,
            number=number,
            number_key=row.number_key,
            text=text.addressed(token),
            token=token,
            token_at=text.mark.offset if text.mark else 0,
        )
        await self._pacer.wait_turn(self._parts.get(row.piece))
        try:
            return await self._gateway.send(message)
        except OutsideError as error:
            return Outcome(state=DeliveryState.UNKNOWN, code=error.code)

    def _record(self, claim: Claim, outcomes: Sequence[tuple[int, Outcome]]) -> None:
        with self._newsroom.writing() as session:
            record_outcomes(
                session, edition_id=self._edition_id, batch=claim.batch, outcomes=outcomes, at=self._newsroom.now()
            )
            close_batch(session, self._edition_id, claim.batch)
            session.commit()
