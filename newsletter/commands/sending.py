"""``send``, ``reconcile``: out to the readers, and back."""

from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newsletter.commands.desk import explain_link
from newsletter.commands.options import DONE_IN_PART, EditionArgument, JsonOption, YesOption
from newsletter.commands.output import note, print_json, print_lines, print_table, progress_bar, warn
from newsletter.commands.session import confirm, open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.delivery.preflight import Preflight
    from newsletter.delivery.send_reports import SendReport
    from newsletter.newsroom import Newsroom

#: What is left out besides those who opted out, where there are any to tell of.
_EXCLUDED: Final = {
    "invalid_number": mark("numbers that cannot be reached"),
    "no_consent": mark("without express consent"),
    "outside_unit": mark("not of the paper's unit"),
    "not_on_register": mark("no longer on the register"),
    "done": mark("settled before"),
}


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    for name, command in (("send", send), ("reconcile", reconcile)):
        app.command(name)(command)


def send(
    context: typer.Context,
    edition_id: EditionArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=mark("Only say what would be done."))] = False,
    rate: Annotated[
        float | None, typer.Option("--rate", metavar="PARTS", min=0.01, help=mark("At most so many parts a second."))
    ] = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Send an edition, signing it first if need be; run again, it resumes."""
    from newsletter.delivery.checking import check_sending
    from newsletter.delivery.ledger import is_troubled, waiting_count
    from newsletter.delivery.send_reports import report_sending
    from newsletter.delivery.sending import send_edition
    from newsletter.errors import InputError

    if rate is not None and not isfinite(rate):
        raise InputError(_("A rate is a number of parts a second."))
    newsroom = open_newsroom(context)
    checked = check_sending(newsroom, edition_id)
    if checked is None:
        _show_report(report_sending(newsroom, edition_id, was_finished=True), as_json=as_json)
        return
    if not as_json:
        _show_preflight(checked)
    for line in checked.warnings:
        warn(line)
    if dry_run:
        if as_json:
            print_json(_preflight_document(checked))
        return
    question = _("Send edition {edition} to {count} numbers?")
    if checked.reachable is None:
        question = _("Send edition {edition} to at most {count} numbers?")
    confirm(question.format(edition=edition_id, count=checked.at_most), yes=yes)
    with progress_bar(context, _("Sending")) as progress:
        report = send_edition(newsroom, edition_id, digest=checked.digest, rate=rate, progress=progress)
    _show_report(report, as_json=as_json)
    warn_of_unreadable(newsroom)
    if waiting_count(report.ledger):
        note(context, _("Some messages still wait; run the same command again."))
    if is_troubled(report.ledger):
        raise typer.Exit(DONE_IN_PART)


def warn_of_unreadable(newsroom: "Newsroom") -> None:
    """Say so if replies wait that could not be read: nobody else would look for them."""
    from newsletter.delivery.replies import count_unreadable

    if count := count_unreadable(newsroom):
        sentence = _("{count} replies could not be read and wait for a person: newsletter replies list")
        warn(sentence.format(count=count))


def _preflight_document(checked: "Preflight") -> dict[str, Any]:
    return {
        "edition": checked.edition,
        "dry_run": True,
        "people": checked.people,
        "audience": checked.audience,
        "excluded": checked.excluded,
        "reachable": checked.reachable,
        "parts_each": checked.parts_each,
        "full_text": {"numbers": checked.full.wanted, "parts_each": checked.full.parts_each},
        "parts": checked.parts,
        "cost": None if checked.cost is None else str(checked.cost),
        "text": checked.text,
        "blockers": [],
        "warnings": list(checked.warnings),
        "corrects": checked.corrects.document() if checked.corrects else None,
        "received": checked.received,
    }


def _show_preflight(checked: "Preflight") -> None:
    is_told = checked.reachable is not None
    rows: list[tuple[str, object]] = [
        *_audience_rows(checked),
        *([(_("opted out"), checked.excluded["opted_out"])] if is_told else []),
        *((_(label), checked.excluded[why]) for why, label in _EXCLUDED.items() if checked.excluded.get(why)),
        (_("will be written to") if is_told else _("will be written to, at most"), checked.at_most),
        (_("parts each"), checked.parts_each),
        *_full_text_rows(checked),
        (_("parts in all") if is_told else _("parts in all, at most"), checked.parts),
    ]
    if checked.cost is not None:
        rows.append((_("cost") if is_told else _("cost, at most"), checked.cost))
    print_lines(checked.text, "")
    explain_link(checked.text)
    print_table([_("before sending"), ""], rows, title=_("Edition {edition}").format(edition=checked.edition))


def _full_text_rows(checked: "Preflight") -> list[tuple[str, object]]:
    if checked.full.parts_each is None or not checked.full.wanted:
        return []
    return [
        (_("get the full text without a link"), checked.full.wanted),
        (_("parts of the full text"), checked.full.parts_each),
    ]


def _audience_rows(checked: "Preflight") -> list[tuple[str, object]]:
    if checked.corrects is not None:
        return [(_("got edition {edition}").format(edition=checked.corrects.edition), checked.received)]
    return [(_("people in the audience"), checked.people), (_("numbers"), checked.audience)]


def _show_report(report: "SendReport", *, as_json: bool) -> None:
    from newsletter.commands.editions import ledger_rows

    if as_json:
        print_json(
            {
                "edition": report.edition,
                "stage": report.stage,
                "digest": report.digest,
                "audience": report.audience,
                "ledger": report.ledger,
                "parts": report.parts,
            }
        )
        return
    if report.was_finished:
        print_lines(_("Edition {edition} was sent before; nothing was done.").format(edition=report.edition))
    print_table(
        [_("state"), _("numbers")],
        ledger_rows(report.ledger, report.audience),
        title=_("Edition {edition}").format(edition=report.edition),
    )


def reconcile(context: typer.Context, edition_id: EditionArgument, as_json: JsonOption = False) -> None:
    """Take in receipts and look up what is unclear with the gateway."""
    from dataclasses import asdict

    from newsletter.commands.editions import ledger_rows
    from newsletter.delivery.reconciling import reconcile_edition

    result = reconcile_edition(open_newsroom(context), edition_id)
    if as_json:
        print_json(asdict(result))
        return
    sentence = _("{receipts} receipts taken in, {looked_up} unclear deliveries looked up.")
    print_lines(sentence.format(receipts=result.receipts, looked_up=result.looked_up))
    print_table([_("state"), _("numbers")], ledger_rows(result.ledger, sum(result.ledger.values())))
