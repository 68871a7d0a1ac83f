"""``subscribers``: looking at members, masked."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from newsletter.commands.options import JsonOption, UnitOption, YesOption, command_group, parse_count, parse_id
from newsletter.commands.output import note, print_json, print_lines, print_table
from newsletter.commands.session import confirm, open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import join_words, mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.subscribers.models import Status
    from newsletter.subscribers.register import MaskedSubscriber

subscribers = command_group(mark("Subscribers: who gets the paper."))

#: Columns of the list that are never broken over lines: id, number and name.
_WHOLE: Final = (0, 1, 2)

StatusOption = Annotated[
    str, typer.Option("--status", metavar="S", help=mark("active, numberless, left, died, or all."))
]
RevealOption = Annotated[
    bool, typer.Option("--reveal", help=mark("Show full numbers and names; asks, and is kept in the journal."))
]
PurposeOption = Annotated[
    str | None, typer.Option("--purpose", metavar="TEXT", help=mark("What they are needed for; kept in the journal."))
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help=mark("Write to this file, readable by you only."))
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(subscribers, name="subscribers")


@subscribers.command("list")
def list_page(
    context: typer.Context,
    unit: UnitOption = None,
    region: Annotated[
        str | None, typer.Option("--region", metavar="CODE", help=mark("Only people of this region."))
    ] = None,
    status: StatusOption = "active",
    profession: Annotated[
        list[str] | None, typer.Option("--profession", metavar="P", help=mark("Only these: code or label."))
    ] = None,
    standing: Annotated[
        list[str] | None, typer.Option("--standing", metavar="S", help=mark("Only these: code or label."))
    ] = None,
    mobile: Annotated[
        bool | None, typer.Option("--mobile/--not-mobile", help=mark("Only people away from home, or not."))
    ] = None,
    retired: Annotated[
        bool | None, typer.Option("--retired/--not-retired", help=mark("Only retired people, or not."))
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", parser=parse_count, help=mark("How many at most."))
    ] = 50,
    after: Annotated[
        int | None, typer.Option("--after", metavar="ID", parser=parse_id, help=mark("Begin behind this subscriber."))
    ] = None,
    reveal: RevealOption = False,
    purpose: PurposeOption = None,
    out: OutOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """List subscribers, numbers and names masked."""
    from newsletter.organisation.scope import raise_if_not_visible, visible_unit_ids
    from newsletter.organisation.units import get_unit
    from newsletter.subscribers import register
    from newsletter.subscribers.audience.definitions import make_definition

    statuses, newsroom = _parse_status(status), open_newsroom(context)
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        definition = make_definition(
            session,
            units=[unit] if unit else [],
            regions=[region] if region else [],
            professions=profession or [],
            standings=standing or [],
            mobile=mobile,
            retired=retired,
        )
        for code in definition.units:
            raise_if_not_visible(session, newsroom, get_unit(session, code).id or 0)
        people = register.list_subscribers(
            session, definition, unit_ids=scope, statuses=statuses, after=after or 0, limit=limit
        )
        masked = [register.mask_subscriber(session, newsroom.data_keys, person) for person in people]
    following = masked[-1].subscriber if len(masked) == limit else None
    shown = _reveal(newsroom, masked, purpose, "list", yes) if reveal else masked
    _answer(shown, {"next": following}, out=out, as_json=as_json)
    if following is not None and not as_json:
        note(context, _("There may be more: --after {subscriber}").format(subscriber=following))


@subscribers.command("show")
def show(
    context: typer.Context,
    subscriber: Annotated[
        int, typer.Argument(metavar="ID", parser=parse_id, help=mark("The subscriber's number, as printed."))
    ],
    reveal: RevealOption = False,
    purpose: PurposeOption = None,
    out: OutOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show one subscriber, number and name masked."""
    from newsletter.organisation.scope import raise_if_not_visible
    from newsletter.subscribers import register

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        person = register.get_subscriber(session, subscriber)
        raise_if_not_visible(session, newsroom, person.unit_id)
        shown = [register.mask_subscriber(session, newsroom.data_keys, person)]
    if reveal:
        shown = _reveal(newsroom, shown, purpose, "show", yes)
    if as_json and out is None:
        print_json(shown[0].document())
    elif out is None:
        _print_person(shown[0])
    else:
        _answer(shown, {}, out=out, as_json=as_json)


