"""``points``: what articles earned elsewhere is recorded and taken back; registers, the ledger, the ranking."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands import points_reports
from newsletter.commands.options import ArticleArgument, JsonOption, UnitOption, command_group, parse_id
from newsletter.commands.output import print_json, print_lines, warn
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

if TYPE_CHECKING:
    from newsletter.workflow.points.models import PointEvent

points = command_group(mark("Points: what articles earn, who ranks where, how units did."))


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    for name, command in (
        ("record", record),
        ("revoke", revoke),
        ("list", list_),
        ("settle", settle_),
        ("rank", rank),
        ("rewards", rewards),
    ):
        points.command(name)(command)
    points_reports.mount(points)
    app.add_typer(points, name="points")


def record(
    context: typer.Context,
    article_id: ArticleArgument,
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            metavar="KIND",
            help=mark(
                "brief, paper, website, broadcaster, taken_up_prefecture, taken_up_province, commissioned, "
                "leader_comment, best_of_period."
            ),
        ),
    ],
    outlet: Annotated[
        str, typer.Option("--outlet", metavar="NAME", help=mark("Which paper, website or broadcaster took it."))
    ] = "",
    place: Annotated[
        int | None, typer.Option("--rank", metavar="1|2|3", help=mark("The place of a best of the period."))
    ] = None,
    day: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help=mark("The day it happened; today without it."))
    ] = None,
    remark: Annotated[str, typer.Option("--note", metavar="NOTE", help=mark("A remark, kept for good."))] = "",
    as_json: JsonOption = False,
) -> None:
    """Record what earns an article points beside being printed: taken up elsewhere, commented on, chosen as best."""
    from newsletter.workflow.points.kinds import parse_kind
    from newsletter.workflow.points.recording import Happening, record_event

    happening = Happening(kind=parse_kind(kind), place=place or 0, outlet=outlet, day=_parse_day(day), note=remark)
    recorded = record_event(open_newsroom(context), article_id, happening)
    if as_json:
        print_json(_event_document(recorded.event))
    else:
        print_lines(_describe_event(recorded.event))
    if recorded.is_retracted:
        warn(_("Article {article} was retracted: this earns it nothing.").format(article=article_id))
    elif recorded.is_reprint:
        warn(_("Article {article} is a reprint: this earns it nothing.").format(article=article_id))


def _parse_day(text: str | None) -> date | None:
    from newsletter.workflow.periods import PeriodKind, parse_period

    if text is None:
        return None
    period = parse_period(text)
    if period.kind != PeriodKind.DAY:
        raise InputError(
            _("{option}: {text} is not a date.").format(option="--date", text=text[:40]),
            hint=_("Write it as YYYY-MM-DD, as in 2026-11-05."),
        )
    return period.start


def _event_document(event: "PointEvent") -> dict[str, Any]:
    return {
        "event": event.id,
        "article": event.article_id,
        "kind": event.kind,
        "rank": event.place or None,
        "outlet": event.outlet,
        "date": event.day.isoformat(),
        "note": event.note,
        "reversal_of": event.reversal_of,
    }


def _describe_event(event: "PointEvent") -> str:
    from newsletter.workflow.points.kinds import source_label

    return _("Record {event}: article {article}, {kind}, {day}").format(
        event=event.id, article=event.article_id, kind=source_label(event.kind), day=event.day
    )


def revoke(
    context: typer.Context,
    event_id: Annotated[
        int, typer.Argument(metavar="RECORD", parser=parse_id, help=mark("The record's number, as points list has it."))
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="REASON", help=mark("Why, in a few words."))],
    as_json: JsonOption = False,
) -> None:
    """Take a record back; both stay readable."""
    from newsletter.workflow.points.recording import revoke_event

    event, reversal = revoke_event(open_newsroom(context), event_id, reason=reason)
    if as_json:
        print_json(_event_document(reversal))
        return
    print_lines(_("Taken back: {record}").format(record=_describe_event(event)))


def list_(
    context: typer.Context,
    contributor: Annotated[
        str | None, typer.Option("--contributor", metavar="WHO", help=mark("A contributor's name or id."))
    ] = None,
    unit: UnitOption = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period",
            metavar="PERIOD",
            help=mark("As in 2026, 2026H2, 2026Q4, 2026-11, 2026-W47, 2026-11-21; everything without it."),
        ),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="day|week|month", help=mark("Sum by this instead of listing."))
    ] = None,
    form: FormOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was earned, line by line, or summed by day, week or month."""
    from newsletter.statistics.merit.rankings import register_sheet, sums_sheet
    from newsletter.workflow.periods import parse_period
    from newsletter.workflow.points.register import list_points, parse_bucket, sum_lines
    from newsletter.workflow.points.standings import as_points

    wanted = choose_forms(form, out, as_json=as_json)
    chosen = parse_period(period) if period else None
    bucket = parse_bucket(by) if by else None
    lines = list_points(open_newsroom(context), period=chosen, contributor=contributor, unit=unit)
    total = as_points(sum(line.award.points for line in lines))
    document: dict[str, Any] = {"period": chosen.label if chosen else None}
    if bucket is None:
        document |= {"entries": [line.as_document() for line in lines], "total": total}
        hand_over(context, wanted, document, [register_sheet(lines)], period=chosen)
    else:
        sums = sum_lines(lines, bucket)
        document |= {"rows": [one.as_document(bucket) for one in sums], "total": total}
        hand_over(context, wanted, document, [sums_sheet(sums, bucket)], period=chosen)
    if wanted.screen == "table":
        print_lines(_("Total: {points}").format(points=f"{total:.2f}"))


