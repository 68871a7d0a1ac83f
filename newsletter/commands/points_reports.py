"""``points assess``, ``activity``, ``originality``: how units, columns and papers did."""

from typing import Annotated

import typer

from newsletter.commands.options import JsonOption, UnitOption
from newsletter.commands.points_output import (
    FormOption,
    OutOption,
    PeriodOption,
    choose_forms,
    hand_over,
    today,
    write_print,
)
from newsletter.commands.session import open_newsroom
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark


def mount(points: typer.Typer) -> None:
    """Put these commands under ``points``."""
    for name, command in (("assess", assess), ("activity", activity), ("originality", originality)):
        points.command(name)(command)


def assess(
    context: typer.Context,
    year: Annotated[str, typer.Option("--year", metavar="YEAR", help=mark("The year, or another period."))],
    unit: UnitOption = None,
    form: FormOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Assess units for a year: articles, points by source, quotas, penalties, rank, share of original copy.

    A file ending in .pdf is the sheet to print, a page for each unit; .xlsx and .csv have a row for each.
    """
    from newsletter.statistics.merit.assessment import assess_units
    from newsletter.statistics.merit.report_sheets import assessment_overview, assessment_sheets
    from newsletter.workflow.periods import parse_period

    wanted = choose_forms(form, out, as_json=as_json, printable=True)
    period = parse_period(year)
    newsroom = open_newsroom(context)
    assessments = assess_units(newsroom, period, unit)
    if wanted.file == "pdf" and wanted.path is not None:
        from newsletter.statistics.merit.prints import print_assessment

        name = newsroom.settings.newsroom.name
        write_print(context, wanted.path, print_assessment(assessments, period, newsroom=name, day=today(newsroom)))
    document = {"year": period.label, "units": [one.as_document() for one in assessments]}
    sheets = assessment_overview(assessments) if wanted.screen == "table" else assessment_sheets(assessments)
    hand_over(context, wanted, document, sheets, period=period)


def activity(
    context: typer.Context,
    week: Annotated[str, typer.Option("--week", metavar="2026-W47", help=mark("The week, or another period."))],
    weeks: Annotated[
        int | None,
        typer.Option("--weeks", metavar="N", help=mark("Weeks without an item that make a column stale.")),
    ] = None,
    form: FormOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show which columns live and which are stale, and which towns and departments are silent."""
    from newsletter.statistics.merit.activity import report_activity
    from newsletter.statistics.merit.report_sheets import activity_sheets
    from newsletter.workflow.periods import parse_period

    if weeks is not None and weeks < 1:
        raise InputError(_("{count} is no number of weeks.").format(count=weeks), hint=_("Give --weeks 1 or more."))
    wanted = choose_forms(form, out, as_json=as_json)
    report = report_activity(open_newsroom(context), parse_period(week), stale_weeks=weeks)
    hand_over(context, wanted, report.as_document(), activity_sheets(report), period=report.period)


def originality(
    context: typer.Context,
    period: PeriodOption,
    form: FormOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how much of what was printed is the units' own, and how much was reprinted."""
    from newsletter.statistics.merit.originality import report_originality
    from newsletter.statistics.merit.report_sheets import originality_sheets
    from newsletter.workflow.periods import parse_period

    wanted = choose_forms(form, out, as_json=as_json)
    report = report_originality(open_newsroom(context), parse_period(period))
    hand_over(context, wanted, report.as_document(), originality_sheets(report), period=report.period)
