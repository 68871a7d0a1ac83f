"""``staff``: who is at the desk, and what they may do."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands import staff_keys
from newsletter.commands.options import JsonOption, YesOption, command_group
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import confirm, open_newsroom
from newsletter.commands.staff_keys import PassphraseOption, PublicKeyOption, StaffArgument, ask_new_passphrase
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from sqlmodel import Session

    from newsletter.newsroom import Newsroom
    from newsletter.organisation.roles import Role
    from newsletter.organisation.staff import Staff

staff = command_group(mark("Staff: who is at the desk, with which role."))

RoleOption = Annotated[
    str, typer.Option("--role", metavar="ROLE", help=mark("admin, editor, reviewer, issuer, operator or analyst."))
]
GrantUnitOption = Annotated[
    str, typer.Option("--unit", metavar="UNIT", help=mark("The unit whose subtree the role is for."))
]
FromOption = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help=mark("The first day of the role; without it, today."))
]
UntilOption = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help=mark("The last day of the role; without it, for good."))
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    staff_keys.mount(staff)
    app.add_typer(staff, name="staff")


@staff.command("add")
def add(
    context: typer.Context,
    name: StaffArgument,
    role: RoleOption,
    unit: GrantUnitOption = "root",
    since: FromOption = None,
    until: UntilOption = None,
    public_key: PublicKeyOption = None,
    with_passphrase: PassphraseOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a person on staff: a first role, and a key made on this machine unless they made one on theirs."""
    newsroom, its_role = open_newsroom(context), _parse_role(role)
    dates = {"since": since, "until": until}
    if public_key is not None:
        person = _add_with_key(newsroom, name, its_role, unit, dates, public_key, with_passphrase)
    else:
        person = _add_with_new_key(newsroom, name, its_role, unit, dates, with_passphrase)
    document = {"name": person.name, "role": its_role, "unit": unit, "from": since, "until": until}
    if as_json:
        print_json({**document, "public_key": person.public_key})
        return
    from newsletter.journal.public_keys import fingerprint

    _say(document, _("{name} is on staff as {role} for {unit}."), as_json=False)
    print_lines(_("Fingerprint of the key: {fingerprint}").format(fingerprint=fingerprint(person.public_key)))


def _add_with_key(
    newsroom: "Newsroom",
    name: str,
    role: "Role",
    unit: str,
    dates: dict[str, str | None],
    public_key: str,
    with_passphrase: bool | None,
) -> "Staff":
    from newsletter.errors import InputError
    from newsletter.journal.public_keys import read_public_key
    from newsletter.organisation.enrolment import add_staff_with_key

    if with_passphrase is not None:
        raise InputError(
            _("A key made elsewhere got its passphrase there."),
            hint=_("Leave out --passphrase and --no-passphrase, or --public-key."),
        )
    return add_staff_with_key(newsroom, name, public_key=read_public_key(public_key), role=role, unit=unit, **dates)


def _add_with_new_key(
    newsroom: "Newsroom",
    name: str,
    role: "Role",
    unit: str,
    dates: dict[str, str | None],
    with_passphrase: bool | None,
) -> "Staff":
    from newsletter.organisation.enrolment import add_staff
    from newsletter.organisation.roles import GATE_ROLES

    wanted = role in GATE_ROLES if with_passphrase is None else with_passphrase
    return add_staff(
        newsroom,
        name,
        role=role,
        unit=unit,
        passphrase=ask_new_passphrase(name, with_passphrase) if wanted else None,
        may_lack_passphrase=with_passphrase is False,
        **dates,
    )


