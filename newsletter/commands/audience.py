"""``audience``: saving who gets an edition under a name, counting them, looking at what was saved."""

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.commands.options import JsonOption, command_group, parse_id
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.subscribers.definitions import AudienceDefinition

audience = command_group(mark("Audiences: who gets an edition."))

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=mark("The audience's name."))]
Several = list[str] | None


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(audience, name="audience")


@audience.command("save")
def save(
    context: typer.Context,
    name: NameArgument,
    regions: Annotated[
        Several, typer.Option("--region", metavar="CODE", help=mark("People of this region; may be repeated."))
    ] = None,
    units: Annotated[
        Several, typer.Option("--unit", metavar="UNIT", help=mark("A unit and all under it; may be repeated."))
    ] = None,
    professions: Annotated[
        Several, typer.Option("--profession", metavar="P", help=mark("Of this profession; may be repeated."))
    ] = None,
    standings: Annotated[
        Several, typer.Option("--standing", metavar="S", help=mark("Of this standing; may be repeated."))
    ] = None,
    mobile: Annotated[
        bool | None, typer.Option("--mobile/--not-mobile", help=mark("Only people away from home, or only others."))
    ] = None,
    retired: Annotated[
        bool | None, typer.Option("--retired/--not-retired", help=mark("Only retired people, or only others."))
    ] = None,
    excluded: Annotated[
        Several, typer.Option("--except", metavar="NAME", help=mark("Leave out this audience; may be repeated."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Save an audience: values of one option are alternatives, different options must all hold."""
    from newsletter.subscribers import audiences as rules

    newsroom = open_newsroom(context)
    with newsroom.writing() as session:
        definition = rules.make_definition(
            session,
            regions=regions or (),
            units=units or (),
            professions=professions or (),
            standings=standings or (),
            mobile=mobile,
            retired=retired,
            excluded={
                other: rules.newest_definition(session, rules.get_visible_audience(session, newsroom, other))
                for other in excluded or ()
            },
        )
        saved = rules.save_audience(session, newsroom, name, definition)
        session.commit()
        # As it was saved: within the units of whoever saved it.
        definition = rules.newest_definition(session, saved)
    if as_json:
        print_json({"audience": saved.name, "version": saved.version, "definition": definition.document()})
        return
    sentence = _("Audience {name}, version {version}: {meaning}.")
    print_lines(sentence.format(name=saved.name, version=saved.version, meaning=describe_definition(definition)))


@audience.command("count")
def count(
    context: typer.Context,
    name: NameArgument,
    paper: Annotated[
        str | None, typer.Option("--paper", metavar="PAPER", help=mark("Whose opt-outs count; without it: main."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Count an audience as it is now: people, numbers, and how many of these can be reached."""
    from newsletter.organisation.papers import MAIN_PAPER, get_paper
    from newsletter.subscribers import audiences as rules

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        saved = rules.get_visible_audience(session, newsroom, name)
        definition = rules.newest_definition(session, saved)
        counted = rules.count_audience(session, definition, get_paper(session, paper or MAIN_PAPER).id or 0)
    if as_json:
        print_json({"audience": saved.name, "version": saved.version, **vars(counted)})
        return
    sentence = _("{name}: {people} people on {numbers} numbers; {suppressed} opted out, {reachable} can be reached.")
    print_lines(sentence.format(name=saved.name, **vars(counted)))


@audience.command("list")
def list_saved(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the audiences."""
    from newsletter.subscribers import audiences as rules

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        visible = rules.list_visible_audiences(session, newsroom)
        saved = [(found, rules.newest_definition(session, found)) for found in visible]
    if as_json:
        documents = [
            {"audience": found.name, "version": found.version, "definition": meaning.document()}
            for found, meaning in saved
        ]
        print_json({"audiences": documents})
        return
    rows = [(found.name, found.version, describe_definition(meaning)) for found, meaning in saved]
    print_table([_("name"), _("version"), _("meaning")], rows)


@audience.command("show")
def show(
    context: typer.Context,
    name: NameArgument,
    version: Annotated[
        int | None, typer.Option("--version", metavar="N", parser=parse_id, help=mark("Without it: the newest."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what an audience means, or meant in an earlier version."""
    from newsletter.subscribers import audiences as rules

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        saved = rules.get_visible_audience(session, newsroom, name)
        number = saved.version if version is None else version
        definition = rules.load_definition(session, saved.id or 0, number)
    if as_json:
        print_json({"audience": saved.name, "version": number, "definition": definition.document()})
        return
    sentence = _("Audience {name}, version {version}: {meaning}.")
    print_lines(sentence.format(name=saved.name, version=number, meaning=describe_definition(definition)))


def describe_definition(definition: "AudienceDefinition") -> str:
    """A definition in one line."""
    flags = {
        _("mobile"): definition.mobile,
        _("retired"): definition.retired,
    }
    values = {
        _("region"): definition.regions,
        _("unit"): definition.units,
        _("profession"): definition.professions,
        _("standing"): definition.standings,
    }
    parts = [f"{label} {' | '.join(codes)}" for label, codes in values.items() if codes]
    parts += [
        label if flag else _("not {label}").format(label=label) for label, flag in flags.items() if flag is not None
    ]
    if definition.excluded_names:
        parts.append(_("except {names}").format(names=", ".join(definition.excluded_names)))
    return "; ".join(parts) or _("everyone")
