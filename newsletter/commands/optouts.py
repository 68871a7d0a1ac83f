"""``optout``, ``optin``, ``optouts``: who leaves or comes back by other ways than a reply, and lists of them."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.commands.options import DONE_IN_PART, JsonOption, YesOption, command_group, parse_id
from newsletter.commands.output import note, print_json, print_lines, print_table, progress_bar
from newsletter.commands.session import confirm, open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.delivery.departure_history import DepartureHistory
    from newsletter.subscribers.lists.number_lists import ListResult

#: Rejected lines shown to a person; all of them are in ``--json``.
_SHOWN_REJECTS = 20

optouts = command_group(mark("Opt-outs: lists of them, and one number's history."))

NumberArgument = Annotated[str, typer.Argument(metavar="NUMBER", help=mark("The number meant."))]
PaperOption = Annotated[
    str | None, typer.Option("--paper", metavar="PAPER", help=mark("Only this paper; else everything."))
]
PurposeOption = Annotated[
    str, typer.Option("--purpose", metavar="TEXT", help=mark("What it is needed for; kept in the journal."))
]
ListArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help=mark("A text file with a number on each line, or a column of them."))
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.command("optout")(optout)
    app.command("optin")(optin)
    app.add_typer(optouts, name="optouts")


def optout(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=mark("The number that leaves."))],
    reason: Annotated[
        str, typer.Option("--reason", metavar="REASON", help=mark("Why they leave: a code, its name, or a few words."))
    ],
    source: Annotated[
        str,
        typer.Option("--source", metavar="SOURCE", help=mark("How they said so: desk, phone, letter, visit, gateway.")),
    ] = "desk",
    paper: PaperOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that a number must not be written to any more."""
    from newsletter.delivery.departures import opt_out_number, read_reason
    from newsletter.subscribers.leaving.reasons import reason_label
    from newsletter.subscribers.phones import mask_number, normalise_number

    event = opt_out_number(open_newsroom(context), number, reason=reason, source=source, paper=paper)
    masked = mask_number(normalise_number(number))
    if as_json:
        print_json(
            {
                "number": masked,
                "number_key": event.number_key,
                "paper": paper,
                "source": event.source,
                "reason": event.reason,
                "has_note": bool(read_reason(reason)[1]),
                "edition": event.edition_id,
                "effective": event.is_effective,
            }
        )
        return
    gone = _("{number} will not get {paper} any more.") if paper else _("{number} will not be written to any more.")
    print_lines(gone.format(number=masked, paper=paper))
    note(context, _("Reason: {reason}.").format(reason=reason_label(event.reason)))
    if not event.is_effective:
        note(context, _("It had left before."))