@staff.command("grant")
def grant(
    context: typer.Context,
    name: StaffArgument,
    role: RoleOption,
    unit: GrantUnitOption = "root",
    since: FromOption = None,
    until: UntilOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a person one more role, for good or for some days."""
    from newsletter.organisation.enrolment import give_role

    its_role = _parse_role(role)
    person = give_role(open_newsroom(context), name, role=its_role, unit=unit, since=since, until=until)
    document = {"name": person.name, "role": its_role, "unit": unit, "from": since, "until": until}
    _say(document, _("{name} is now {role} for {unit}."), as_json=as_json)


@staff.command("revoke")
def revoke(
    context: typer.Context,
    name: StaffArgument,
    role: RoleOption,
    unit: GrantUnitOption = "root",
    as_json: JsonOption = False,
) -> None:
    """Take a role from a person."""
    from newsletter.organisation.enrolment import take_role

    its_role = _parse_role(role)
    person = take_role(open_newsroom(context), name, role=its_role, unit=unit)
    document = {"name": person.name, "role": its_role, "unit": unit}
    _say(document, _("{name} is no longer {role} for {unit}."), as_json=as_json)


@staff.command("retire")
def retire(context: typer.Context, name: StaffArgument, yes: YesOption = False, as_json: JsonOption = False) -> None:
    """Have a person leave for good: all their roles end, and nobody gets the name again."""
    from newsletter.instants import to_iso
    from newsletter.organisation import enrolment

    newsroom = open_newsroom(context)
    confirm(_("Retire {name} for good? The name is never given again.").format(name=name), yes=yes)
    person = enrolment.retire(newsroom, name)
    if as_json:
        print_json({"name": person.name, "retired": to_iso(person.retired_at, newsroom.timezone)})
    else:
        print_lines(_("{name} has left; what they approved and has not been sent cannot leave.").format(name=name))


def _say(document: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    from newsletter.organisation.roles import role_label

    if as_json:
        print_json(document)
        return
    dates = _dates_of(document)
    said = sentence.format(name=document["name"], role=role_label(document["role"]), unit=document["unit"])
    print_lines(said, *([_("Days: {dates}").format(dates=dates)] if dates else []))


def _dates_of(held: dict[str, Any]) -> str:
    """The days of a role, as short as they can be said; empty for one without."""
    since, until = held.get("from"), held.get("until")
    if since and until:
        return f"{since} – {until}"
    if since:
        return _("from {date}").format(date=since)
    return _("until {date}").format(date=until) if until else ""


@staff.command("list")
def list_all(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the staff and their roles, those included that begin later."""
    from newsletter.organisation import staff as rules

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        rules.require_staff(session, newsroom)
        local = set(newsroom.local_staff())
        people = [_person_row(session, newsroom, person, local) for person in rules.list_staff(session)]
    if as_json:
        print_json({"staff": people})
        return
    rows = [(person["name"], _roles_cell(person), _("yes") if person["key_here"] else _("no")) for person in people]
    print_table([_("person"), _("roles"), _("key here")], rows)


def _person_row(session: "Session", newsroom: "Newsroom", person: "Staff", local: set[str]) -> dict[str, Any]:
    from newsletter.instants import to_iso
    from newsletter.organisation.staff import list_grants
    from newsletter.organisation.units import Unit

    return {
        "name": person.name,
        "roles": [
            {
                "role": held.role,
                "unit": session.get_one(Unit, held.unit_id).code,
                "from": held.valid_from.isoformat() if held.valid_from else None,
                "until": held.valid_until.isoformat() if held.valid_until else None,
            }
            for held in list_grants(session, newsroom, person.id or 0, with_coming=True)
        ],
        "retired": to_iso(person.retired_at, newsroom.timezone),
        "key_here": person.name in local,
    }


def _roles_cell(person: dict[str, Any]) -> str:
    from newsletter.organisation.roles import role_label

    if person["retired"]:
        return _("left on {date}").format(date=person["retired"][:10])
    cells = ((role_label(held["role"]), held["unit"], _dates_of(held)) for held in person["roles"])
    return ", ".join(f"{role} ({unit}{', ' + dates if dates else ''})" for role, unit, dates in cells)


def _parse_role(word: str) -> "Role":
    from newsletter.errors import InputError
    from newsletter.organisation.roles import Role

    try:
        return Role(word.strip().lower())
    except ValueError as error:
        known = ", ".join(Role)
        raise InputError(_("{role} is not a role; known are {known}.").format(role=word, known=known)) from error
