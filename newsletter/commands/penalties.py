"""``penalties``: the rule book, errors and what they cost, appeals, error rates."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.options import JsonOption, UnitOption, command_group, parse_id
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.penalty_tables import (
    print_entries,
    print_recorded,
    print_records,
    print_rules,
    print_totals,
)
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.workflow.penalties.models import Verdict

penalties = command_group(mark("Penalties: errors, what they cost, appeals, the rule book."))

RecordArgument = Annotated[
    int, typer.Argument(metavar="RECORD", parser=parse_id, help=mark("The error record's number, as printed."))
]
WhyOption = Annotated[str, typer.Option("--reason", metavar="REASON", help=mark("Why, in a few words."))]
PeriodOption = Annotated[
    str | None,
    typer.Option("--period", metavar="PERIOD", help=mark("A year 2026, quarter 2026Q4, month 2026-11 or day.")),
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(penalties, name="penalties")


@penalties.command("rules")
def rules(
    context: typer.Context,
    template: Annotated[
        bool, typer.Option("--template", help=mark("Print the shipped rule book, to edit a copy of it."))
    ] = False,
    adopt: Annotated[
        Path | None, typer.Option("--adopt", metavar="FILE", help=mark("Bring this rule book into force."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the rule book in force, or bring another one into force."""
    from newsletter.errors import InputError
    from newsletter.organisation.staff import require_staff
    from newsletter.workflow.penalties.documents import version_document
    from newsletter.workflow.rule_book.adopting import adopt_rule_book, read_version
    from newsletter.workflow.rule_book.reading import default_text

    if template and adopt:
        raise InputError(_("Give --template or --adopt, not both."))
    newsroom = open_newsroom(context)
    if template:
        _show_template(default_text(), as_json=as_json)
        return
    if adopt:
        version = adopt_rule_book(newsroom, adopt)
    else:
        with newsroom.reading() as session:
            require_staff(session, newsroom)
            version = read_version(session)
    document = version_document(version, newsroom.timezone)
    if as_json:
        print_json(document)
    else:
        print_rules(version, document)


def _show_template(text: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"template": text})
    else:
        print_lines(text.rstrip("\n"))


@penalties.command("record")
def record(
    context: typer.Context,
    article_id: Annotated[
        int, typer.Option("--article", metavar="ARTICLE", parser=parse_id, help=mark("The article it stands in."))
    ],
    code: Annotated[str, typer.Option("--code", metavar="CODE", help=mark("Its kind; see: penalties rules."))],
    quote: Annotated[str, typer.Option("--quote", metavar="QUOTE", help=mark("The faulty words, as printed."))],
    edition_id: Annotated[
        int | None,
        typer.Option("--edition", metavar="EDITION", parser=parse_id, help=mark("The edition it is printed in.")),
    ] = None,
    self_report: Annotated[
        bool, typer.Option("--self-report", help=mark("You made it, or let it pass, and report it yourself."))
    ] = False,
    reports_for: Annotated[
        str | None,
        typer.Option(
            "--for", metavar="WHO", help=mark("With --self-report: for this contributor, who made it; a name or an id.")
        ),
    ] = None,
    introduced_by: Annotated[
        str | None,
        typer.Option(
            "--introduced-by", metavar="NAME", help=mark("Who brought it in, if not whom the revisions name.")
        ),
    ] = None,
    because: Annotated[str, typer.Option("--because", metavar="REASON", help=mark("Why somebody else."))] = "",
    remark: Annotated[str, typer.Option("--note", metavar="NOTE", help=mark("A remark, kept for good."))] = "",
    as_json: JsonOption = False,
) -> None:
    """Record an error; who brought it in is found by comparing revisions."""
    from newsletter.organisation.units import list_units
    from newsletter.workflow.penalties.documents import entry_document, record_document
    from newsletter.workflow.penalties.people import read_names
    from newsletter.workflow.penalties.recording import ErrorReport, record_error
    from newsletter.workflow.rule_book.codes import parse_error_code

    newsroom = open_newsroom(context)
    report = ErrorReport(
        code=parse_error_code(code),
        article=article_id,
        quote=quote,
        is_self_reported=self_report,
        reports_for=reports_for,
        introduced_by=introduced_by,
        because=because,
        note=remark,
    )
    found = record_error(newsroom, report, edition_id=edition_id, left_at=_left_at(newsroom, edition_id))
    with newsroom.reading() as session:
        names = read_names(session)
        units = {unit.id or 0: unit for unit in list_units(session)}
    document = record_document(found.record, names, newsroom.timezone)
    document["entries"] = [entry_document(entry, names, units, newsroom.timezone) for entry in found.entries]
    if as_json:
        print_json(document)
        return
    print_recorded(document)


