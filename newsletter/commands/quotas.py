"""``quotas``: how many articles units are to submit, and how they stand."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.options import JsonOption, command_group
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.organisation.units import Unit
    from newsletter.workflow.contributing.quotas import QuotaStanding

quotas = command_group(mark("Quotas: how many articles units are to submit."))

PeriodOption = Annotated[
    str, typer.Option("--period", metavar="PERIOD", help=mark("2026Q4, 2026-11, 2026-W47, 2026H2, 2026."))
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(quotas, name="quotas")


@quotas.command("set")
def set_(
    context: typer.Context,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help=mark("A unit's code or exact name."))],
    period: PeriodOption,
    count: Annotated[int, typer.Option("--count", metavar="N", help=mark("Articles to submit in that time."))],
    as_json: JsonOption = False,
) -> None:
    """Ask a unit for so many articles in a period; said again, the new number counts."""
    from newsletter.organisation.units import Unit
    from newsletter.workflow.contributing.quotas import set_quota
    from newsletter.workflow.periods import parse_period

    newsroom = open_newsroom(context)
    quota = set_quota(newsroom, unit, parse_period(period), count)
    with newsroom.reading() as session:
        home = session.get_one(Unit, quota.unit_id)
    if as_json:
        print_json({"quota": quota.id, "unit": home.code, "period": quota.period, "wanted": quota.wanted})
    else:
        sentence = _("{unit}, {period}: {count} articles")
        print_lines(sentence.format(unit=home.name, period=quota.period, count=quota.wanted))


@quotas.command("list")
def list_(context: typer.Context, period: PeriodOption, as_json: JsonOption = False) -> None:
    """Show what your units have submitted, and what was adopted of it, against their quotas."""
    from newsletter.workflow.contributing.quotas import list_visible_quotas
    from newsletter.workflow.periods import parse_period

    newsroom = open_newsroom(context)
    meant = parse_period(period)
    rows = [_document(unit, standing) for unit, standing in list_visible_quotas(newsroom, meant)]
    if as_json:
        print_json({"period": meant.label, "quotas": rows})
        return
    headings = [_("unit"), _("wanted"), _("handed in"), _("adopted"), _("missing")]
    title = _("Quotas {period}, {start} to {end}").format(period=meant.label, start=meant.start, end=meant.end)
    cells = [(row["name"], row["wanted"], row["submitted"], row["adopted"], row["missing"]) for row in rows]
    print_table(headings, cells, title=title)


def _document(unit: "Unit", standing: "QuotaStanding") -> dict[str, Any]:
    return {
        "unit": unit.code,
        "name": unit.name,
        "wanted": standing.wanted,
        "submitted": standing.submitted,
        "adopted": standing.adopted,
        "missing": standing.missing,
    }
