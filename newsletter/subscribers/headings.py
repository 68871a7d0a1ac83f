"""Which column of a file is which field: headings in Chinese or English, in any order, or as ``--map`` says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from newsletter.errors import InputError
from newsletter.subscribers.labels import clean_cell
from newsletter.translation import gettext as _

#: Fields of a subscribers' file, in the order of the documentation.
FIELDS: Final = ("phone", "name", "unit", "region_code", "profession", "standing", "mobile", "retired")
#: Headings besides the fields' own names.
CHINESE_HEADINGS: Final[dict[str, str]] = {
    "手机号": "phone",
    "姓名": "name",
    "单位": "unit",
    "地区代码": "region_code",
    "职业": "profession",
    "身份": "standing",
    "人员类别": "standing",
    "流动": "mobile",
    "离退休": "retired",
}
#: What our own file of rejected rows adds; dropped without a word when that file, mended, is imported.
ERROR_HEADINGS: Final = ("error_line", "error_field", "error_code", "error_message")
#: A heading with so many digits in a row may be somebody's number: such a column is named by its place.
_TELLING: Final = re.compile(r"\d{5}")
_LONGEST_HEADING: Final = 40


@dataclass(frozen=True)
class Headings:
    """A file's first line, understood.

    Attributes:
        width: columns of the file.
        position: field → column, counted from 0; only the fields the file has.
        names: the file's own headings, in its order.
        unknown: columns that are dropped, as they may be named to the user.
    """

    width: int
    position: dict[str, int]
    names: tuple[str, ...]
    unknown: tuple[str, ...]

    def has(self, field: str) -> bool:
        """Whether the file has a column for this field."""
        return field in self.position


def read_mapping(options: Sequence[str]) -> dict[str, str]:
    """``["电话=phone"]`` → ``{"电话": "phone"}``, headings cleaned.

    Raises:
        InputError: no ``=``, or no such field.
    """
    mapping: dict[str, str] = {}
    for option in options:
        column, separator, field = (part.strip() for part in option.rpartition("="))
        if not separator or not column:
            raise InputError(_("--map {option}: write it as column=field.").format(option=option))
        if field not in FIELDS:
            nearest = get_close_matches(field, FIELDS, n=1)
            raise InputError(
                _("--map {option}: there is no field {field}.").format(option=option, field=field),
                hint=_("Did you mean {key}?").format(key=nearest[0])
                if nearest
                else _("Fields: {fields}").format(fields=", ".join(FIELDS)),
            )
        mapping[_clean_heading(column)] = field
    return mapping


def read_headings(cells: Sequence[str], mapping: Mapping[str, str], file: str) -> Headings:
    """Understand the first line of ``file``; ``mapping`` goes before the usual headings.

    Raises:
        InputError: a needed heading is missing, stands twice, or ``mapping`` names one that is not there.
    """
    cleaned = [_clean_heading(cell) for cell in cells]
    for column in mapping:
        if column not in cleaned:
            raise InputError(_("{file}, line 1: there is no column {column}.").format(file=file, column=column))
    position = _positions(cleaned, mapping, file)
    _require_headings(position, file)
    used = set(position.values())
    dropped = [i for i, heading in enumerate(cleaned) if i not in used and heading and heading not in ERROR_HEADINGS]
    unknown = tuple(_public_name(cells[i], i) for i in dropped)
    return Headings(len(cells), position, tuple(cells), unknown)


def _positions(cleaned: Sequence[str], mapping: Mapping[str, str], file: str) -> dict[str, int]:
    position: dict[str, int] = {}
    mapped = set(mapping.values())
    for index, heading in enumerate(cleaned):
        field = mapping.get(heading)
        if field is None:
            usual = heading if heading in FIELDS else CHINESE_HEADINGS.get(heading)
            field = None if usual in mapped else usual
        if field is None:
            continue
        if field in position:
            raise InputError(
                _("{file}, line 1: columns {first} and {second} are both {field}.").format(
                    file=file, first=position[field] + 1, second=index + 1, field=field
                ),
                hint=_("Take one out, or say which: --map column=field"),
            )
        position[field] = index
    return position


def _require_headings(position: Mapping[str, int], file: str) -> None:
    if "phone" not in position:
        hint = _("Name the column of numbers phone or 手机号, or say which it is: --map column=phone")
        if "mobile" in position:
            hint = _("The heading mobile means 流动, away from home; if it holds numbers: --map mobile=phone")
        raise InputError(_("{file}, line 1: the column phone (手机号) is missing.").format(file=file), hint=hint)
    if "unit" not in position and "region_code" not in position:
        raise InputError(
            _("{file}, line 1: the columns unit (单位) and region_code (地区代码) are both missing.").format(file=file),
            hint=_("One of the two is needed; say which column it is: --map column=unit"),
        )


def _clean_heading(cell: str) -> str:
    return "".join(clean_cell(cell).split())


def _public_name(heading: str, index: int) -> str:
    if len(heading) > _LONGEST_HEADING or _TELLING.search(clean_cell(heading)) or not heading.isprintable():
        return _("column {number}").format(number=index + 1)
    return heading.strip()