def settle_(context: typer.Context, as_json: JsonOption = False) -> None:
    """Bring the ledger of points up to what happened: what it lacks is added, what fell away is reversed."""
    from newsletter.workflow.points.book import settle
    from newsletter.workflow.points.standings import as_points

    settled = settle(open_newsroom(context))
    added, taken = (sum(entry.points for entry in entries) for entries in (settled.added, settled.reversed))
    if as_json:
        counts = {"added": len(settled.added), "reversed": len(settled.reversed)}
        print_json(counts | {"points": as_points(added + taken)})
        return
    line = _("Entries added: {added}; reversed: {reversed}; points: {points}")
    print_lines(
        line.format(added=len(settled.added), reversed=len(settled.reversed), points=f"{as_points(added + taken):+.2f}")
    )


def rank(
    context: typer.Context,
    period: PeriodOption,
    of: Annotated[
        str, typer.Option("--of", metavar="contributors|units", help=mark("Only these; both without it."))
    ] = "",
    form: FormOption = None,
    out: OutOption = None,
    bulletin: Annotated[
        Path | None, typer.Option("--bulletin", metavar="FILE.pdf", help=mark("Write a bulletin to print."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Rank contributors, towns and departments by what they earned in a period."""
    from newsletter.statistics.merit.rankings import ranking_sheet, ranking_sheets
    from newsletter.workflow.periods import parse_period
    from newsletter.workflow.points.ranking import rank_period, require_whole

    if of not in ("", "contributors", "units"):
        raise InputError(
            _("There is no ranking of {word}.").format(word=of[:40]),
            hint=_("Choose from: {choices}.").format(choices="contributors, units"),
        )
    wanted = choose_forms(form, out, as_json=as_json)
    newsroom = open_newsroom(context)
    ranking = rank_period(newsroom, parse_period(period))
    document = ranking.as_document()
    if of:
        dropped = ("contributors", "rewards") if of == "units" else ("towns", "departments", "others")
        document = {name: value for name, value in document.items() if name not in dropped}
    if bulletin is not None:
        from newsletter.statistics.merit.prints import print_bulletin

        name, whole = newsroom.settings.newsroom.name, require_whole(newsroom, ranking)
        write_print(context, bulletin, print_bulletin(whole, newsroom=name, day=today(newsroom)))
    sheets = ranking_sheets(ranking, of)
    hand_over(context, wanted, document, sheets, whole=ranking_sheet(ranking, of), period=ranking.period)


def rewards(
    context: typer.Context,
    period: PeriodOption,
    form: FormOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the contributors to be rewarded: the first three of a period, equals included."""
    from newsletter.statistics.merit.rankings import rewards_sheet
    from newsletter.workflow.periods import parse_period
    from newsletter.workflow.points.ranking import rank_period

    wanted = choose_forms(form, out, as_json=as_json)
    ranking = rank_period(open_newsroom(context), parse_period(period))
    document = {name: ranking.as_document()[name] for name in ("period", "rewards")}
    hand_over(context, wanted, document, [rewards_sheet(ranking.rewards)], period=ranking.period)
