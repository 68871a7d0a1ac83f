"""``subscribers erase``, ``subscribers export``, ``retention``: what people may ask for, and what is kept no longer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.commands.options import DONE_IN_PART, JsonOption, UnitOption, YesOption, parse_id
from newsletter.commands.output import note, print_json, print_lines, print_table, progress_bar, warn
from newsletter.commands.session import confirm, open_newsroom
from newsletter.commands.subscribers import read_number, subscribers
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.delivery.forgetting import Erasure
    from newsletter.delivery.retention import Retention
    from newsletter.newsroom import Newsroom

NumberArgument = Annotated[
    str | None, typer.Argument(metavar="[NUMBER]", help=mark("A mobile number; - reads it from standard input."))
]
IdOption = Annotated[
    int | None, typer.Option("--id", metavar="ID", parser=parse_id, help=mark("The subscriber's number, as printed."))
]
PurposeOption = Annotated[
    str, typer.Option("--purpose", metavar="TEXT", help=mark("What it is needed for; kept in the journal."))
]


def mount(app: typer.Typer) -> None:
    """Put these commands among those of ``subscribers``, and ``retention`` under the root."""
    subscribers.command("erase")(erase)
    subscribers.command("export")(export)
    app.command("retention")(retention)


def erase(
    context: typer.Context,
    reason: Annotated[str, typer.Option("--reason", metavar="R", help=mark("Why; kept in the journal."))],
    number: NumberArgument = None,
    subscriber: IdOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Erase everybody on a number, or one person; that a number left, and the counts, stay."""
    from newsletter.delivery.forgetting import erase_subscribers
    from newsletter.subscribers.privacy.disclosing import check_purpose

    check_purpose(reason)
    newsroom = open_newsroom(context)
    ids = _find_people(newsroom, number, subscriber)
    confirm(_("Erase {count} people for good?").format(count=len(ids)), yes=yes)
    erased = erase_subscribers(newsroom, ids, reason=reason)
    if as_json:
        print_json(erased.as_document())
    else:
        _print_erasure(erased)


def _find_people(newsroom: "Newsroom", number: str | None, subscriber: int | None) -> list[int]:
    from newsletter.delivery.own_data import people_on
    from newsletter.organisation.roles import Right
    from newsletter.organisation.staff import require_right
    from newsletter.subscribers.register import get_subscriber

    _raise_unless_one(number, subscriber)
    with newsroom.reading() as session:
        require_right(session, newsroom, Right.ERASE, None)
        if subscriber is not None:
            people = [get_subscriber(session, subscriber)]
        else:
            people = list(people_on(session, newsroom, read_number(number or "")))
        for person in people:
            require_right(session, newsroom, Right.ERASE, person.unit_id)
        return [person.id or 0 for person in people]


def _raise_unless_one(number: str | None, subscriber: int | None) -> None:
    if (number is None) == (subscriber is None):
        raise InputError(_("Say whom: a number, or --id ID; not both."))


def _print_erasure(erased: "Erasure") -> None:
    print_lines(
        _("People erased: {count}; statement {number} of the journal says so.").format(
            count=len(erased.subscribers), number=erased.statement
        )
    )
    if erased.is_wiped is False:
        warn(_("The database was in use: what was erased may still lie in its file until `newsletter retention` runs."))


def export(
    context: typer.Context,
    purpose: PurposeOption,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help=mark("Where to; readable by you only. An extract: .csv, .xlsx.")),
    ],
    number: NumberArgument = None,
    subscriber: IdOption = None,
    unit: UnitOption = None,
    masked: Annotated[bool, typer.Option("--masked", help=mark("An extract with numbers and names masked."))] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write all that is held about one person, or an extract of the register (--unit), to a file."""
    from newsletter.subscribers.privacy.disclosing import check_purpose

    check_purpose(purpose)
    newsroom = open_newsroom(context)
    if unit is None:
        found = _find_one(newsroom, number, subscriber)
        question = _("Write all that is held about subscriber {subscriber} to {file}? The journal will say so.")
        confirm(question.format(subscriber=found, file=out), yes=yes)
        _export_person(newsroom, found, out, purpose, as_json=as_json)
        return
    if number is not None or subscriber is not None:
        raise InputError(_("Say a person or a unit, not both."))
    from newsletter.subscribers.privacy.exporting import count_extract, export_register

    count = count_extract(newsroom, unit)
    confirm(_("Write {count} people's data to {file}? The journal will say so.").format(count=count, file=out), yes=yes)
    written = export_register(newsroom, unit, out, purpose=purpose, is_masked=masked)
    if as_json:
        print_json(written.as_document())
    else:
        print_lines(_("{count} people in {file}").format(count=written.people, file=out))


def _find_one(newsroom: "Newsroom", number: str | None, subscriber: int | None) -> int:
    from newsletter.delivery.own_data import find_person
    from newsletter.organisation.roles import Right
    from newsletter.organisation.staff import require_right
    from newsletter.organisation.units import ROOT, get_unit

    _raise_unless_one(number, subscriber)
    with newsroom.reading() as session:
        require_right(session, newsroom, Right.EXPORT, get_unit(session, ROOT).id)
    return find_person(newsroom, read_number(number) if number else None, subscriber)


def _export_person(newsroom: "Newsroom", subscriber: int, out: Path, purpose: str, *, as_json: bool) -> None:
    from newsletter.delivery.own_data import export_own_data

    counts = export_own_data(newsroom, subscriber, out, purpose=purpose)
    if as_json:
        print_json({"subscriber": subscriber, "file": str(out), **counts})
    else:
        sentence = _("All that is held about subscriber {subscriber} is in {file}")
        print_lines(sentence.format(subscriber=subscriber, file=out))


def retention(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=mark("Only say what would be removed."))] = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Remove what is kept longer than the settings say; for a nightly job."""
    from newsletter.delivery.retention import apply_retention, due_retention

    newsroom = open_newsroom(context)
    found = due_retention(newsroom)
    if found.total and not dry_run:
        question = _("Erase {people} people who left, remove {replies} replies, make {deliveries} deliveries nobody's?")
        told = question.format(people=found.people, replies=found.replies, deliveries=found.deliveries)
        confirm(told, yes=yes)
        with progress_bar(context, _("Removing")) as progress:
            found = apply_retention(newsroom, progress=progress)
    if as_json:
        print_json(found.as_document())
    else:
        _print_retention(context, found, is_dry=dry_run)
    if found.is_wiped is False:
        raise typer.Exit(DONE_IN_PART)


def _print_retention(context: typer.Context, found: "Retention", *, is_dry: bool) -> None:
    never = _("for ever")
    days = {name: never if days is None else str(days) for name, days in found.days.items()}
    heading = _("due for removal") if is_dry else _("removed")
    rows = [
        (_("people who left or died"), days["left"], found.people),
        (_("replies handled"), days["replies"], found.replies),
        (_("whose a delivery was"), days["deliveries"], found.deliveries),
    ]
    print_table([_("what"), _("kept, days"), heading], rows)
    if is_dry:
        note(context, _("This was a dry run; nothing was changed."))
    if all(kept is None for kept in found.days.values()):
        note(context, _("Nothing is ever removed: set [retention] in newsletter.toml."))
    if found.is_wiped is False:
        warn(_("The database was in use and could not be written anew; what was removed may still lie in its file."))
