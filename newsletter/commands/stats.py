"""``stats``: who left, as a share of those reached, and how the sending of editions went."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from newsletter.commands.options import JsonOption, command_group, parse_id
from newsletter.commands.output import note, print_json, print_table
from newsletter.commands.session import open_newsroom
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.newsroom import Newsroom
    from newsletter.statistics.deliveries import EditionDelivery
    from newsletter.statistics.report import Report, Row

_FORMATS: Final = ("table", "csv", "json")
_FILE_FORMATS: Final = {".csv": "csv", ".json": "json"}
_BY_CHOICES: Final = "region|unit|profession|standing|mobile|retired|edition|reason|month|paper|kind"

stats = command_group(mark("Statistics: who left, when and why; how editions were delivered."))

ByOption = Annotated[
    list[str] | None,
    typer.Option("--by", metavar=_BY_CHOICES, help=mark("Break down by this; may be given several times.")),
]
SinceOption = Annotated[
    str | None, typer.Option("--since", metavar="YYYY-MM-DD", help=mark("The first day, by the newsroom's clock."))
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="YYYY-MM-DD", help=mark("The last day, by the newsroom's clock."))
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="|".join(_FORMATS),
        help=mark("The form of the result; of the file where --out is given, by default told by its ending."),
    ),
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(stats, name="stats")


@stats.command("unsubscribes")
def unsubscribes(
    context: typer.Context,
    by: ByOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    form: FormatOption = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=mark("Write to this file."))] = None,
    as_json: JsonOption = False,
) -> None:
    """Count opt-outs against deliveries.

    Groups in which too few people were delivered to are merged into one row; the total is always shown.
    """
    from newsletter.statistics.dimensions import parse_dimensions
    from newsletter.statistics.period import parse_period
    from newsletter.statistics.unsubscribes import count_unsubscribes

    screen, file = _choose_forms(form, out, as_json=as_json)
    dimensions = parse_dimensions(by or ())
    newsroom = open_newsroom(context)
    period = parse_period(since, until, newsroom.timezone)
    report = count_unsubscribes(newsroom, by=dimensions, period=period)
    if out is not None and file is not None:
        _write_file(context, report, out, file)
    if screen == "csv":
        from newsletter.statistics.sheets import make_csv

        typer.echo(make_csv(report), nl=False)
    elif screen == "json":
        print_json(report.as_document())
    elif screen == "table":
        _print_report(report)
    if screen != "json":
        _explain_report(context, report)


def _choose_forms(form: str | None, out: Path | None, *, as_json: bool) -> tuple[str | None, str | None]:
    """What goes to the screen and what to the file: with a file, nothing else is printed unless ``--json`` asks for it.

    Raises:
        InputError: no such form, or one that does not go together with the rest.
    """
    if form is not None and form not in _FORMATS:
        raise InputError(
            _("There is no format {format}.").format(format=form[:40]),
            hint=_("Choose from: {choices}.").format(choices=", ".join(_FORMATS)),
        )
    if out is None:
        if as_json and form not in (None, "json"):
            raise InputError(
                _("--json and --format {format} contradict each other.").format(format=form),
                hint=_("Leave one out, or write the one to a file with --out."),
            )
        return ("json" if as_json else form or "table"), None
    file = form or _FILE_FORMATS.get(out.suffix.casefold()) or ("json" if as_json else None)
    if file is None or file == "table":
        raise InputError(
            _("{path}: it is not clear which format to write.").format(path=out),
            hint=_("Add --format csv or --format json, or let the file's name end in .csv or .json."),
        )
    return ("json" if as_json else None), file


def _write_file(context: typer.Context, report: "Report", path: Path, form: str) -> None:
    from newsletter.statistics.files import write_whole
    from newsletter.statistics.sheets import make_csv

    if form == "csv":
        data = make_csv(report)
    else:
        data = (json.dumps(report.as_document(), ensure_ascii=False, indent=1) + "\n").encode()
    write_whole(path, data)
    note(context, _("Written: {path}").format(path=path))


def _print_report(report: "Report") -> None:
    from newsletter.statistics.labels import DIMENSIONS
    from newsletter.statistics.sheets import COUNTS

    headings = [_(DIMENSIONS[dimension]) for dimension in report.by] or [""]
    lines = [[*(label for _code, label in row.names.values()), *_show_counts(row)] for row in report.rows]
    lines.append([_("Total"), *([""] * (len(headings) - 1)), *_show_counts(report.total)])
    print_table([*headings, *(_(heading) for heading in COUNTS.values())], lines)


def _show_counts(row: "Row") -> list[object]:
    return [row.audience, row.delivered, row.unsubscribed, f"{row.rate:.2%}"]


def _explain_report(context: typer.Context, report: "Report") -> None:
    if report.has_merged:
        line = _("Groups with fewer than {count} people delivered to are merged into one row, with the next smallest.")
        note(context, line.format(count=report.small_count))
    if report.unattributed:
        note(context, _("Opt-outs attributed to no edition, in no rate: {count}").format(count=report.unattributed))
    if report.elsewhere:
        line = _("Opt-outs attributed to editions outside the period, in no rate: {count}")
        note(context, line.format(count=report.elsewhere))


@stats.command("delivery")
def delivery(
    context: typer.Context,
    edition_id: Annotated[
        int | None,
        typer.Argument(metavar="EDITION", parser=parse_id, help=mark("The edition's number; all editions without it.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show how editions were delivered: the ledger by state, and why messages failed."""
    from newsletter.statistics.deliveries import count_deliveries

    newsroom = open_newsroom(context)
    editions = count_deliveries(newsroom, edition_id)
    if as_json:
        print_json({"editions": [edition.as_document(newsroom.timezone) for edition in editions]})
        return
    _print_editions(newsroom, editions)


def _print_editions(newsroom: "Newsroom", editions: "list[EditionDelivery]") -> None:
    from newsletter.editions.records import edition_stage_label
    from newsletter.statistics.labels import STATES

    states = [state for state in STATES if any(edition.ledger[state] for edition in editions)]
    headings = [_("Edition"), _("Title"), _("Stage"), _("Audience"), *(_(STATES[state]) for state in states)]
    headings += [_("Delivered rate"), _("Parts"), _("Planned"), _("Finished")]
    lines: list[list[object]] = [
        [
            *(edition.edition, edition.label, edition_stage_label(edition.stage), edition.audience),
            *(edition.ledger[state] for state in states),
            *(f"{edition.delivered_rate:.2%}", edition.parts),
            *(_show_moment(newsroom, moment) for moment in (edition.planned_at, edition.finished_at)),
        ]
        for edition in editions
    ]
    print_table(headings, lines)
    failures = [[edition.edition, *failure] for edition in editions for failure in edition.failures.items()]
    if failures:
        print_table([_("Edition"), _("Reason"), _("Messages")], failures, title=_("Why messages failed"))


def _show_moment(newsroom: "Newsroom", moment: "datetime | None") -> str:
    return "" if moment is None else f"{moment.astimezone(newsroom.timezone):%Y-%m-%d %H:%M}"
