"""Leaving by a link: recorded at once, put down to the edition that carried it; following it again changes nothing."""

from typing import Final

from newsletter.delivery.attribution import attribute_opt_out
from newsletter.delivery.links import Link
from newsletter.newsroom import Newsroom
from newsletter.subscribers.leaving.optouts import hide_note, moments_of_speaking, read_suppressions, record_opt_out
from newsletter.subscribers.leaving.reasons import ReasonCode
from newsletter.subscribers.models import ALL_PAPERS, OptOutEvent

SOURCE: Final = "link"


def leave_by_link(
    newsroom: Newsroom, link: Link, *, everything: bool, reason: ReasonCode | None = None, note: str = ""
) -> OptOutEvent | None:
    """Record that whoever has this link leaves its paper, or everything; None if they had left that before.

    Args:
        newsroom: nobody need act in it; its data key hides the note.
        link: as ``find_link`` found it.
        everything: all papers, not the link's own only.
        reason: what they chose from the list.
        note: what else they wrote.
    """
    paper_id = ALL_PAPERS if everything or link.is_only_paper else link.paper_id
    with newsroom.writing() as session:
        left = read_suppressions(session, [link.number_key])
        if not left.isdisjoint({(link.number_key, ALL_PAPERS), (link.number_key, paper_id)}):
            return None
        now = moments_of_speaking(session, [link.number_key], newsroom.now())[link.number_key]
        attribution = attribute_opt_out(
            session, newsroom, link.number_key, now, paper_id=paper_id, link_edition_id=link.edition_id
        )
        event = record_opt_out(
            session,
            number_key=link.number_key,
            source=SOURCE,
            at=now,
            paper_id=paper_id,
            reason=reason or "",
            note=hide_note(newsroom.data_keys, link.number_key, note),
            edition_id=attribution.edition_id,
            attribution=attribution.method,
            cell=attribution.cell,
        )
        session.commit()
    return event
