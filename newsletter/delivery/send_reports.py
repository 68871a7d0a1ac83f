"""What a sending came to, as its ledger says."""

from dataclasses import dataclass

from newsletter.delivery.ledger import get_dispatch, handed_over_parts, ledger_totals
from newsletter.editions.records import get_edition
from newsletter.newsroom import Newsroom


@dataclass(frozen=True, kw_only=True)
class SendReport:
    """What a sending came to.

    Attributes:
        parts: of all messages handed over.
        was_finished: it had been finished before; nothing was done.
    """

    edition: int
    stage: str
    digest: str
    audience: int
    ledger: dict[str, int]
    parts: int
    was_finished: bool


def report_sending(newsroom: Newsroom, edition_id: int, *, was_finished: bool) -> SendReport:
    """How an edition's sending stands."""
    with newsroom.reading() as session:
        edition = get_edition(session, edition_id)
        dispatch = get_dispatch(session, edition_id)
        totals, parts = ledger_totals(session, edition_id), handed_over_parts(session, dispatch)
    return SendReport(
        edition=edition_id,
        stage=edition.stage,
        digest=edition.digest,
        audience=dispatch.audience_count if dispatch else 0,
        ledger=totals,
        parts=parts,
        was_finished=was_finished,
    )
