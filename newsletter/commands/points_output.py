"""How tables of merit are handed over: on the screen, as CSV, workbook or JSON; shared by the ``points`` reports."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newsletter.commands.output import note, print_json, print_table, warn
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.statistics.merit.prints import Print
    from newsletter.statistics.merit.sheets import Sheet
    from newsletter.workflow.periods import Period

_FORMATS: Final = ("table", "csv", "xlsx", "json")
_ENDINGS: Final = {".csv": "csv", ".xlsx": "xlsx", ".json": "json", ".pdf": "pdf"}

PeriodOption = Annotated[
    str,
    typer.Option("--period", metavar="PERIOD", help=mark("As in 2026, 2026H2, 2026Q4, 2026-11, 2026-W47, 2026-11-21.")),
]
FormOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="|".join(_FORMATS),
        help=mark("The form of the result; of the file where --out is given, by default told by its ending."),
    ),
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=mark("Write to this file."))]


@dataclass(frozen=True)
class Wanted:
    """What goes to the screen (None: nothing) and what to the file, if there is one."""

    screen: str | None
    file: str | None = None
    path: Path | None = None


def choose_forms(form: str | None, out: Path | None, *, as_json: bool, printable: bool = False) -> Wanted:
    """Read ``--format``, ``--out`` and ``--json``; a file's ending tells its form. ``printable``: a PDF can be had.

    Raises:
        InputError: no such form, or forms that contradict each other.
    """
    choices = (*_FORMATS, "pdf") if printable else _FORMATS
    if form is not None and form not in choices:
        raise InputError(
            _("There is no format {format}.").format(format=form[:40]),
            hint=_("Choose from: {choices}.").format(choices=", ".join(choices)),
        )
    if out is not None:
        file = form or _ENDINGS.get(out.suffix.casefold())
        if file in (None, "table") or file not in choices:
            endings = ", ".join(ending for ending, known in _ENDINGS.items() if known in choices)
            raise InputError(
                _("{path}: it is not clear which format to write.").format(path=out),
                hint=_("Let the file's name end in one of {endings}, or add --format.").format(endings=endings),
            )
        return Wanted("json" if as_json else None, file, out)
    if form in ("xlsx", "pdf"):
        raise InputError(
            _("A file of the format {format} needs a name.").format(format=form), hint=_("Give --out FILE.")
        )
    if as_json and form not in (None, "json"):
        raise InputError(
            _("--json and --format {format} contradict each other.").format(format=form),
            hint=_("Leave one out, or write the one to a file with --out."),
        )
    return Wanted("json" if as_json else form or "table")


def hand_over(
    context: typer.Context,
    wanted: Wanted,
    document: dict[str, Any],
    sheets: "Sequence[Sheet]",
    *,
    whole: "Sheet | None" = None,
    period: "Period | None" = None,
) -> None:
    """Print, and write where asked: ``sheets`` to screen and workbook, to CSV ``whole`` if there is one."""
    from newsletter.statistics.merit.sheets import make_csv

    tables = sheets if whole is None else [whole]
    if wanted.path is not None and wanted.file != "pdf":
        write_file(context, wanted.path, _make_file(wanted.file, document, sheets, tables, period))
    if wanted.screen == "json":
        print_json(document)
    elif wanted.screen == "csv":
        typer.echo(make_csv(tables), nl=False)
    elif wanted.screen == "table":
        for sheet in sheets:
            print_table([_(column.heading) for column in sheet.columns], _screen_rows(sheet), title=sheet.name)


def _screen_rows(sheet: "Sheet") -> list[list[object]]:
    """Cells as the screen has them: counts stay numbers, points and rates are set so that their digits align."""
    from newsletter.statistics.merit.sheets import CellKind, show_cell

    columns: list[list[object]] = []
    for place, column in enumerate(sheet.columns):
        cells = [row[place] for row in sheet.rows]
        if column.kind in (CellKind.POINTS, CellKind.RATE):
            shown = [show_cell(column, cell) for cell in cells]
            widest = max(map(len, shown), default=0)
            columns.append([text.rjust(widest) for text in shown])
        else:
            columns.append(list(cells))
    return [list(row) for row in zip(*columns, strict=True)]


def _make_file(
    form: str | None,
    document: dict[str, Any],
    sheets: "Sequence[Sheet]",
    tables: "Sequence[Sheet]",
    period: "Period | None",
) -> bytes:
    if form == "xlsx":
        from newsletter.statistics.merit.workbooks import make_workbook

        return make_workbook(sheets, created=period.end if period else None)
    if form == "csv":
        from newsletter.statistics.merit.sheets import make_csv

        return make_csv(tables)
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def write_file(context: typer.Context, path: Path, data: bytes) -> None:
    """Write a file whole, and say so."""
    from newsletter.files import write_whole

    write_whole(path, data)
    note(context, _("Written: {path}").format(path=path))


def write_print(context: typer.Context, path: Path, printed: "Print") -> None:
    """Write a printed document; warn of characters that no font here can draw."""
    write_file(context, path, printed.data)
    if printed.missing_glyphs:
        warn(
            _("No installed font has these characters: {characters}").format(
                characters=" ".join(printed.missing_glyphs)
            )
        )


def today(newsroom: "Newsroom") -> Any:
    """The day by the newsroom's clock."""
    return newsroom.now().astimezone(newsroom.timezone).date()
