"""``stats growth``, ``retention``, ``report``: how members come and go, how long they stay, and the chief's report."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newsletter.commands.chart_files import ChartOption, parse_chart_form
from newsletter.commands.options import JsonOption
from newsletter.commands.output import note, print_json, progress_bar
from newsletter.commands.points_output import (
    FormOption,
    OutOption,
    Wanted,
    choose_forms,
    hand_over,
    write_file,
    write_print,
)
from newsletter.commands.session import open_newsroom
from newsletter.commands.stats import SinceOption, UntilOption, stats
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.statistics.charts import ChartForm
    from newsletter.statistics.dimensions import Dimension
    from newsletter.statistics.merit.sheets import Sheet
    from newsletter.statistics.period import Period

_GROWTH_BY: Final = "month|unit|region|profession|standing|mobile|retired"
_RETENTION_BY: Final = "cohort|unit|region|profession|standing|mobile|retired|paper"
_COHORT: Final = "cohort"
_REPORT_FORMS: Final = ("pdf", "html")
_MOST_MONTHS: Final = 600

PaperOption = Annotated[
    str | None,
    typer.Option("--paper", metavar="CODE", help=mark("Count opt-outs from this paper too, among its unit's members.")),
]


def mount(app: typer.Typer) -> None:
    """Nothing more to do: ``stats`` is mounted by its own file, and these commands stand under it."""


@stats.command("growth")
def growth(
    context: typer.Context,
    by: Annotated[
        list[str] | None, typer.Option("--by", metavar=_GROWTH_BY, help=mark("A row for each of these."))
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    paper: PaperOption = None,
    form: FormOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count members at the beginning and end, who came, and who went: of their own will or not.

    Members are people on the register with a number who have not opted out. Rows of few members are merged.
    """
    from newsletter.statistics.growth.charts import chart_growth
    from newsletter.statistics.growth.counts import GROWTH_DIMENSIONS, count_growth
    from newsletter.statistics.growth.sheets import growth_dictionary, growth_sheet

    wanted, picture = choose_forms(form, out, as_json=as_json), parse_chart_form(chart)
    dimension = _choose(_only(by) or "month", GROWTH_DIMENSIONS)
    newsroom = open_newsroom(context)
    found = count_growth(newsroom, period=_period(newsroom, since, until), by=dimension, paper=paper)
    brief = wanted.screen == "table"
    sheet = growth_sheet(found, brief=brief)
    _hand_over(context, wanted, found.as_document(), sheet, None if brief else growth_dictionary())
    _draw(context, chart, picture, lambda form: chart_growth(found, form))
    if found.has_merged and wanted.screen != "json":
        line = _("Months and groups with fewer than {count} members are merged with others.")
        note(context, line.format(count=found.small_count))


@stats.command("retention")
def retention(
    context: typer.Context,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar=_RETENTION_BY, help=mark("A curve, or a row, for each of these.")),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="YYYY-MM-DD", help=mark("The first day on which they joined."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="YYYY-MM-DD", help=mark("The last day on which they joined."))
    ] = None,
    months: Annotated[int, typer.Option("--months", metavar="N", help=mark("Months to tell of."))] = 24,
    paper: PaperOption = None,
    form: FormOption = None,
    out: OutOption = None,
    chart: ChartOption = None,
    as_json: JsonOption = False,
) -> None:
    """Estimate how long members stay before they opt out (Kaplan–Meier, 95% limits), or follow monthly cohorts.

    Death, leaving the newsroom and the present end the watching without counting as an opt-out.
    """
    if not 1 <= months <= _MOST_MONTHS:
        raise InputError(
            _("{count} is no number of months.").format(count=months),
            hint=_("Give --months 1 to {most}.").format(most=_MOST_MONTHS),
        )
    wanted, picture = choose_forms(form, out, as_json=as_json), parse_chart_form(chart)
    only = _only(by)
    choose = _show_cohorts if only is not None and only.strip().casefold() == _COHORT else _show_curves
    choose(context, wanted, by=only, dates=(since, until), months=months, paper=paper, chart=(chart, picture))


_Chart = tuple[Path | None, "ChartForm | None"]
_Dates = tuple[str | None, str | None]


def _show_cohorts(
    context: typer.Context,
    wanted: Wanted,
    *,
    by: str | None,
    dates: _Dates,
    months: int,
    paper: str | None,
    chart: _Chart,
) -> None:
    from newsletter.statistics.growth.charts import chart_cohorts
    from newsletter.statistics.growth.retention import count_cohorts
    from newsletter.statistics.growth.sheets import cohort_dictionary, cohort_sheet

    newsroom = open_newsroom(context)
    cohorts = count_cohorts(newsroom, period=_period(newsroom, *dates), months=months, paper=paper)
    document = {"by": by and _COHORT, "rows": [cohort.as_document() for cohort in cohorts]}
    _hand_over(context, wanted, document, cohort_sheet(cohorts), cohort_dictionary())
    _draw(context, *chart, lambda form: chart_cohorts(cohorts, form))
    if wanted.screen != "json" and any(cohort.is_merged for cohort in cohorts):
        line = _("Months in which fewer than {count} members joined are joined together.")
        note(context, line.format(count=newsroom.settings.privacy.small_count))


