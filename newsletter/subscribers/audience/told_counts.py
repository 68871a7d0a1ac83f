"""Counting a saved audience for somebody at the desk: for which paper, and as much of it as they may know."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.newsroom import Newsroom
from newsletter.organisation.papers import MAIN_PAPER, get_paper
from newsletter.organisation.scope import visible_unit_ids
from newsletter.subscribers.audience.audiences import count_audience, get_visible_audience, newest_definition
from newsletter.subscribers.audience.breakdown import GroupCount, Trait, count_groups
from newsletter.subscribers.audience.discretion import ToldCount, tell_all, tell_register


@dataclass(frozen=True, kw_only=True)
class DeskCount:
    """What ``audience count`` answers.

    Attributes:
        name, version: the audience, and which of its meanings was counted.
        told: the count.
        by: the traits asked for; groups: the people alike in them; reachable: of each, None where that is not told.
    """

    name: str
    version: int
    told: ToldCount
    by: tuple[Trait, ...]
    groups: Sequence[GroupCount]
    reachable: Sequence[int | None]


def count_for_desk(newsroom: Newsroom, name: str, *, paper: str | None, by: Sequence[Trait] = ()) -> DeskCount:
    """Count an audience as it is now.

    Raises:
        UnknownAudienceError, UnknownPaperError: looked up in vain.
        NotVisibleError: it reaches beyond the acting person's units.
    """
    with newsroom.reading() as session:
        saved = get_visible_audience(session, newsroom, name)
        definition = newest_definition(session, saved)
        paper_id = get_paper(session, paper or MAIN_PAPER).id or 0
        sees_all = visible_unit_ids(session, newsroom) is None
        asked = {"require_consent": newsroom.settings.privacy.require_consent}
        counted = count_audience(session, definition, paper_id, **asked)
        groups = count_groups(session, definition, paper_id, by, **asked) if by else []
    return DeskCount(
        name=saved.name,
        version=saved.version,
        told=tell_all(counted) if sees_all else tell_register(counted),
        by=tuple(by),
        groups=groups,
        reachable=[group.reachable if sees_all else None for group in groups],
    )
