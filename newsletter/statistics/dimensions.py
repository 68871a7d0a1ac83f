"""By what statistics can be broken down, and which of it is known only of those who left."""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar, Final

from newsletter.errors import InputError
from newsletter.translation import gettext as _


class Dimension(StrEnum):
    """What ``--by`` takes; the value is also the field's name in JSON and CSV.

    Region is the town (the first nine digits). Unit, region, profession, standing, mobile and retired are the
    person's cell as the edition was planned, of an opt-out that of the delivery it belongs to. Column: the
    editions with it.
    """

    REGION = "region"
    UNIT = "unit"
    PROFESSION = "profession"
    STANDING = "standing"
    MOBILE = "mobile"
    RETIRED = "retired"
    EDITION = "edition"
    REASON = "reason"
    MONTH = "month"
    PAPER = "paper"
    KIND = "kind"
    COLUMN = "column"


#: Known of opt-outs only: deliveries have no reason, so all reasons of a group share its deliveries.
OPT_OUT_ONLY: Final = frozenset({Dimension.REASON})


class UnknownDimensionError(InputError):
    """Statistics cannot be broken down by this."""

    code: ClassVar[str] = "unknown_dimension"


def parse_dimensions(names: Iterable[str]) -> tuple[Dimension, ...]:
    """The dimensions meant, in the order given, each once.

    Raises:
        UnknownDimensionError: the message names the choices.
    """
    return tuple(dict.fromkeys(_parse_dimension(name) for name in names))


def _parse_dimension(name: str) -> Dimension:
    try:
        return Dimension(name.strip().casefold())
    except ValueError as error:
        raise UnknownDimensionError(
            _("Statistics cannot be broken down by {name}.").format(name=name[:40]),
            hint=_("Choose from: {choices}.").format(choices=", ".join(Dimension)),
        ) from error


def shared_dimensions(by: Iterable[Dimension]) -> tuple[Dimension, ...]:
    """Those of ``by`` that deliveries have too: by them deliveries are grouped, and small groups merged."""
    return tuple(dimension for dimension in by if dimension not in OPT_OUT_ONLY)
