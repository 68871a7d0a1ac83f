"""Lists of numbers that must not be written to, another system's or the carrier's, taken in.

They are opt-outs like any other: a number that is out already gets no second event.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from newsletter.delivery.departures import UnknownSourceError, find_paper, read_reason, require_departures
from newsletter.newsroom import Newsroom, Progress
from newsletter.subscribers.leaving.optouts import (
    OptOut,
    hide_note,
    moments_of_speaking,
    read_suppressions,
    record_opt_outs,
)
from newsletter.subscribers.lists.number_lists import ListedNumber, ListResult, take_numbers
from newsletter.subscribers.models import ALL_PAPERS
from newsletter.translation import gettext as _

#: Where a list may come from.
LIST_SOURCES: Final = ("gateway", "carrier", "desk")


def import_opt_outs(
    newsroom: Newsroom,
    path: Path,
    *,
    source: str = "gateway",
    reason: str | None = None,
    paper: str | None = None,
    is_dry: bool = False,
    progress: Progress = lambda _done, _total: None,
) -> ListResult:
    """Record that the numbers of a list are not to be written to, in one transaction.

    They are put down to no edition: the list does not say when they left.

    Args:
        newsroom: its acting person must be an issuer.
        path: the list; of what ``optouts export`` wrote, lines without a number count by their key.
        source: one of ``LIST_SOURCES``.
        reason: as of ``optout``; None: not given.
        paper: code of the one paper left; None: everything.
        is_dry: do all of it and keep nothing.
        progress: told after each chunk.

    Raises:
        InputError: the file, or what is said of it, cannot be used; nothing was recorded.
        NoRightError, UnknownPaperError, OutsideError: nothing was recorded.
    """
    if source not in LIST_SOURCES:
        known = ", ".join(LIST_SOURCES)
        raise UnknownSourceError(_("{source} is not a source; known are {known}.").format(source=source, known=known))
    code, note = read_reason(reason) if reason is not None else ("", "")
    keys = newsroom.data_keys
    with newsroom.writing() as session:
        issuer = require_departures(session, newsroom)
        paper_id, now = find_paper(session, paper), newsroom.now()

        def write(numbers: Sequence[ListedNumber]) -> int:
            out = read_suppressions(session, [found.number_key for found in numbers])
            moments = moments_of_speaking(session, [found.number_key for found in numbers], now)
            new = [key for key, _number in numbers if not {(key, ALL_PAPERS), (key, paper_id)} & out]
            record_opt_outs(
                session,
                [
                    OptOut(
                        number_key=key,
                        source=source,
                        at=moments[key],
                        paper_id=paper_id,
                        reason=code,
                        note=hide_note(keys, key, note),
                        staff_id=issuer.id,
                    )
                    for key in new
                ],
            )
            session.expunge_all()
            return len(new)

        result = take_numbers(newsroom, path, write, progress, takes_keys=True)
        if not is_dry:
            session.commit()
    return result