@subscribers.command("find")
def find(
    context: typer.Context,
    number: Annotated[
        str, typer.Argument(metavar="NUMBER", help=mark("A mobile number; - reads it from standard input."))
    ],
    reveal: RevealOption = False,
    purpose: PurposeOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find the people on a number, masked; a number typed on a command line stays in the shell's history."""
    from newsletter.organisation.scope import visible_unit_ids
    from newsletter.subscribers import register
    from newsletter.subscribers.phones import normalise_number

    newsroom = open_newsroom(context)
    number_key = newsroom.data_keys.number_key(normalise_number(read_number(number)))
    with newsroom.reading() as session:
        people = register.find_people(session, number_key, visible_unit_ids(session, newsroom))
        shown = [register.mask_subscriber(session, newsroom.data_keys, person) for person in people]
    if reveal:
        shown = _reveal(newsroom, shown, purpose, "find", yes)
    _answer(shown, {}, out=None, as_json=as_json)


def read_number(number: str) -> str:
    """A number as given, or the first line of standard input where it is ``-``."""
    return sys.stdin.readline() if number == "-" else number


def _parse_status(word: str) -> "list[Status]":
    from newsletter.errors import InputError
    from newsletter.subscribers.models import Status

    if word == "all":
        return list(Status)
    try:
        return [Status(word.strip().casefold())]
    except ValueError as error:
        choices = join_words([*Status, "all"])
        raise InputError(_("{word} is none of {choices}.").format(word=word[:40], choices=choices)) from error


def _reveal(
    newsroom: "Newsroom", masked: "list[MaskedSubscriber]", purpose: str | None, what: str, yes: bool
) -> "list[MaskedSubscriber]":
    """The same people in full, once somebody agreed and the journal says so."""
    from newsletter.organisation.roles import Right
    from newsletter.organisation.staff import require_right
    from newsletter.subscribers.privacy.disclosing import check_purpose
    from newsletter.subscribers.privacy.revealing import reveal_people

    purpose = check_purpose(purpose or "")
    with newsroom.reading() as session:
        require_right(session, newsroom, Right.REVEAL, None)
    if not masked:
        return masked
    confirm(
        _("Show {count} people's full numbers and names? The journal will say so.").format(count=len(masked)), yes=yes
    )
    return reveal_people(newsroom, [person.subscriber for person in masked], purpose=purpose, what=what)


def _answer(shown: "list[MaskedSubscriber]", more: dict[str, Any], *, out: Path | None, as_json: bool) -> None:
    document = {"subscribers": [person.document() for person in shown], **more}
    if out is not None:
        from newsletter.files import write_whole

        content = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        write_whole(out, content.encode(), is_private=True)
        document = {"file": str(out), "count": len(shown), **more}
    if as_json:
        print_json(document)
    elif out is not None:
        print_lines(_("{count} people in {file}").format(count=len(shown), file=out))
    else:
        _print_people(shown)


def _print_people(people: "list[MaskedSubscriber]") -> None:
    """What tells people apart, in a table that a terminal of 80 columns holds; the rest is what ``show`` says."""
    from newsletter.subscribers.words import PROFESSIONS, STANDINGS, label

    headings = (_("id"), _("number"), _("person"), _("unit"), _("profession"), _("standing"), _("note"))
    rows = [
        (
            person.subscriber,
            person.number,
            person.name,
            person.unit_name,
            label(PROFESSIONS, person.profession),
            label(STANDINGS, person.standing),
            join_words(_remarks(person)),
        )
        for person in people
    ]
    print_table(headings, rows, whole=_WHOLE)


def _remarks(person: "MaskedSubscriber") -> list[str]:
    """What is so of few people: not on the register, away from home, retired."""
    from newsletter.subscribers.models import Status
    from newsletter.subscribers.words import STATUSES, label

    said = [] if person.status == Status.ACTIVE else [label(STATUSES, person.status)]
    said += [_("mobile")] if person.mobile else []
    return [*said, _("retired")] if person.retired else said


def _print_person(person: "MaskedSubscriber") -> None:
    """Everything that may be shown of one person, a line each."""
    from newsletter.subscribers.provinces import province_label
    from newsletter.subscribers.words import LANGUAGES, PROFESSIONS, STANDINGS, STATUSES, WISHES, label

    words = {True: _("yes"), False: _("no")}
    wishes = [label(WISHES, person.channel), label(LANGUAGES, person.language)]
    wishes += [_("large type")] if person.large_type else []
    rows = [
        (_("id"), str(person.subscriber)),
        (_("number"), person.number),
        (_("person"), person.name),
        (_("unit"), person.unit_name),
        (_("region"), person.region_code),
        (_("profession"), label(PROFESSIONS, person.profession)),
        (_("standing"), label(STANDINGS, person.standing)),
        (_("mobile"), words[person.mobile]),
        (_("retired"), words[person.retired]),
        (_("present place"), " ".join(filter(None, (province_label(person.place_region), person.place)))),
        (_("prefers"), join_words(filter(None, wishes))),
        (_("status"), label(STATUSES, person.status)),
    ]
    print_lines(*(_("{name}: {value}").format(name=name, value=value or "–") for name, value in rows))
