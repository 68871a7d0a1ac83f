"""``subscribers coverage`` and ``subscribers usable``: whom the register reaches, and numbers that work again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from newsletter.commands.options import JsonOption, UnitOption, parse_count
from newsletter.commands.output import note, print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.commands.subscribers import subscribers
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.statistics.coverage.counts import Coverage

_FILES: Final = (".csv", ".xlsx")
#: What a unit's name is moved to the right by for each unit above it.
_INDENT: Final = "  "


def mount(_app: typer.Typer) -> None:
    """Put these commands under ``subscribers``."""
    subscribers.command("coverage")(coverage)
    subscribers.command("usable")(usable)


def coverage(
    context: typer.Context,
    unit: UnitOption = None,
    days: Annotated[
        int,
        typer.Option(
            "--days", metavar="N", parser=parse_count, help=mark("Reached is who got an edition in so many days.")
        ),
    ] = 90,
    by_place: Annotated[
        bool, typer.Option("--by-place", help=mark("Also where members away from home live now, by home unit."))
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=mark("Write to this .csv or .xlsx file."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show, unit by unit, how many of the known members are registered, have a number, and were reached lately."""
    from newsletter.statistics.coverage.counts import count_coverage
    from newsletter.statistics.coverage.sheets import make_coverage_file

    if out is not None and out.suffix.casefold() not in _FILES:
        raise InputError(
            _("{path}: it is not clear which format to write.").format(path=out),
            hint=_("Let the file's name end in .csv or .xlsx."),
        )
    counted = count_coverage(open_newsroom(context), unit=unit, days=days, by_place=by_place)
    if out is not None:
        from newsletter.files import write_whole

        write_whole(out, make_coverage_file(counted, out.suffix.casefold()))
        note(context, _("Written: {path}").format(path=out))
    if as_json:
        print_json(counted.document())
    elif out is None:
        _print_coverage(context, counted)


def _print_coverage(context: typer.Context, counted: "Coverage") -> None:
    from newsletter.statistics.coverage.sheets import coverage_sheets
    from newsletter.statistics.merit.sheets import show_cell

    for sheet in coverage_sheets(counted, indent=_INDENT):
        # Numbers stay numbers where all are, so that the table puts them to the right.
        lines = [
            [
                cell if isinstance(cell, int) else show_cell(column, cell)
                for column, cell in zip(sheet.columns, row, strict=True)
            ]
            for row in sheet.rows
        ]
        print_table([_(column.heading) for column in sheet.columns], lines, title=sheet.name)
    note(context, _("Not reached: no edition was delivered in the last {days} days.").format(days=counted.days))
    if any(row.not_reached is None for row in counted.rows):
        note(context, _("How many were not reached is not told where they are few: they may have left."))
    if counted.places is not None and any(place.place is None for place in counted.places):
        line = _("Places with fewer than {count} members of a unit are merged, with the next smallest.")
        note(context, line.format(count=counted.small_count))


def usable(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=mark("The number that can be written to again."))],
    reason: Annotated[str, typer.Option("--reason", metavar="REASON", help=mark("How the desk knows."))],
    as_json: JsonOption = False,
) -> None:
    """Let a number be written to again that the gateway said could not be."""
    from newsletter.subscribers.audience.usable_again import make_usable
    from newsletter.subscribers.phones import mask_number, normalise_number

    was_unusable = make_usable(open_newsroom(context), number, reason=reason)
    masked = mask_number(normalise_number(number))
    if as_json:
        print_json({"number": masked, "was_unusable": was_unusable})
        return
    sentence = _("{number} will be written to again.") if was_unusable else _("{number} was usable already.")
    print_lines(sentence.format(number=masked))
