"""``subscribers import``: bringing members in from a list."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newsletter.commands.options import DONE_IN_PART, JsonOption
from newsletter.commands.output import note, print_lines, progress_bar, warn
from newsletter.commands.session import open_newsroom
from newsletter.commands.subscribers import subscribers
from newsletter.translation import gettext as _
from newsletter.translation import join_words, mark

if TYPE_CHECKING:
    from newsletter.subscribers.lists.importing import ImportResult

#: Rejected rows shown to a person; all of them are in ``--rejects`` and ``--json``.
_SHOWN_REJECTS: Final = 20
#: What the JSON document says, in this order; the rejected rows come last.
_COUNTS: Final = ("read", "added", "updated", "unchanged", "rejected", "suppressed")

RejectsOption = Annotated[
    Path | None,
    typer.Option("--rejects", metavar="FILE", help=mark("Write the rejected rows to this .xlsx or .csv file.")),
]
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", help=mark("Which field a column with another heading is.")),
]
SheetOption = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help=mark("The sheet of a workbook that has several."))
]


def mount(_app: typer.Typer) -> None:
    """Put this command among those of ``subscribers``."""
    subscribers.command("import")(import_file)


def import_file(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=mark("An .xlsx workbook, or CSV in UTF-8, GB18030 or UTF-16."))
    ],
    sheet: SheetOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=mark("Check the file and change nothing in the newsroom."))
    ] = False,
    rejects: RejectsOption = None,
    mapping: MapOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import subscribers from a list: good rows are kept, bad ones are told line by line."""
    from newsletter.subscribers.lists.importing import import_subscribers

    newsroom = open_newsroom(context)
    with progress_bar(context, _("Importing")) as progress:
        result = import_subscribers(
            newsroom, file, mapping=mapping or [], sheet=sheet, rejects=rejects, is_dry=dry_run, progress=progress
        )
    _warn(file, result)
    if as_json:
        _write_json(result)
    else:
        _print_import(context, file, result, is_dry=dry_run, has_rejects_file=rejects is not None)
    if result.rejected:
        raise typer.Exit(DONE_IN_PART)


def _warn(file: Path, result: "ImportResult") -> None:
    if result.unknown_columns:
        columns = join_words(result.unknown_columns)
        warn(_("{file}: these columns are not known and were left out: {columns}.").format(file=file, columns=columns))
    if result.other_sheets:
        sheets = join_words(result.other_sheets)
        message = _("{file}: these sheets look like lists too and were not read; name each by --sheet: {sheets}.")
        warn(message.format(file=file, sheets=sheets))


def _write_json(result: "ImportResult") -> None:
    """The JSON document, its rejected rows one after the other: there may be a million."""
    document: dict[str, Any] = {name: getattr(result, name) for name in _COUNTS}
    head, tail = json.dumps({**document, "rejects": []}, indent=1).rsplit("[]", 1)
    sys.stdout.write(head + "[")
    separator = "\n  "
    for reject in result.rejects:
        sys.stdout.write(separator + json.dumps(reject._asdict(), ensure_ascii=False))
        separator = ",\n  "
    sys.stdout.write(("\n ]" if result.rejected else "]") + tail + "\n")


def _print_import(
    context: typer.Context, file: Path, result: "ImportResult", *, is_dry: bool, has_rejects_file: bool
) -> None:
    for reject in result.rejects[:_SHOWN_REJECTS]:
        sentence = _("{file}, line {line}, {field}: {message}") if reject.field else _("{file}, line {line}: {message}")
        print_lines(sentence.format(file=file, line=reject.line, field=reject.field, message=reject.message))
    hidden = result.rejected - _SHOWN_REJECTS
    if hidden > 0:
        print_lines(_("… and {count} more rejected rows.").format(count=hidden))
    counts = {name: getattr(result, name) for name in _COUNTS}
    sentence = _("{read} rows read: {added} added, {updated} updated, {unchanged} unchanged, {rejected} rejected.")
    if result.suppressed is not None:
        sentence = _(
            "{read} rows read: {added} added, {updated} updated, {unchanged} unchanged, {rejected} rejected;"
            " {suppressed} are on numbers that opted out."
        )
    print_lines(sentence.format(**counts))
    if is_dry:
        note(context, _("This was a dry run; nothing was changed."))
    elif result.rejected and not has_rejects_file:
        note(context, _("To get the rejected rows as a file to mend: --rejects FILE.xlsx"))
