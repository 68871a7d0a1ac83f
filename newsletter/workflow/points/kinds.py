"""For what points are given, and which of it a person records. Pure: no clock, no database."""

from enum import StrEnum
from typing import ClassVar, Final

from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.workflow.rule_book.points_table import PointsTable, to_hundredths
from newsletter.workflow.rule_book.words import find_word, list_words


class Source(StrEnum):
    """What earns points. The first three are uses the editions themselves tell; ``quota`` takes points away."""

    ITEM = "item"
    FEATURE = "feature"
    BRIEF = "brief"
    PAPER = "paper"
    WEBSITE = "website"
    BROADCASTER = "broadcaster"
    PREFECTURE = "taken_up_prefecture"
    PROVINCE = "taken_up_province"
    COMMISSIONED = "commissioned"
    LEADER_COMMENT = "leader_comment"
    BEST = "best_of_period"
    QUOTA = "quota"


#: Uses of a text, of which an article's best one counts (FACTS: "the same article in several editions counts once").
USES: Final = frozenset({Source.ITEM, Source.FEATURE, Source.BRIEF, Source.PAPER, Source.WEBSITE, Source.BROADCASTER})
#: Adopted by another outlet, which must be named.
OUTLETS: Final = frozenset({Source.PAPER, Source.WEBSITE, Source.BROADCASTER})
#: What makes an article an adopted one.
ADOPTING: Final = USES | {Source.PREFECTURE, Source.PROVINCE}
#: What ``points record`` takes; the rest is told by editions and quotas.
RECORDED: Final = tuple(source for source in Source if source not in (Source.ITEM, Source.FEATURE, Source.QUOTA))
#: What offices call them, whatever language the interface speaks; its own labels are taken as well.
_NAMES: Final[dict[Source, tuple[str, ...]]] = {
    Source.BRIEF: ("简讯",),
    Source.PAPER: ("报纸采用", "报纸"),
    Source.WEBSITE: ("网站采用", "网站"),
    Source.BROADCASTER: ("广播电视采用", "广播电视"),
    Source.PREFECTURE: ("地市级采用", "地市采用", "市级采用"),
    Source.PROVINCE: ("省级采用",),
    Source.COMMISSIONED: ("约稿",),
    Source.LEADER_COMMENT: ("领导批示",),
    Source.BEST: ("好稿", "好稿评选"),
}


class UnknownPointKindError(InputError):
    """Points are not recorded for this."""

    code: ClassVar[str] = "unknown_point_kind"


def parse_kind(word: str) -> Source:
    """What ``--kind`` means: a code, hyphens serving as well as underscores, or what offices call it.

    Raises:
        UnknownPointKindError: the hint names the choices.
    """
    found = find_word(word, {kind: (source_label(kind), *_NAMES[kind]) for kind in RECORDED})
    if found is None:
        raise UnknownPointKindError(
            _("No points are recorded for {kind}.").format(kind=word[:40]),
            hint=_("Choose from: {choices}.").format(
                choices=list_words({kind: source_label(kind) for kind in RECORDED})
            ),
        )
    return Source(found)


def group_of(source: Source) -> str:
    """Within a group an article earns its best once: all uses are one, everything else is its own."""
    return "use" if source in USES else str(source)


def worth(table: PointsTable, source: Source, *, rank: int | None = None, is_lead: bool = False) -> int:
    """What a use is worth before shares, in hundredths; ``rank`` is the place of a best of the period, from 1."""
    if source is Source.BEST:
        return to_hundredths(table.best[(rank or 1) - 1])
    points = {
        Source.ITEM: table.item,
        Source.FEATURE: table.mms_feature,
        Source.BRIEF: table.brief,
        Source.PREFECTURE: table.prefecture,
        Source.PROVINCE: table.province,
        Source.COMMISSIONED: table.commissioned,
        Source.LEADER_COMMENT: table.leader_comment,
    }.get(source, table.outlet)
    return to_hundredths(points) * (table.lead_factor if is_lead else 1)


def source_label(source: str) -> str:
    """What earned the points, in the user's language."""
    return {
        Source.ITEM: _("item printed"),
        Source.FEATURE: _("MMS feature"),
        Source.BRIEF: _("short item"),
        Source.PAPER: _("adopted by a newspaper"),
        Source.WEBSITE: _("adopted by a website"),
        Source.BROADCASTER: _("adopted by a broadcaster"),
        Source.PREFECTURE: _("taken up by the prefecture"),
        Source.PROVINCE: _("taken up by the province"),
        Source.COMMISSIONED: _("commissioned"),
        Source.LEADER_COMMENT: _("leader's comment"),
        Source.BEST: _("best of the period"),
        Source.QUOTA: _("quota missed"),
    }[Source(source)]
