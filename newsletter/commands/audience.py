"""``audience``: saving who gets an edition under a name, counting them, looking at what was saved."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newsletter.commands.flag_pairs import NO_VALUE, read_pair
from newsletter.commands.options import JsonOption, command_group, parse_id
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import join_words, mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from newsletter.newsroom import Newsroom
    from newsletter.subscribers.audience.definitions import AudienceDefinition
    from newsletter.subscribers.audience.told_counts import DeskCount

_BY_CHOICES: Final = "region|unit|profession|standing|mobile|retired|channel|place"
#: Why numbers are not written to, besides those who opted out.
EXCLUSION_LABELS: Final = {
    "invalid": mark("unusable number"),
    "no_consent": mark("no express consent"),
    "outside_unit": mark("outside the paper's unit"),
}

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
        list[bool] | None,
        typer.Option(
            "--mobile/--not-mobile", metavar=NO_VALUE, help=mark("Only people away from home, or only others.")
        ),
    ] = None,
    retired: Annotated[
        list[bool] | None,
        typer.Option("--retired/--not-retired", metavar=NO_VALUE, help=mark("Only retired people, or only others.")),
    ] = None,
    channels: Annotated[
        Several, typer.Option("--channel", metavar="full-text|mms", help=mark("Who prefer this; may be repeated."))
    ] = None,
    languages: Annotated[
        Several, typer.Option("--language", metavar="zh-CN|en", help=mark("Who read this; may be repeated."))
    ] = None,
    large_type: Annotated[
        list[bool] | None,
        typer.Option(
            "--large-type/--not-large-type",
            metavar=NO_VALUE,
            help=mark("Only people who want large type, or only others."),
        ),
    ] = None,
    places: Annotated[
        Several,
        typer.Option(
            "--place", metavar="REGION", help=mark("Away from home, and living in this province now; may be repeated.")
        ),
    ] = None,
    excluded: Annotated[
        Several, typer.Option("--except", metavar="NAME", help=mark("Leave out this audience; may be repeated."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Save an audience: values of one option are alternatives, different options must all hold."""
    from newsletter.subscribers.audience import audiences as rules

    newsroom = open_newsroom(context)
    with newsroom.writing() as session:
        definition = rules.make_definition(
            session,
            regions=regions or (),
            units=units or (),
            professions=professions or (),
            standings=standings or (),
            mobile=read_pair(mobile, "--mobile", "--not-mobile"),
            retired=read_pair(retired, "--retired", "--not-retired"),
            excluded={
                other: rules.newest_definition(session, rules.get_visible_audience(session, newsroom, other))
                for other in excluded or ()
            },
            channels=channels or (),
            languages=languages or (),
            own_language=newsroom.settings.newsroom.language,
            large_type=read_pair(large_type, "--large-type", "--not-large-type"),
            places=places or (),
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
        str | None,
        typer.Option("--paper", metavar="PAPER", help=mark("Whose opt-outs and whose units count; without it: main.")),
    ] = None,
    by: Annotated[
        Several, typer.Option("--by", metavar=_BY_CHOICES, help=mark("Break down by this; may be given several times."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Count an audience as it is now: people, numbers, who is left out and why, and how many can be reached."""
    from newsletter.subscribers.audience.breakdown import parse_traits
    from newsletter.subscribers.audience.told_counts import count_for_desk

    newsroom = open_newsroom(context)
    counted = count_for_desk(newsroom, name, paper=paper, by=parse_traits(by or ()))
    rows = _name_groups(newsroom, counted)
    if as_json:
        breakdown = {"by": [trait.value for trait in counted.by], "rows": rows} if counted.by else {}
        head = {"audience": counted.name, "version": counted.version}
        print_json({**head, **counted.told.document(), **breakdown})
        return
    _print_count(counted)
    if counted.by:
        _print_groups(counted, rows)


def _print_count(counted: "DeskCount") -> None:
    told = counted.told
    if told.reachable is None:
        sentence = _("{name}: {people} people on {numbers} numbers.")
        print_lines(sentence.format(name=counted.name, people=told.people, numbers=told.numbers))
        return
    sentence = _("{name}: {people} people on {numbers} numbers; {suppressed} opted out, {reachable} can be reached.")
    document = told.document()
    print_lines(sentence.format(name=counted.name, **document))
    numbers = document["excluded"]
    others = [f"{_(label)} {numbers[reason]}" for reason, label in EXCLUSION_LABELS.items() if numbers[reason]]
    if others:
        print_lines(_("Not written to besides: {reasons}").format(reasons=join_words(others)))


def _print_groups(counted: "DeskCount", rows: list[dict[str, Any]]) -> None:
    from newsletter.statistics.trait_names import trait_heading

    is_told = counted.told.reachable is not None
    lines = [
        [
            *(row[f"{trait}_label"] for trait in counted.by),
            row["people"],
            row["numbers"],
            *([row["reachable"]] if is_told else []),
        ]
        for row in rows
    ]
    headings = [*(trait_heading(trait) for trait in counted.by), _("people"), _("numbers")]
    print_table([*headings, *([_("reachable")] if is_told else [])], lines)


def _name_groups(newsroom: "Newsroom", counted: "DeskCount") -> list[dict[str, Any]]:
    from newsletter.statistics.trait_names import load_trait_names, name_trait

    if not counted.by:
        return []
    with newsroom.reading() as session:
        names = load_trait_names(session, counted.by)
    return [
        {
            **{
                field: value
                for trait, part in zip(counted.by, group.key, strict=True)
                for field, value in zip((trait.value, f"{trait}_label"), name_trait(names, trait, part), strict=True)
            },
            "people": group.people,
            "numbers": group.numbers,
            **({} if reachable is None else {"reachable": reachable}),
        }
        for group, reachable in zip(counted.groups, counted.reachable, strict=True)
    ]


@audience.command("list")
def list_saved(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the audiences."""
    from newsletter.subscribers.audience import audiences as rules

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
    from newsletter.subscribers.audience import audiences as rules

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
    print_lines(*_draw_excluded(definition))


def _draw_excluded(definition: "AudienceDefinition", depth: int = 1) -> "Iterator[str]":
    """What is left out, and what of that is not, a level deeper each time."""
    for name, other in zip(definition.excluded_names, definition.excluded, strict=True):
        meaning = describe_definition(other)
        yield "  " * depth + _("except {name}: {meaning}").format(name=name, meaning=meaning)
        yield from _draw_excluded(other, depth + 1)


def describe_definition(definition: "AudienceDefinition") -> str:
    """A definition in one line."""
    from newsletter.subscribers import words
    from newsletter.subscribers.provinces import province_label

    def name(table: "Mapping[str, str]", codes: "Iterable[str]") -> list[str]:
        return [words.label(table, code) for code in codes]

    flags = {
        _("mobile"): definition.mobile,
        _("retired"): definition.retired,
        _("large type"): definition.large_type,
    }
    values = {
        _("region"): definition.regions,
        _("unit"): definition.units,
        _("profession"): name(words.PROFESSIONS, definition.professions),
        _("standing"): name(words.STANDINGS, definition.standings),
        _("channel"): name(words.WISHES, definition.channels),
        _("language"): name(words.LANGUAGES, filter(None, definition.languages)),
        _("away in"): [province_label(code) for code in definition.places],
    }
    either = _(" | ")
    parts = [f"{label} {either.join(codes)}" for label, codes in values.items() if codes]
    parts += [
        label if flag else _("not {label}").format(label=label) for label, flag in flags.items() if flag is not None
    ]
    if definition.excluded_names:
        parts.append(_("except {names}").format(names=join_words(definition.excluded_names)))
    return _("; ").join(parts) or _("everyone")