def optin(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=mark("The number that comes back."))],
    evidence: Annotated[
        str, typer.Option("--evidence", metavar="TEXT", help=mark("What shows that they want it; kept encrypted."))
    ],
    paper: PaperOption = None,
    reassigned: Annotated[
        bool, typer.Option("--reassigned", help=mark("The number is somebody else's now: nobody came back."))
    ] = False,
    holder: Annotated[
        list[int] | None,
        typer.Option(
            "--holder",
            metavar="ID",
            parser=parse_id,
            help=mark("Who on the register has the reassigned number now; may be repeated."),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Record that a number may be written to again."""
    from newsletter.delivery.departures import opt_in_number
    from newsletter.subscribers.phones import mask_number, normalise_number

    event = opt_in_number(
        open_newsroom(context),
        number,
        evidence=evidence,
        paper=paper,
        is_reassigned=reassigned,
        holders=holder or (),
    )
    masked = mask_number(normalise_number(number))
    if as_json:
        print_json(
            {
                "number": masked,
                "number_key": event.number_key,
                "paper": paper,
                "reassigned": reassigned,
                "effective": event.is_effective,
            }
        )
        return
    back = _("{number} may get {paper} again.") if paper else _("{number} may be written to again.")
    print_lines(back.format(number=masked, paper=paper))
    if not event.is_effective and not reassigned:
        note(context, _("It had not left; the consent is recorded."))


@optouts.command("import")
def import_file(
    context: typer.Context,
    file: ListArgument,
    source: Annotated[
        str, typer.Option("--source", metavar="SOURCE", help=mark("Whose list it is: gateway, carrier, desk."))
    ] = "gateway",
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="REASON", help=mark("Why they leave, if it is known of all."))
    ] = None,
    paper: PaperOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=mark("Check the file and change nothing in the newsroom."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Record a list of numbers that must not be written to; those that left before stay as they are."""
    from newsletter.delivery.optout_lists import import_opt_outs

    newsroom = open_newsroom(context)
    with progress_bar(context, _("Importing")) as progress:
        result = import_opt_outs(
            newsroom, file, source=source, reason=reason, paper=paper, is_dry=dry_run, progress=progress
        )
    print_list_result(file, result, as_json=as_json)
    if dry_run:
        note(context, _("This was a dry run; nothing was changed."))
    if result.rejected:
        raise typer.Exit(DONE_IN_PART)


def print_list_result(file: Path, result: "ListResult", *, as_json: bool) -> None:
    """What became of a list of numbers."""
    if as_json:
        print_json({**vars(result), "rejects": [reject._asdict() for reject in result.rejects]})
        return
    for reject in result.rejects[:_SHOWN_REJECTS]:
        sentence = _("{file}, line {line}: {message}")
        print_lines(sentence.format(file=file, line=reject.line, message=reject.message))
    if result.rejected > _SHOWN_REJECTS:
        print_lines(_("… and {count} more rejected rows.").format(count=result.rejected - _SHOWN_REJECTS))
    sentence = _("{read} lines read: {added} new, {unchanged} known before, {rejected} rejected.")
    print_lines(sentence.format(**vars(result)))


@optouts.command("export")
def export_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=mark("The CSV file to write."))],
    purpose: PurposeOption,
    keys_only: Annotated[
        bool, typer.Option("--keys-only", help=mark("Numbers masked, beside the keys they are matched by."))
    ] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write all numbers that must not be written to into a file that only you can read."""
    from newsletter.delivery.optout_exports import count_suppressed, export_opt_outs
    from newsletter.subscribers.privacy.disclosing import check_purpose

    newsroom = open_newsroom(context)
    check_purpose(purpose)
    count = count_suppressed(newsroom)
    confirm(_("Write {count} opt-outs to {file}?").format(count=count, file=file), yes=yes)
    result = export_opt_outs(newsroom, file, purpose=purpose, keys_only=keys_only)
    if as_json:
        print_json({"file": str(file), **asdict(result), "masked": keys_only})
        return
    sentence = _("{file}: {rows} opt-outs, the numbers of {known} known.")
    print_lines(sentence.format(file=file, rows=result.rows, known=result.known))


@optouts.command("show")
def show(context: typer.Context, number: NumberArgument, purpose: PurposeOption, as_json: JsonOption = False) -> None:
    """Show when one number left and came back, and why; looking is written in the journal."""
    from newsletter.delivery.departure_history import show_departures
    from newsletter.instants import to_iso

    newsroom = open_newsroom(context)
    history = show_departures(newsroom, number, purpose=purpose)
    if as_json:
        events = [{**asdict(event), "at": to_iso(event.at, newsroom.timezone)} for event in history.events]
        print_json({"number": history.number, "left": history.left, "events": events})
        return
    _print_history(history, [to_iso(event.at, newsroom.timezone) or "" for event in history.events])


def _print_history(history: "DepartureHistory", times: list[str]) -> None:
    from newsletter.subscribers.leaving.reasons import reason_label
    from newsletter.subscribers.words import WAYS, label

    rows = [
        (
            moment[:16].replace("T", " "),
            _("has left") if event.kind == "out" else _("has come back"),
            event.paper or _("everything"),
            label(WAYS, event.source),
            reason_label(event.reason) if event.reason else event.keyword,
            event.note,
            event.edition,
        )
        for moment, event in zip(times, history.events, strict=True)
    ]
    headings = (_("time"), "", _("paper"), _("source"), _("reason"), _("note"), _("edition"))
    print_table(headings, rows, title=history.number)
