"""``subscribers add``, ``update``, ``history``: one person of the register, at the desk."""

import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import typer

from newsletter.commands.flag_pairs import NO_VALUE, read_pair
from newsletter.commands.options import JsonOption, parse_id
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.commands.subscribers import subscribers
from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.subscribers.histories import Happened
    from newsletter.subscribers.models import Status, Subscriber

#: Says that a value is on standard input, so that it stands in no shell's history.
_STDIN: Final = "-"

IdArgument = Annotated[
    int, typer.Argument(metavar="ID", parser=parse_id, help=mark("The subscriber's number, as printed."))
]
NumberOption = Annotated[
    str | None, typer.Option("--number", metavar="N", help=mark("Mobile number; - reads it from standard input."))
]
NoNumberOption = Annotated[bool, typer.Option("--no-number", help=mark("They have no number."))]
NameOption = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help=mark("Name; - reads it from standard input."))
]
HomeOption = Annotated[str | None, typer.Option("--unit", metavar="UNIT", help=mark("A unit's code or exact name."))]
ProfessionOption = Annotated[
    str | None, typer.Option("--profession", metavar="P", help=mark("Code or label; none: not known."))
]
StandingOption = Annotated[str | None, typer.Option("--standing", metavar="S", help=mark("Code or label."))]
MobileOption = Annotated[
    list[bool] | None, typer.Option("--mobile/--not-mobile", metavar=NO_VALUE, help=mark("Away from home, or not."))
]
RetiredOption = Annotated[
    list[bool] | None, typer.Option("--retired/--not-retired", metavar=NO_VALUE, help=mark("Retired, or not."))
]
RegionOption = Annotated[
    str | None, typer.Option("--region", metavar="CODE", help=mark("Region; without it: the unit's."))
]
ChannelOption = Annotated[
    str | None, typer.Option("--channel", metavar="full-text|mms|none", help=mark("How they want to be written to."))
]
LanguageOption = Annotated[
    str | None, typer.Option("--language", metavar="zh-CN|en|none", help=mark("In which language, if not as all."))
]
LargeOption = Annotated[
    list[bool] | None,
    typer.Option("--large-type/--not-large-type", metavar=NO_VALUE, help=mark("Pages for weak eyes, or not.")),
]
PlaceOption = Annotated[
    str | None,
    typer.Option("--place", metavar="TEXT", help=mark("Where they live now; none: not known; - reads standard input.")),
]
OnOption = Annotated[
    str | None, typer.Option("--on", metavar="YYYY-MM-DD", help=mark("The day it happened, where it is known."))
]


def mount(_app: typer.Typer) -> None:
    """Put these commands among those of ``subscribers``."""
    subscribers.command("add")(add)
    subscribers.command("update")(update)
    subscribers.command("history")(history)


