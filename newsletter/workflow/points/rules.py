"""What an article's uses earn, whom, and on which day. Pure: no clock, no database.

Uses are gone through day by day. Within a group only what goes beyond the best so far is earned, so that a later,
better use adds the difference on its own day and leaves the days before as they were. Reprints and retracted
articles earn nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from newsletter.workflow.points.kinds import Source, group_of


@dataclass(frozen=True, kw_only=True)
class Use:
    """Something that happened to an article.

    Attributes:
        ref: the record that tells it, as ``edition:3`` or ``event:7``.
        worth: hundredths, before shares.
        place: of a best of the period, from 1; else 0.
    """

    article: int
    ref: str
    day: date
    source: Source
    worth: int
    is_lead: bool = False
    is_reprint: bool = False
    place: int = 0
    outlet: str = ""


@dataclass(frozen=True)
class Author:
    """One of an article's bylines."""

    contributor: int
    unit: int


@dataclass(frozen=True, kw_only=True)
class ArticleFacts:
    """What the rules must know of an article; ``authors`` in the order of the byline."""

    article: int
    authors: tuple[Author, ...]
    is_retracted: bool = False


@dataclass(frozen=True, kw_only=True)
class Award:
    """Points of one author for one use, as the ledger keeps them.

    Attributes:
        contributor, article: None where a unit as a whole loses points.
        rule: what was applied, as ``item lead 1/3``: the source, how it was used, the author's share, and why it earned
            less than it is worth: ``retracted``, ``reprint``, ``counted`` before, or the ``difference`` to what was.
        points: hundredths; negative where they are taken away; 0 where the use earned nothing.
    """

    ref: str
    contributor: int | None
    unit: int
    article: int | None
    day: date
    rule: str
    points: int

    @property
    def source(self) -> Source:
        """What earned the points."""
        return Source(self.rule.partition(" ")[0])


def award_article(facts: ArticleFacts, uses: Iterable[Use]) -> Iterator[Award]:
    """What every author of one article earns by each of its uses, day by day; useless ones are there with 0."""
    if not facts.authors:
        return
    best: dict[str, int] = {}
    for use in sorted(uses, key=_order):
        group = group_of(use.source)
        so_far = best.get(group, 0)
        counts = not (use.is_reprint or facts.is_retracted)
        earned = max(0, use.worth - so_far) if counts else 0
        best[group] = so_far + earned
        rule = _describe(use, facts, earned)
        shares = split_points(earned, len(facts.authors))
        for author, share in zip(facts.authors, shares, strict=True):
            yield Award(
                ref=use.ref,
                contributor=author.contributor,
                unit=author.unit,
                article=use.article,
                day=use.day,
                rule=rule,
                points=share,
            )


def split_points(points: int, count: int) -> list[int]:
    """Equal shares in whole hundredths; what cannot be divided goes to the first."""
    share, rest = divmod(points, count)
    return [share + rest, *([share] * (count - 1))]


def award_quota(*, unit: int, ref: str, day: date, missed: int, each: int, most: int) -> Award:
    """What a unit loses for the articles its quota lacked, at most ``most`` hundredths."""
    return Award(
        ref=ref,
        contributor=None,
        unit=unit,
        article=None,
        day=day,
        rule=f"{Source.QUOTA} ×{missed}",
        points=-min(missed * each, most),
    )


def _order(use: Use) -> tuple[date, int, tuple[str, int]]:
    """By day; on one day the best first, so that the others show as counted already."""
    kind, _colon, number = use.ref.partition(":")
    return use.day, -use.worth, (kind, int(number))


def _describe(use: Use, facts: ArticleFacts, earned: int) -> str:
    count = len(facts.authors)
    words: Sequence[str] = (
        str(use.source),
        f"no.{use.place}" if use.place else "",
        "lead" if use.is_lead else "",
        f"1/{count}" if count > 1 else "",
        _why_less(use, facts, earned),
    )
    return " ".join(word for word in words if word)


def _why_less(use: Use, facts: ArticleFacts, earned: int) -> str:
    """One word on why a use earned nothing, or only what goes beyond an earlier one; empty if it earned all."""
    if facts.is_retracted:
        return "retracted"
    if use.is_reprint:
        return "reprint"
    if earned == use.worth:
        return ""
    return "difference" if earned else "counted"
