"""A branch's form as a workbook: filled in, its first sheet is a list that ``subscribers census`` takes."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple

from newsletter.subscribers.branch_forms import BranchForm, FormLine
from newsletter.subscribers.form_words import CHANNELS, CORRECTIONS, NO, STANDINGS, YES
from newsletter.subscribers.labels import PROFESSION_LABELS

#: What no sheet's name may hold, and how long it may be (Excel's own limits).
_BAD_NAME: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_NAME: Final = 31
#: Empty lines, with the same choices, for whoever is missing on the form.
BLANK_LINES: Final = 30
#: Characters Excel takes in a page's header or footer; a unit's name is cut to fit.
_LONGEST_HEADER: Final = 255
_LONGEST_TITLE: Final = 60
_TEXT: Final = "@"


class _Column(NamedTuple):
    """A column: heading, width in characters, what may be chosen in it, and what is told when a cell is entered."""

    heading: str
    width: int
    choices: tuple[str, ...] = ()
    advice: str = ""


_COLUMNS: Final = (
    _Column("姓名", 16),
    _Column("手机号", 14, advice="11位手机号；没有手机号的留空"),
    _Column("身份", 12, tuple(STANDINGS.values())),
    _Column("职业", 18, tuple(PROFESSION_LABELS.values())),
    _Column("流动", 7, (YES, NO)),
    _Column("离退休", 7, (YES, NO)),
    _Column("现居住地", 22, advice="流动党员填现居住的省、市、区"),
    _Column("大字版", 7, (YES, NO)),
    _Column("接收方式", 12, tuple(CHANNELS.values())),
    _Column(CORRECTIONS, 26, advice="转出、去世的在此注明，并删去其姓名和手机号所在的整行"),
)


def make_form_workbook(forms: Sequence[BranchForm], *, newsroom: str, day: date) -> bytes:
    """The whole file, a sheet a branch; same forms, same day: same bytes."""
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"created": datetime.combine(day, time())})
        heading = book.add_format(
            {"bold": True, "bg_color": "#EEEEEE", "border": 1, "align": "center", "valign": "vcenter"}
        )
        # As text: a spreadsheet would make a number of a telephone number, and a date of much else.
        cell = book.add_format({"num_format": _TEXT, "border": 1, "valign": "vcenter", "text_wrap": True})
        names: set[str] = set()
        for form in forms:
            page = book.add_worksheet(_sheet_name(form, names))
            _write_form(page, form, heading, cell)
            _dress(page, form, newsroom, day)
    return stream.getvalue()


def _write_form(page: Any, form: BranchForm, heading: Any, cell: Any) -> None:
    last = len(form.lines) + BLANK_LINES
    for place, column in enumerate(_COLUMNS):
        page.write_string(0, place, column.heading, heading)
        page.set_column(place, place, column.width)
        if column.choices:
            page.data_validation(1, place, last, place, {"validate": "list", "source": list(column.choices)})
        elif column.advice:
            page.data_validation(1, place, last, place, {"validate": "any", "input_message": column.advice})
    for row in range(1, last + 1):
        cells = _cells(form.lines[row - 1]) if row <= len(form.lines) else ()
        for place in range(len(_COLUMNS)):
            text = cells[place] if place < len(cells) else ""
            if text:
                page.write_string(row, place, text, cell)
            else:
                page.write_blank(row, place, None, cell)


def _cells(line: FormLine) -> tuple[str, ...]:
    return (
        line.name,
        line.number,
        STANDINGS.get(line.standing, ""),
        PROFESSION_LABELS.get(line.profession, ""),  # type: ignore[call-overload]
        YES if line.mobile else NO,
        YES if line.retired else NO,
        line.place,
        YES if line.large_type else NO,
        CHANNELS.get(line.channel, ""),
    )


def _dress(page: Any, form: BranchForm, newsroom: str, day: date) -> None:
    """How it prints: what stands above and below every page is no row, so that the sheet stays a list."""
    page.freeze_panes(1, 2)
    page.repeat_rows(0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=1.0, bottom=1.0)
    title = f"{_plain(form.name)[:_LONGEST_TITLE]}党员信息核对表"
    totals = f"共{len(form.lines)}人，其中无手机号{form.without_number}人"
    page.set_header(f'&C&"宋体,加粗"&16{title}\n&10{totals}'[:_LONGEST_HEADER])
    who = f"{_plain(newsroom)[:_LONGEST_TITLE]} {day.isoformat()}"
    signed = "核对人（签字）：            支部书记（签字）：            日期：    年  月  日"
    page.set_footer(f"&L{signed}\n{who}&R第&P页 共&N页"[:_LONGEST_HEADER])


def _plain(text: str) -> str:
    # An ampersand begins a command of the header; two are one.
    return " ".join(text.split()).replace("&", "&&")


def _sheet_name(form: BranchForm, taken: set[str]) -> str:
    """The branch's name as a sheet's, once each; several of one name have their codes behind it."""
    name = form.name.translate(_BAD_NAME).strip()[:_LONGEST_NAME] or form.code.translate(_BAD_NAME)[:_LONGEST_NAME]
    count = 1
    unique = name
    while unique.casefold() in taken:
        count += 1
        suffix = f" {form.code}" if count == 2 else f" {count}"  # noqa: PLR2004 (the second of its name)
        suffix = suffix.translate(_BAD_NAME)
        unique = f"{name[: max(1, _LONGEST_NAME - len(suffix))]}{suffix}"[:_LONGEST_NAME]
    taken.add(unique.casefold())
    return unique
