"""What a code is called in the interface's language."""

from collections.abc import Mapping
from typing import Final

from newsletter.editions.records import edition_kind_label
from newsletter.statistics.dimensions import Dimension
from newsletter.subscribers.leaving.reasons import reason_label
from newsletter.subscribers.words import PROFESSIONS, STANDINGS
from newsletter.translation import gettext as _
from newsletter.translation import mark

YES: Final = "yes"
NO: Final = "no"
#: The code of opt-outs that came without a reason.
NO_REASON: Final = "none"

#: Names of the dimensions, as headings.
DIMENSIONS: Final[Mapping[Dimension, str]] = {
    Dimension.REGION: mark("Region"),
    Dimension.UNIT: mark("Unit"),
    Dimension.PROFESSION: mark("Profession"),
    Dimension.STANDING: mark("Standing"),
    Dimension.MOBILE: mark("On the move"),
    Dimension.RETIRED: mark("Retired"),
    Dimension.EDITION: mark("Edition"),
    Dimension.REASON: mark("Reason"),
    Dimension.MONTH: mark("Month"),
    Dimension.PAPER: mark("Paper"),
    Dimension.KIND: mark("Kind"),
    Dimension.COLUMN: mark("Column (editions that contained it)"),
}
_FLAGS: Final[Mapping[str, str]] = {YES: mark("yes"), NO: mark("no")}
_TABLES: Final[Mapping[Dimension, Mapping[str, str]]] = {
    Dimension.PROFESSION: PROFESSIONS,
    Dimension.STANDING: STANDINGS,
    Dimension.MOBILE: _FLAGS,
    Dimension.RETIRED: _FLAGS,
}


def label_code(dimension: Dimension, code: str) -> str:
    """What a code of this dimension is called; a code nobody named is its own label."""
    if dimension is Dimension.REASON:
        return _("not given") if code == NO_REASON else reason_label(code)
    if not code:
        return _("in no column") if dimension is Dimension.COLUMN else _("not known")
    if dimension is Dimension.KIND:
        return edition_kind_label(code)
    label = _TABLES.get(dimension, {}).get(code)
    return code if label is None else _(label)


def label_suppressed() -> str:
    """What the merged row is called."""
    return _("suppressed (small groups merged)")


def label_edition(*, paper: str, kind: str, number: int, date: object) -> str:
    """What an edition is called where many are listed."""
    return _("{paper}, {kind} no. {number}, {date}").format(
        paper=paper, kind=label_code(Dimension.KIND, kind), number=number, date=date
    )