def _show_curves(
    context: typer.Context,
    wanted: Wanted,
    *,
    by: str | None,
    dates: _Dates,
    months: int,
    paper: str | None,
    chart: _Chart,
) -> None:
    from newsletter.statistics.growth.charts import chart_retention
    from newsletter.statistics.growth.retention import RETENTION_DIMENSIONS, estimate_retention
    from newsletter.statistics.growth.sheets import retention_dictionary, retention_overview, retention_sheet

    dimension = None if by is None else _choose(by, RETENTION_DIMENSIONS, _COHORT)
    newsroom = open_newsroom(context)
    found = estimate_retention(newsroom, period=_period(newsroom, *dates), by=dimension, months=months, paper=paper)
    is_overview = wanted.screen == "table" and dimension is not None
    sheet = retention_overview(found) if is_overview else retention_sheet(found)
    _hand_over(context, wanted, found.as_document(), sheet, retention_dictionary())
    _draw(context, *chart, lambda form: chart_retention(found, form))
    if wanted.screen == "json":
        return
    if found.log_rank is not None:
        line = _("Do the groups differ? Log-rank test: chi-square {value}, {degrees} degrees of freedom, p = {p}")
        test = found.log_rank
        note(context, line.format(value=f"{test.chi_square:.2f}", degrees=test.degrees, p=f"{test.p:.2g}"))
    if found.left_out:
        line = _("Papers left out, for fewer than {count} members or but so few more than others: {papers}")
        note(context, line.format(count=found.small_count, papers=found.left_out))
    if found.small_count > 1:
        line = _("Curves end where fewer than {count} members are still watched; smaller groups are merged.")
        note(context, line.format(count=found.small_count))


@stats.command("report")
def report(
    context: typer.Context,
    period: Annotated[
        str,
        typer.Option("--period", metavar="PERIOD", help=mark("As in 2026, 2026H2, 2026Q4, 2026-11.")),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help=mark("The report: a file ending in .pdf or .html."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make the report on a period for the chief: what matters, in words, tables and charts.

    It is in Chinese whatever the interface speaks, and names no member.
    """
    from newsletter.statistics.periodic.figures import gather_report
    from newsletter.workflow.periods import parse_period

    file = _report_form(out, as_json=as_json)
    wanted = parse_period(period)
    newsroom = open_newsroom(context)
    with progress_bar(context, _("Counting")) as advance:
        found = gather_report(newsroom, wanted, advance)
    if out is not None and file is not None:
        from newsletter.statistics.periodic.prints import print_report, report_html

        if file == "html":
            write_file(context, out, report_html(found).encode())
        else:
            write_print(context, out, print_report(found))
    if as_json:
        print_json(found.as_document())


def _report_form(out: Path | None, *, as_json: bool) -> str | None:
    if out is None:
        if as_json:
            return None
        raise InputError(_("A report needs a file."), hint=_("Give --out FILE.pdf or --out FILE.html, or --json."))
    form = out.suffix.casefold().removeprefix(".")
    if form not in _REPORT_FORMS:
        raise InputError(
            _("{path}: it is not clear which format to write.").format(path=out),
            hint=_("Let the file's name end in .pdf or .html."),
        )
    return form


def _only(by: list[str] | None) -> str | None:
    """The one ``--by`` there may be."""
    if by and len(by) > 1:
        raise InputError(_("--by can be given only once here."), hint=_("Leave the others out."))
    return by[0] if by else None


def _choose(word: str, choices: "tuple[Dimension, ...]", *more: str) -> "Dimension":
    name = word.strip().casefold()
    for choice in choices:
        if choice.value == name:
            return choice
    from newsletter.statistics.dimensions import UnknownDimensionError

    raise UnknownDimensionError(
        _("This cannot be broken down by {name}.").format(name=word[:40]),
        hint=_("Choose from: {choices}.").format(choices=", ".join([*more, *choices])),
    )


def _period(newsroom: "Newsroom", since: str | None, until: str | None) -> "Period":
    from newsletter.statistics.period import parse_period

    return parse_period(since, until, newsroom.timezone)


def _draw(
    context: typer.Context, path: Path | None, form: "ChartForm | None", draw: "Callable[[ChartForm], bytes]"
) -> None:
    if path is not None and form is not None:
        write_file(context, path, draw(form))


def _hand_over(
    context: typer.Context, wanted: Wanted, document: dict[str, Any], sheet: "Sheet", dictionary: "Sheet | None"
) -> None:
    """A workbook also says what its columns mean; screen and CSV have the table alone."""
    has_dictionary = wanted.file == "xlsx" and dictionary is not None
    hand_over(context, wanted, document, [sheet, dictionary] if has_dictionary and dictionary else [sheet])
