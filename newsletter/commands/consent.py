"""``consent``: who agreed to be written to, to which wording, and what shows it."""

import re
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from newsletter.commands.options import DONE_IN_PART, JsonOption, command_group, parse_id
from newsletter.commands.optouts import ListArgument, print_list_result
from newsletter.commands.output import note, print_json, print_lines, print_table, progress_bar
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.subscribers.leaving.consent_desk import RecordedConsent

consent = command_group(mark("Consent: who agreed to be written to."))
wording = command_group(mark("The wordings people agree to."))
consent.add_typer(wording, name="wording")

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def parse_day(text: str) -> date:
    """A day as typed: ``2026-11-05``.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        if _DAY.fullmatch(str(text).strip()):
            return date.fromisoformat(str(text).strip())
    except ValueError:
        pass
    raise typer.BadParameter(_("{text} is not a date; write it as 2026-11-05.").format(text=str(text)[:20]))


WordingOption = Annotated[
    int, typer.Option("--wording", metavar="VERSION", parser=parse_id, help=mark("The version they agreed to."))
]
ChannelOption = Annotated[
    str, typer.Option("--channel", metavar="CHANNEL", help=mark("How it was given: form, phone, visit, desk."))
]
ProofOption = Annotated[
    str, typer.Option("--proof", metavar="TEXT", help=mark("What shows it: where the form is kept …; kept encrypted."))
]
OnOption = Annotated[
    date | None,
    typer.Option("--on", metavar="DATE", parser=parse_day, help=mark("The day it was given; else today.")),
]
HolderArgument = Annotated[str, typer.Argument(metavar="NUMBER", help=mark("Whose consent it is."))]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(consent, name="consent")


@wording.command("add")
def add(
    context: typer.Context,
    text: Annotated[str, typer.Argument(metavar="FILE|TEXT", help=mark("A text file, or the wording itself."))],
    as_json: JsonOption = False,
) -> None:
    """Keep a wording as the newest version."""
    from newsletter.subscribers.leaving.consent_desk import add_wording
    from newsletter.text_files import read_text_file

    found = add_wording(open_newsroom(context), read_text_file(Path(text)) if _is_file(text) else text)
    if as_json:
        print_json({"version": found.version, "text": found.text})
    else:
        print_lines(_("Wording {version} is kept.").format(version=found.version))


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:
        return False


@wording.command("list")
def list_all(context: typer.Context, as_json: JsonOption = False) -> None:
    """List all wordings."""
    from newsletter.instants import to_iso
    from newsletter.organisation.staff import require_staff
    from newsletter.subscribers.leaving.consent import list_wordings

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        found = list_wordings(session)
    documents = [
        {"version": kept.version, "text": kept.text, "at": to_iso(kept.at, newsroom.timezone)} for kept in found
    ]
    if as_json:
        print_json({"wordings": documents})
        return
    rows = [(row["version"], str(row["at"])[:10], row["text"]) for row in documents]
    print_table([_("version"), _("date"), _("text")], rows, title=_("Wordings"))


@consent.command("record")
def record(
    context: typer.Context,
    number: HolderArgument,
    wording_version: WordingOption,
    channel: ChannelOption,
    proof: ProofOption,
    on: OnOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record that somebody agreed to be written to."""
    from newsletter.subscribers.leaving.consent_desk import record_consent

    newsroom = open_newsroom(context)
    found = record_consent(newsroom, number, wording=wording_version, channel=channel, proof=proof, on=on)
    _show(context, newsroom, number, found, as_json=as_json)


@consent.command("withdraw")
def withdraw(
    context: typer.Context,
    number: HolderArgument,
    channel: Annotated[
        str, typer.Option("--channel", metavar="CHANNEL", help=mark("How they said so: form, phone, visit, desk."))
    ] = "desk",
    proof: Annotated[
        str, typer.Option("--proof", metavar="TEXT", help=mark("What shows it, if anything; kept encrypted."))
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Record that somebody took their consent back."""
    from newsletter.subscribers.leaving.consent_desk import withdraw_consent

    newsroom = open_newsroom(context)
    found = withdraw_consent(newsroom, number, channel=channel, proof=proof)
    _show(context, newsroom, number, found, as_json=as_json)
    if not newsroom.settings.privacy.require_consent:
        note(context, _("Members are written to without consent here; if they want nothing any more: optout NUMBER"))


def _show(
    context: typer.Context, newsroom: "Newsroom", number: str, found: "RecordedConsent", *, as_json: bool
) -> None:
    from newsletter.instants import to_iso
    from newsletter.subscribers.phones import mask_number, normalise_number

    masked = mask_number(normalise_number(number))
    if as_json:
        print_json(
            {
                "number": masked,
                "number_key": found.number_key,
                "kind": found.kind,
                "wording": found.wording,
                "channel": found.channel,
                "at": to_iso(found.at, newsroom.timezone),
                "counts": found.is_last,
            }
        )
        return
    sentences = {
        "given": _("{number}: consent to wording {version} is recorded."),
        "withdrawn": _("{number}: consent is withdrawn."),
    }
    print_lines(sentences[found.kind].format(number=masked, version=found.wording))
    if found.is_overruled:
        note(context, _("A later word stands against it, so it changes nothing."))
    elif not found.is_last:
        note(context, _("A later word says the same, and counts."))


@consent.command("import")
def import_file(
    context: typer.Context,
    file: ListArgument,
    wording_version: WordingOption,
    channel: ChannelOption,
    proof: ProofOption,
    on: OnOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record the consent of a list of numbers; whose consent to this wording is known stays as it is."""
    from newsletter.subscribers.leaving.consent_desk import import_consents

    newsroom = open_newsroom(context)
    with progress_bar(context, _("Importing")) as progress:
        result = import_consents(
            newsroom, file, wording=wording_version, channel=channel, proof=proof, on=on, progress=progress
        )
    print_list_result(file, result, as_json=as_json)
    if result.rejected:
        raise typer.Exit(DONE_IN_PART)


@consent.command("list")
def list_counts(context: typer.Context, as_json: JsonOption = False) -> None:
    """Count the numbers whose holders agreed, by wording and by the way it came."""
    from newsletter.subscribers.leaving.consent import count_consents
    from newsletter.subscribers.leaving.consent_desk import require_consent
    from newsletter.subscribers.words import WAYS, label

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_consent(session, newsroom)
        counts = count_consents(session)
    if as_json:
        print_json({"consents": [asdict(count) for count in counts]})
        return
    labels = {"given": _("agreed"), "withdrawn": _("withdrawn")}
    rows = [(labels[count.kind], count.wording or "", label(WAYS, count.channel), count.numbers) for count in counts]
    print_table([_("consent"), _("wording"), _("channel"), _("numbers")], rows, title=_("Consent"))
