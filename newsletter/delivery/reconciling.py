"""Reconciling: what the gateway knows of an edition, held against the ledger; what it never had waits again."""

from dataclasses import dataclass

from newsletter.delivery.finishing import finish_sending, reopen_sending
from newsletter.delivery.gateways.opening import open_gateway
from newsletter.delivery.ledger import ledger_totals
from newsletter.delivery.lock import sole_sender
from newsletter.delivery.receipts import take_receipts
from newsletter.delivery.takeover import settle_unclear_rows
from newsletter.delivery.withdrawing import cancel_if_retracted
from newsletter.editions.records import get_edition
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.workflow.edition_stages import EditionVerb, advance_edition


@dataclass(frozen=True)
class Reconciled:
    """What reconciling came to: receipts taken in, unclear rows looked up, the ledger after it."""

    edition: int
    receipts: int
    looked_up: int
    stage: str
    ledger: dict[str, int]


def reconcile_edition(newsroom: Newsroom, edition_id: int) -> Reconciled:
    """Take in receipts and look up every unclear row of an edition.

    What the gateway never had waits to be sent again, unless the edition was taken back: then it ends cancelled.

    Raises:
        UnknownEditionError: no such edition.
        EditionStageError: nothing of it was sent.
        NoRightError: the acting person is no issuer of its unit.
        SenderBusyError: a sender is at work.
    """
    with newsroom.reading() as session:
        edition = get_edition(session, edition_id)
        require_right(session, newsroom, Right.RECONCILE, edition.unit_id)
        advance_edition(edition_id, edition.stage, EditionVerb.RECONCILE)
    gateway = open_gateway(newsroom)
    try:
        with sole_sender(newsroom):
            reopen_sending(newsroom, edition_id)
            receipts = take_receipts(newsroom, gateway)
            looked_up = settle_unclear_rows(newsroom, gateway, edition_id)
            receipts += take_receipts(newsroom, gateway)
            with newsroom.writing() as session:
                cancel_if_retracted(session, edition_id, at=newsroom.now())
                session.commit()
            finish_sending(newsroom, edition_id)
    finally:
        gateway.close()
    with newsroom.reading() as session:
        stage, totals = get_edition(session, edition_id).stage, ledger_totals(session, edition_id)
    return Reconciled(edition_id, receipts, looked_up, stage, totals)
