"""Which column of a file is which field: headings in Chinese or English, in any order, or as ``--map`` says."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from newsletter.errors import InputError
from newsletter.subscribers.labels import clean_cell
from newsletter.translation import gettext as _

#: Fields of a subscribers' file, in the order of the documentation; the last four are rarely there.
FIELDS: Final = (
    "phone", "name", "unit", "region_code", "profession", "standing", "mobile", "retired",
    "channel", "language", "large_type", "place",
)  # fmt: skip
#: Headings of offices' lists, besides the fields' own names. Not among them, for they mean other things: 工作单位 (who
#: employs them), 职务 (their post), 家庭住址 and 籍贯 (where they are from).
USUAL_HEADINGS: Final[dict[str, tuple[str, ...]]] = {
    "phone": (
        "手机号", "手机", "手机号码", "手机电话", "本人手机", "本人手机号", "本人手机号码", "联系手机", "联系电话",
        "联系方式", "联系号码", "电话", "电话号码", "移动电话", "phonenumber", "mobilenumber", "mobilephone",
        "cellphone", "telephone",
    ),
    "name": ("姓名", "党员姓名", "成员姓名", "fullname"),
    "unit": (
        "单位", "单位名称", "所在单位", "所属单位", "支部", "支部名称", "所在支部", "所属支部", "党支部", "党支部名称",
        "所在党支部", "所属党支部", "党组织", "党组织名称", "所在党组织", "所属党组织", "所在党支部名称", "branch",
    ),
    "region_code": ("地区代码", "地区编码", "区划代码", "行政区划代码", "所在地区代码", "region"),
    "profession": ("职业", "职业类别", "从事职业"),
    "standing": ("身份", "人员类别", "党员类别", "党员身份"),
    "mobile": (
        "流动", "是否流动", "流动党员", "是否流动党员", "是否为流动党员", "是否外出", "是否外出流动", "外出流动",
    ),
    "retired": (
        "离退休", "是否离退休", "是否为离退休", "离退休党员", "是否离退休党员", "是否离退休人员", "退休", "是否退休",
    ),
    "channel": ("接收方式", "接收渠道", "阅读方式"),
    "language": ("语言", "语种"),
    "large_type": ("大字版", "是否大字版", "大字", "largetype", "largeprint"),
    "place": ("现居住地", "现居地", "现住地", "流动地", "流入地", "外出地", "外出地点", "流动去向", "外出去向"),
}  # fmt: skip
#: What offices write behind a heading that does not change what it is, as ``clean_cell`` leaves it. Nothing else may
#: stand there: 手机号(家属) is a relative's.
_REMARKS: Final = ("必填", "必填项", "选填", "11位", "11位数字", "是/否", "填是或否", "全称", "yes/no")
#: What our own file of rejected rows adds; dropped without a word when that file, mended, is imported.
CODE_HEADING: Final = "error_code"
ERROR_HEADINGS: Final = ("error_line", "error_field", CODE_HEADING, "error_message")
#: A heading with so many digits in a row may be somebody's number: such a column is named by its place.
_TELLING: Final = re.compile(r"\d{5}")
_LONGEST_HEADING: Final = 40
_REMARK: Final = re.compile(rf"\((?:{'|'.join(map(re.escape, _REMARKS))})\)$")
_FIELD_OF: Final = {heading: field for field, headings in USUAL_HEADINGS.items() for heading in headings}


@dataclass(frozen=True)
class Headings:
    """A file's line of headings, understood.

    Attributes:
        width: columns of the file.
        position: field → column, counted from 0; only the fields the file has.
        names: the file's own headings, in its order.
        unknown: columns that are dropped, as they may be named to the user.
        is_rejects: whether it is our own file of rejected rows.
        code_at: in such a file, the column that says why.
    """

    width: int
    position: dict[str, int]
    names: tuple[str, ...]
    unknown: tuple[str, ...]
    is_rejects: bool = False
    code_at: int | None = None

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
        mapping[clean_heading(column)] = field
    return mapping


def count_headings(cells: Sequence[str], mapping: Mapping[str, str]) -> int:
    """How many fields' headings stand in a row: the line of headings is the one with the most."""
    found = (clean_heading(cell) for cell in cells)
    return len({field for field in (mapping.get(heading) or usual_field(heading) for heading in found) if field})


def usual_field(heading: str) -> str | None:
    """The field that a cleaned heading means without being told; None: none."""
    plain = _REMARK.sub("", heading.strip("*:"))
    return plain if plain in FIELDS else _FIELD_OF.get(plain)


def read_headings(cells: Sequence[str], mapping: Mapping[str, str], file: str, line: int = 1) -> Headings:
    """Understand the headings on a line of ``file``; ``mapping`` goes before the usual ones.

    Raises:
        InputError: a needed heading is missing, stands twice, or ``mapping`` names one that is not there.
    """
    cleaned = [clean_heading(cell) for cell in cells]
    for column in mapping:
        if column not in cleaned:
            message = _("{file}, line {line}: there is no column {column}.")
            raise InputError(message.format(file=file, line=line, column=column))
    position = _positions(cleaned, mapping, file, line)
    _require_headings(position, file, line)
    used = set(position.values())
    dropped = [i for i, heading in enumerate(cleaned) if i not in used and heading and heading not in ERROR_HEADINGS]
    unknown = tuple(_public_name(cells[i], i) for i in dropped)
    is_rejects = all(heading in cleaned for heading in ERROR_HEADINGS)
    code_at = cleaned.index(CODE_HEADING) if is_rejects else None
    return Headings(len(cells), position, tuple(cells), unknown, is_rejects, code_at)


def _positions(cleaned: Sequence[str], mapping: Mapping[str, str], file: str, line: int) -> dict[str, int]:
    position: dict[str, int] = {}
    mapped = set(mapping.values())
    for index, heading in enumerate(cleaned):
        field = mapping.get(heading)
        if field is None:
            usual = usual_field(heading)
            field = None if usual in mapped else usual
        if field is None:
            continue
        if field in position:
            raise InputError(
                _("{file}, line {line}: columns {first} and {second} are both {field}.").format(
                    file=file, line=line, first=position[field] + 1, second=index + 1, field=field
                ),
                hint=_("Take one out, or say which: --map column=field"),
            )
        position[field] = index
    return position


def _require_headings(position: Mapping[str, int], file: str, line: int) -> None:
    if "phone" not in position:
        hint = _("Name the column of numbers phone or 手机号, or say which it is: --map column=phone")
        if "mobile" in position:
            hint = _("The heading mobile means 流动, away from home; if it holds numbers: --map mobile=phone")
        message = _("{file}, line {line}: the column phone (手机号) is missing.")
        raise InputError(message.format(file=file, line=line), hint=hint)
    if "unit" not in position and "region_code" not in position:
        message = _("{file}, line {line}: the columns unit (单位) and region_code (地区代码) are both missing.")
        raise InputError(
            message.format(file=file, line=line),
            hint=_("One of the two is needed; say which column it is: --map column=unit"),
        )


def clean_heading(cell: str) -> str:
    """A heading as it is compared."""
    return "".join(clean_cell(cell).split())


def _public_name(heading: str, index: int) -> str:
    if len(heading) > _LONGEST_HEADING or _TELLING.search(clean_cell(heading)) or not heading.isprintable():
        return _("column {number}").format(number=index + 1)
    return heading.strip()
