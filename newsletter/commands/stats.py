"""``stats``: who left, as a share of those reached, whether editions differ, and how their sending went."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from newsletter.commands.chart_files import ChartOption, parse_chart_form
from newsletter.commands.options import JsonOption, command_group, parse_id
from newsletter.commands.output import note, print_json, print_table
from newsletter.commands.points_output import FormOption, OutOption, Wanted, choose_forms, write_file
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from datetime import datetime

    from newsletter.newsroom import Newsroom
    from newsletter.statistics.deliveries import EditionDelivery
    from newsletter.statistics.report import Report

_BY_CHOICES: Final = "region|unit|profession|standing|mobile|retired|edition|reason|month|paper|kind|column"
#: Endings that tell a file's form.
_ENDINGS: Final = (".csv", ".xlsx", ".json")

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


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(stats, name="stats")


@stats.command("unsubscribes")
def unsubscribes(
    context: typer.Context,
    by: ByOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    form: FormOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count opt-outs against deliveries, with exact 95% intervals.

    Groups in which too few people were delivered to are merged into one row; the total is always shown. By column, an
    edition counts in every column it contained: that says nothing of causes.
    """
    from newsletter.statistics.dimensions import parse_dimensions
    from newsletter.statistics.period import parse_period
    from newsletter.statistics.unsubscribes import count_unsubscribes

    wanted, picture = _choose(form, out, as_json=as_json), parse_chart_form(chart)
    dimensions = parse_dimensions(by or ())
    newsroom = open_newsroom(context)
    period = parse_period(since, until, newsroom.timezone)
    report = count_unsubscribes(newsroom, by=dimensions, period=period)
    if chart is not None and picture is not None:
        from newsletter.statistics.drawing import draw_report

        write_file(context, chart, draw_report(report, picture))
    if wanted.path is not None:
        write_file(context, wanted.path, _make_file(newsroom, report, wanted.file))
    _print(context, report, wanted.screen)


def _choose(form: str | None, out: Path | None, *, as_json: bool) -> Wanted:
    """As everywhere, and a file whose name tells nothing is JSON with ``--json``."""
    if as_json and out is not None and out.suffix.casefold() not in _ENDINGS:
        form = form or "json"
    return choose_forms(form, out, as_json=as_json)


def _make_file(newsroom: "Newsroom", report: "Report", form: str | None) -> bytes:
    if form == "xlsx":
        from newsletter.statistics.workbooks import Origin, make_report_workbook

        at = newsroom.clock().astimezone(newsroom.timezone)
        return make_report_workbook(
            report, Origin(newsroom=newsroom.settings.newsroom.name, staff=newsroom.acting_name(), at=at)
        )
    if form == "csv":
        from newsletter.statistics.sheets import make_csv

        return make_csv(report)
    return (json.dumps(report.as_document(), ensure_ascii=False, indent=1) + "\n").encode()


def _print(context: typer.Context, report: "Report", screen: str | None) -> None:
    """On the screen, and what must be known to read it rightly."""
    if screen == "json":
        print_json(report.as_document())
        return
    if screen == "csv":
        from newsletter.statistics.sheets import make_csv

        typer.echo(make_csv(report), nl=False)
    elif screen == "table":
        from newsletter.commands.stats_tables import print_report

        print_report(report)
    from newsletter.statistics.words import report_remarks

    for line in report_remarks(report):
        note(context, line)


@stats.command("compare")
def compare(
    context: typer.Context,
    edition_ids: Annotated[
        list[int],
        typer.Argument(metavar="EDITION", parser=parse_id, help=mark("The numbers of two editions or more.")),
    ],
    as_json: JsonOption = False,
) -> None:
    """Put editions beside each other: is the difference in who left more than chance?

    Every pair is tested exactly (Fisher), corrected for their number (Holm). Editions that reached too few are refused.
    """
    from newsletter.statistics.comparing import compare_editions

    comparison = compare_editions(open_newsroom(context), edition_ids)
    if as_json:
        print_json(comparison.as_document())
        return
    from newsletter.commands.stats_tables import print_comparison

    print_comparison(comparison)


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
    if any(edition.hides_suppressed for edition in editions):
        line = _("Of editions for fewer than {count} people, those not written to are not counted.")
        note(context, line.format(count=newsroom.settings.privacy.small_count))


def _print_editions(newsroom: "Newsroom", editions: "list[EditionDelivery]") -> None:
    from newsletter.delivery.state_words import STATES
    from newsletter.editions.records import edition_stage_label

    states = [state for state in STATES if any(edition.ledger[state] for edition in editions)]
    headings = [_("Edition"), _("Title"), _("Stage"), _("Audience"), *(_(STATES[state]) for state in states)]
    headings += [_("Delivered rate"), _("Parts"), _("Planned"), _("Finished")]
    lines: list[list[object]] = [
        [
            *(edition.edition, edition.label, edition_stage_label(edition.stage), edition.audience),
            *("–" if edition.shown(state) is None else edition.ledger[state] for state in states),
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