def add(
    context: typer.Context,
    unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help=mark("A unit's code or exact name."))],
    number: NumberOption = None,
    no_number: NoNumberOption = False,
    name: NameOption = None,
    profession: ProfessionOption = None,
    standing: StandingOption = None,
    mobile: MobileOption = None,
    retired: RetiredOption = None,
    region: RegionOption = None,
    channel: ChannelOption = None,
    language: LanguageOption = None,
    large_type: LargeOption = None,
    place: PlaceOption = None,
    on: OnOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add one person to the register.

    Numbers and names typed on a command line stay in the shell's history: with - they are read from standard input,
    a line each, number first, then name, then place.
    """
    from newsletter.subscribers.desk_words import DeskWords
    from newsletter.subscribers.enrolling import add_person

    number, name, place = _read_secrets(_number(number, no_number=no_number), name, place)
    words = DeskWords(
        number=number,
        name=name,
        unit=unit,
        profession=profession,
        standing=standing,
        mobile=read_pair(mobile, "--mobile", "--not-mobile"),
        retired=read_pair(retired, "--retired", "--not-retired"),
        region=region,
        channel=channel,
        language=language,
        large_type=read_pair(large_type, "--large-type", "--not-large-type"),
        place=place,
    )
    newsroom = open_newsroom(context)
    person = add_person(newsroom, words, on=_read_day(on))
    _answer(newsroom, person, _("Subscriber {subscriber} added."), is_changed=True, as_json=as_json)


def update(
    context: typer.Context,
    subscriber: IdArgument,
    number: NumberOption = None,
    no_number: NoNumberOption = False,
    name: NameOption = None,
    unit: HomeOption = None,
    profession: ProfessionOption = None,
    standing: StandingOption = None,
    mobile: MobileOption = None,
    retired: RetiredOption = None,
    region: RegionOption = None,
    channel: ChannelOption = None,
    language: LanguageOption = None,
    large_type: LargeOption = None,
    place: PlaceOption = None,
    left: Annotated[bool, typer.Option("--left", help=mark("They left: take them off the register."))] = False,
    died: Annotated[bool, typer.Option("--died", help=mark("They died: take them off the register."))] = False,
    back: Annotated[bool, typer.Option("--back", help=mark("They are back: put them on the register again."))] = False,
    on: OnOption = None,
    as_json: JsonOption = False,
) -> None:
    """Change what the register says of one person; what is not said stays.

    A number's opt-out stays with the number: who gets a new one is written to on that one.
    """
    from newsletter.subscribers.desk_words import DeskWords
    from newsletter.subscribers.enrolling import update_person

    fate = _read_fate(left=left, died=died, back=back)
    number, name, place = _read_secrets(_number(number, no_number=no_number), name, place)
    words = DeskWords(
        number=number,
        name=name,
        unit=unit,
        profession=profession,
        standing=standing,
        mobile=read_pair(mobile, "--mobile", "--not-mobile"),
        retired=read_pair(retired, "--retired", "--not-retired"),
        region=region,
        channel=channel,
        language=language,
        large_type=read_pair(large_type, "--large-type", "--not-large-type"),
        place=place,
    )
    newsroom = open_newsroom(context)
    person, is_changed = update_person(newsroom, subscriber, words, fate=fate, on=_read_day(on))
    sentence = _("Subscriber {subscriber} changed.") if is_changed else _("Subscriber {subscriber} is as you say.")
    _answer(newsroom, person, sentence, is_changed=is_changed, as_json=as_json)


def history(context: typer.Context, subscriber: IdArgument, as_json: JsonOption = False) -> None:
    """Show what happened to one person on the register."""
    from newsletter.subscribers.histories import read_history

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        events = read_history(session, newsroom, subscriber)
    if as_json:
        print_json({"subscriber": subscriber, "events": [event.document(newsroom) for event in events]})
        return
    headings = (_("recorded"), _("day"), _("what"), _("unit"), _("from or to"), _("standing"), _("status"), _("source"))
    print_table([*headings, _("by")], [_event_row(newsroom, event) for event in events])


def _event_row(newsroom: "Newsroom", event: "Happened") -> Sequence[object]:
    from newsletter.subscribers.words import EVENTS, STANDINGS, STATUSES, WAYS, label

    return (
        f"{event.at.astimezone(newsroom.timezone):%Y-%m-%d %H:%M}",
        event.happened_on or "",
        label(EVENTS, event.kind),
        event.unit_name,
        event.other_unit,
        label(STANDINGS, event.standing),
        label(STATUSES, event.status),
        label(WAYS, event.source),
        event.by,
    )


def _number(number: str | None, *, no_number: bool) -> str | None:
    if number is not None and no_number:
        raise InputError(_("--number and --no-number contradict each other."), hint=_("Leave one out."))
    return "" if no_number else number


def _read_secrets(*values: str | None) -> list[str | None]:
    """Each value, or the next line of standard input where it is ``-``."""
    names = (_("Number"), _("Person's name"), _("Present place"))
    return [_next_line(name) if value == _STDIN else value for name, value in zip(names, values, strict=True)]


def _next_line(name: str) -> str:
    if sys.stdin.isatty():
        sys.stderr.write(f"{name}: ")
        sys.stderr.flush()
    line = sys.stdin.readline()
    if not line.strip():
        raise InputError(_("{name}: nothing came in on standard input.").format(name=name))
    return line.strip()


def _read_fate(*, left: bool, died: bool, back: bool) -> "Status | None":
    from newsletter.subscribers.models import Status

    said = [status for status, is_said in ((Status.LEFT, left), (Status.DIED, died), (Status.ACTIVE, back)) if is_said]
    if len(said) > 1:
        raise InputError(_("--left, --died and --back contradict each other."), hint=_("Leave one out."))
    return said[0] if said else None


def _read_day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(_("{day} is not a day: YYYY-MM-DD.").format(day=text[:20])) from error


def _answer(newsroom: "Newsroom", person: "Subscriber", sentence: str, *, is_changed: bool, as_json: bool) -> None:
    from newsletter.organisation.units import Unit
    from newsletter.subscribers.registering import mask_person

    if not as_json:
        print_lines(sentence.format(subscriber=person.id))
        return
    number, name = mask_person(newsroom.data_keys, person)
    with newsroom.reading() as session:
        unit = session.get_one(Unit, person.unit_id)
    told = {"subscriber": person.id, "number": number, "name": name, "unit": unit.code, "status": person.status}
    print_json({**told, "changed": is_changed})
