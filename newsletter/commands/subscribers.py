"""``subscribers``: bringing members in from a file, and looking at them, masked."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.options import DONE_IN_PART, JsonOption, UnitOption, command_group, parse_id
from newsletter.commands.output import note, print_json, print_lines, print_table, progress_bar, warn
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.subscribers.importing import ImportResult
    from newsletter.subscribers.register import MaskedSubscriber

#: Rejected rows shown to a person; all of them are in ``--rejects`` and ``--json``.
_SHOWN_REJECTS = 20

subscribers = command_group(mark("Subscribers: who gets the paper."))

RejectsOption = Annotated[
    Path | None, typer.Option("--rejects", metavar="FILE", help=mark("Write the rejected rows to this CSV file."))
]
MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="COLUMN=FIELD", help=mark("Which field a column with another heading is.")),
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(subscribers, name="subscribers")


@subscribers.command("import")
def import_file(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=mark("CSV, UTF-8 or GB18030."))],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=mark("Check the file and change nothing in the newsroom."))
    ] = False,
    rejects: RejectsOption = None,
    mapping: MapOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import subscribers from a CSV file: good rows are kept, bad ones are told line by line."""
    from newsletter.subscribers.importing import import_subscribers

    newsroom = open_newsroom(context)
    with progress_bar(context, _("Importing")) as progress:
        result = import_subscribers(
            newsroom, file, mapping=mapping or [], rejects=rejects, is_dry=dry_run, progress=progress
        )
    if result.unknown_columns:
        columns = ", ".join(result.unknown_columns)
        warn(_("{file}: these columns are not known and were left out: {columns}.").format(file=file, columns=columns))
    if as_json:
        print_json(import_document(result))
    else:
        _print_import(context, file, result, is_dry=dry_run, has_rejects_file=rejects is not None)
    if result.rejected:
        raise typer.Exit(DONE_IN_PART)


def import_document(result: "ImportResult") -> dict[str, Any]:
    """An import as the JSON document of the command."""
    counts = {name: value for name, value in vars(result).items() if isinstance(value, int)}
    return {**counts, "rejects": [reject._asdict() for reject in result.rejects]}


def _print_import(
    context: typer.Context, file: Path, result: "ImportResult", *, is_dry: bool, has_rejects_file: bool
) -> None:
    for reject in result.rejects[:_SHOWN_REJECTS]:
        sentence = _("{file}, line {line}, {field}: {message}") if reject.field else _("{file}, line {line}: {message}")
        print_lines(sentence.format(file=file, line=reject.line, field=reject.field, message=reject.message))
    hidden = result.rejected - _SHOWN_REJECTS
    if hidden > 0:
        print_lines(_("… and {count} more rejected rows.").format(count=hidden))
    sentence = _(
        "{read} rows read: {added} added, {updated} updated, {unchanged} unchanged, {rejected} rejected;"
        " {suppressed} are on numbers that opted out."
    )
    print_lines(sentence.format(**import_document(result)))
    if is_dry:
        note(context, _("This was a dry run; nothing was changed."))
    elif result.rejected and not has_rejects_file:
        note(context, _("To get the rejected rows as a file to mend: --rejects FILE"))


@subscribers.command("list")
def list_page(
    context: typer.Context,
    unit: UnitOption = None,
    region: Annotated[
        str | None, typer.Option("--region", metavar="CODE", help=mark("Only people of this region."))
    ] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", parser=parse_id, help=mark("How many at most."))] = 50,
    after: Annotated[
        int | None, typer.Option("--after", metavar="ID", parser=parse_id, help=mark("Begin behind this subscriber."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List subscribers, numbers and names masked."""
    from newsletter.organisation.scope import raise_if_not_visible, visible_unit_ids
    from newsletter.organisation.units import get_unit
    from newsletter.subscribers import register
    from newsletter.subscribers.definitions import make_definition

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        definition = make_definition(session, units=[unit] if unit else [], regions=[region] if region else [])
        for code in definition.units:
            raise_if_not_visible(session, newsroom, get_unit(session, code).id or 0)
        people = register.list_subscribers(session, definition, unit_ids=scope, after=after or 0, limit=limit)
        masked = [register.mask_subscriber(session, newsroom.data_keys, person) for person in people]
    following = masked[-1].subscriber if len(masked) == limit else None
    if as_json:
        print_json({"subscribers": [person.document() for person in masked], "next": following})
        return
    _print_people(masked)
    if following is not None:
        note(context, _("There may be more: --after {subscriber}").format(subscriber=following))


@subscribers.command("show")
def show(
    context: typer.Context,
    subscriber: Annotated[
        int, typer.Argument(metavar="ID", parser=parse_id, help=mark("The subscriber's number, as printed."))
    ],
    as_json: JsonOption = False,
) -> None:
    """Show one subscriber, number and name masked."""
    from newsletter.organisation.scope import raise_if_not_visible
    from newsletter.subscribers import register

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        person = register.get_subscriber(session, subscriber)
        raise_if_not_visible(session, newsroom, person.unit_id)
        masked = register.mask_subscriber(session, newsroom.data_keys, person)
    if as_json:
        print_json(masked.document())
    else:
        _print_people([masked])


def _print_people(people: "list[MaskedSubscriber]") -> None:
    from newsletter.statistics.dimensions import Dimension
    from newsletter.statistics.labels import label_code

    headings = ("id", _("number"), _("person"), _("unit"), _("region"), _("profession"), _("standing"))
    words = {True: _("yes"), False: _("no")}
    rows = [
        (
            person.subscriber,
            person.number,
            person.name,
            person.unit_name,
            person.region_code,
            label_code(Dimension.PROFESSION, person.profession),
            label_code(Dimension.STANDING, person.standing),
            words[person.mobile],
            words[person.retired],
        )
        for person in people
    ]
    print_table([*headings, _("mobile"), _("retired")], rows)