def _left_at(newsroom: "Newsroom", edition_id: int | None) -> Any:
    """When an edition began to leave, as the deliveries' ledger knows."""
    from newsletter.delivery.ledger import get_dispatch

    with newsroom.reading() as session:
        dispatch = get_dispatch(session, edition_id) if edition_id else None
    return dispatch.planned_at if dispatch else None


@penalties.command("list")
def list_(
    context: typer.Context,
    person: Annotated[
        str | None, typer.Option("--person", metavar="NAME", help=mark("Only this person, on staff or a contributor."))
    ] = None,
    unit: UnitOption = None,
    period: PeriodOption = None,
    is_open: Annotated[
        bool, typer.Option("--open", help=mark("Only what waits for an issuer's decision or an appeal's ruling."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List errors and penalties, with totals by person, unit and month."""
    from newsletter.workflow.penalties.documents import list_document
    from newsletter.workflow.penalties.listing import Criteria, list_penalties
    from newsletter.workflow.periods import bounds_of, parse_period

    newsroom = open_newsroom(context)
    start, end = bounds_of(parse_period(period), newsroom.timezone) if period else (None, None)
    criteria = Criteria(person=person, unit=unit, start=start, end=end, is_open=is_open)
    with newsroom.reading() as session:
        document = list_document(session, list_penalties(session, newsroom, criteria), newsroom.timezone)
    if as_json:
        print_json(document)
        return
    print_records(document["records"])
    if document["entries"]:
        print_entries(document["entries"])
        print_totals(document["totals"])


@penalties.command("appeal")
def appeal(
    context: typer.Context,
    record_id: RecordArgument,
    reason: WhyOption,
    contributor: Annotated[
        str | None, typer.Option("--for", metavar="WHO", help=mark("For this contributor: a name or an id."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Appeal against a record that names you, or a contributor you speak for."""
    from newsletter.workflow.penalties.appeals import appeal_record

    made = appeal_record(open_newsroom(context), record_id, reason=reason, contributor=contributor)
    if as_json:
        print_json({"record": made.record_id, "reason": made.reason, "waits_for": "ruling"})
    else:
        print_lines(
            _("The appeal against record {record} waits for somebody outside its chain.").format(record=record_id)
        )


@penalties.command("reverse")
def reverse(context: typer.Context, record_id: RecordArgument, reason: WhyOption, as_json: JsonOption = False) -> None:
    """Grant an appeal: everything the record cost is booked back."""
    from newsletter.workflow.penalties.models import Verdict

    _judge(context, record_id, Verdict.REVERSED, reason, as_json=as_json)


@penalties.command("uphold")
def uphold(context: typer.Context, record_id: RecordArgument, reason: WhyOption, as_json: JsonOption = False) -> None:
    """Dismiss an appeal: the record stands."""
    from newsletter.workflow.penalties.models import Verdict

    _judge(context, record_id, Verdict.UPHELD, reason, as_json=as_json)


def _judge(context: typer.Context, record_id: int, verdict: "Verdict", reason: str, *, as_json: bool) -> None:
    from newsletter.workflow.penalties.appeals import judge_appeal, verdict_label
    from newsletter.workflow.penalties.documents import to_points

    ruling, entries = judge_appeal(open_newsroom(context), record_id, verdict=verdict, reason=reason)
    points = to_points(sum(entry.hundredths for entry in entries))
    if as_json:
        print_json({"record": record_id, "verdict": ruling.verdict, "reason": ruling.reason, "points": points})
    else:
        sentence = _("Record {record}: {verdict}; points booked: {points}.")
        print_lines(sentence.format(record=record_id, verdict=verdict_label(verdict), points=points))


@penalties.command("decide")
def decide(
    context: typer.Context,
    record_id: RecordArgument,
    reason: WhyOption,
    no_retraction: Annotated[bool, typer.Option("--no-retraction", help=mark("The article is not retracted."))] = False,
    as_json: JsonOption = False,
) -> None:
    """Decide, as the issuer, that a grave error found after sending is not answered by a retraction."""
    from newsletter.errors import InputError
    from newsletter.workflow.penalties.decisions import decide_against_retraction

    if not no_retraction:
        raise InputError(
            _("Say what is decided: --no-retraction."),
            hint=_("To retract: newsletter correct EDITION --kind retraction"),
        )
    decision = decide_against_retraction(open_newsroom(context), record_id, reason=reason)
    if as_json:
        print_json({"record": decision.record_id, "retraction": False, "reason": decision.reason})
    else:
        print_lines(_("Record {record}: decided, no retraction.").format(record=record_id))


@penalties.command("rates")
def rates(
    context: typer.Context,
    period: Annotated[
        str, typer.Option("--period", metavar="PERIOD", help=mark("A year 2026, quarter 2026Q4, month 2026-11 or day."))
    ],
    by: Annotated[str, typer.Option("--by", metavar="person|unit|paper", help=mark("One row for each."))] = "paper",
    as_json: JsonOption = False,
) -> None:
    """Show errors in 10,000 characters published, against the limit."""
    from newsletter.errors import InputError
    from newsletter.workflow.penalties.documents import rates_document
    from newsletter.workflow.penalties.people import read_names
    from newsletter.workflow.penalties.rates import RateBy, error_rates
    from newsletter.workflow.periods import parse_period

    if by not in list(RateBy):
        message = _("{word} is no way to break rates down; known are {known}.")
        raise InputError(message.format(word=by[:40], known=", ".join(RateBy)))
    newsroom, chosen = open_newsroom(context), parse_period(period)
    with newsroom.reading() as session:
        found = error_rates(session, newsroom, chosen, RateBy(by))
        document = {"period": chosen.label} | rates_document(session, found, RateBy(by), read_names(session))
    if as_json:
        print_json(document)
        return
    rows = [*document["rows"], {"name": _("in all")} | document["total"]]
    print_table(
        [_("name"), _("characters"), _("errors"), _("in 10,000"), _("limit {limit}").format(limit=document["limit"])],
        [
            [
                row["name"],
                row["characters"],
                row["errors"],
                row["rate"],
                _("over the limit") if row["over_limit"] else "",
            ]
            for row in rows
        ],
    )


@penalties.command("recompute")
def recompute(context: typer.Context, as_json: JsonOption = False) -> None:
    """Work all penalties out anew from records and rulings, and compare with what is booked; nothing is changed."""
    from newsletter.errors import RefusedError
    from newsletter.organisation.staff import require_staff
    from newsletter.workflow.penalties.recomputing import recompute as work_out

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        count, differences = work_out(session, newsroom)
    if differences:
        raise RefusedError(
            _("What is booked is not what the records say: {count} lines differ, the first is line {place}.").format(
                count=len(differences), place=differences[0].place
            ),
            hint=_("Ask who had access to the database; restore a backup made before."),
        )
    if as_json:
        print_json({"entries": count, "differences": 0})
    else:
        print_lines(_("Booked as the records say: {count} lines.").format(count=count))
