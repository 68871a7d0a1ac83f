"""One number's leaving and coming back, shown to whoever may see who left; looking is journalled."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from newsletter.delivery.optout_exports import require_sight
from newsletter.journal.statements import Verb, unlock_key
from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import list_papers
from newsletter.organisation.staff import Staff
from newsletter.subscribers.leaving.optouts import read_note, read_suppressions
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent
from newsletter.subscribers.phones import mask_number, normalise_number
from newsletter.subscribers.privacy.disclosing import check_purpose, journal_disclosure


@dataclass(frozen=True, kw_only=True)
class Departure:
    """One event; ``paper`` is empty for everything, ``by`` for what came without anybody at the desk."""

    kind: str
    at: datetime
    paper: str
    source: str
    keyword: str
    reason: str
    note: str
    edition: int | None
    attribution: str
    effective: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class DepartureHistory:
    """What is known of a number; ``left``: codes of the papers it gets no more, or ``all``."""

    number: str
    left: list[str]
    events: list[Departure]


def show_departures(newsroom: Newsroom, number: str, *, purpose: str) -> DepartureHistory:
    """All that was said on a number of leaving and coming back, oldest first.

    Raises:
        NoRightError: the acting person may not see who left.
        NumberError: it is no mobile number.
        PurposeError, RemarkError: no purpose, or one with a number in it.
    """
    purpose = check_purpose(purpose)
    e164 = normalise_number(number)
    number_key = newsroom.data_keys.number_key(e164)
    unlock_key(newsroom)
    with newsroom.writing() as session:
        require_sight(session, newsroom)
        papers = {paper.id or 0: paper.code for paper in list_papers(session)}
        query = select(OptOutEvent, Staff.name).outerjoin(Staff, col(Staff.id) == col(OptOutEvent.staff_id))
        query = query.where(OptOutEvent.number_key == number_key).order_by(col(OptOutEvent.id))
        events = [_tell(session, newsroom, event, name, papers) for event, name in session.exec(query)]
        left = sorted(paper for _key, paper in read_suppressions(session, [number_key]))
        journal_disclosure(session, newsroom, Verb.REVEAL, subject="optouts", purpose=purpose, count=1)
        session.commit()
    codes = ["all" if paper == ALL_PAPERS else papers.get(paper, "") for paper in left]
    return DepartureHistory(number=mask_number(e164), left=codes, events=events)


def _tell(
    session: Session, newsroom: Newsroom, event: OptOutEvent, name: str | None, papers: dict[int, str]
) -> Departure:
    return Departure(
        kind=event.kind,
        at=event.at,
        paper=papers.get(event.paper_id, ""),
        source=event.source,
        keyword=event.keyword,
        reason=event.reason,
        note=read_note(session, newsroom.data_keys, event),
        edition=event.edition_id,
        attribution=event.attribution,
        effective=event.is_effective,
        by=name or "",
    )
