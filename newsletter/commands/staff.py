"""``staff``: who is at the desk, and what they may do."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.options import JsonOption, command_group
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import new_passphrase, open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.organisation.roles import Role

staff = command_group(mark("Staff: who is at the desk, with which role."))

StaffArgument = Annotated[str, typer.Argument(metavar="NAME", help=mark("A short name, as --as takes it."))]
RoleOption = Annotated[
    str, typer.Option("--role", metavar="ROLE", help=mark("admin, editor, reviewer, issuer, operator or analyst."))
]
GrantUnitOption = Annotated[
    str, typer.Option("--unit", metavar="UNIT", help=mark("The unit whose subtree the role is for."))
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(staff, name="staff")


@staff.command("add")
def add(
    context: typer.Context,
    name: StaffArgument,
    role: RoleOption,
    unit: GrantUnitOption = "root",
    with_passphrase: Annotated[
        bool | None,
        typer.Option("--passphrase/--no-passphrase", help=mark("Whether the new key gets a passphrase.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Put a person on staff: a key made on this machine, and a first role."""
    from newsletter.organisation.enrolment import add_staff
    from newsletter.organisation.roles import GATE_ROLES, role_label

    newsroom, its_role = open_newsroom(context), _parse_role(role)
    wanted = its_role in GATE_ROLES if with_passphrase is None else with_passphrase
    person = add_staff(
        newsroom,
        name,
        role=its_role,
        unit=unit,
        passphrase=new_passphrase(name) if wanted else None,
        may_lack_passphrase=with_passphrase is False,
    )
    document = {"name": person.name, "role": its_role, "unit": unit, "public_key": person.public_key}
    if as_json:
        print_json(document)
    else:
        sentence = _("{name} is on staff as {role} for {unit}.")
        print_lines(sentence.format(name=person.name, role=role_label(its_role), unit=unit))


@staff.command("grant")
def grant(
    context: typer.Context,
    name: StaffArgument,
    role: RoleOption,
    unit: GrantUnitOption = "root",
    as_json: JsonOption = False,
) -> None:
    """Give a person one more role."""
    from newsletter.organisation.enrolment import give_role

    its_role = _parse_role(role)
    person = give_role(open_newsroom(context), name, role=its_role, unit=unit)
    _say(person.name, its_role, unit, _("{name} is now {role} for {unit}."), as_json=as_json)


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
    _say(person.name, its_role, unit, _("{name} is no longer {role} for {unit}."), as_json=as_json)


def _say(name: str, role: "Role", unit: str, sentence: str, *, as_json: bool) -> None:
    from newsletter.organisation.roles import role_label

    if as_json:
        print_json({"name": name, "role": role, "unit": unit})
    else:
        print_lines(sentence.format(name=name, role=role_label(role), unit=unit))


@staff.command("list")
def list_all(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the staff and their roles."""
    from newsletter.organisation import staff as rules
    from newsletter.organisation.roles import role_label
    from newsletter.organisation.units import Unit

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        rules.require_staff(session, newsroom)
        local = set(newsroom.local_staff())
        people: list[dict[str, Any]] = [
            {
                "name": person.name,
                "roles": [
                    {"role": held.role, "unit": session.get_one(Unit, held.unit_id).code}
                    for held in rules.list_grants(session, person.id or 0)
                ],
                "key_here": person.name in local,
            }
            for person in rules.list_staff(session)
        ]
    if as_json:
        print_json({"staff": people})
        return
    rows = [
        (
            person["name"],
            ", ".join(f"{role_label(held['role'])} ({held['unit']})" for held in person["roles"]),
            _("yes") if person["key_here"] else _("no"),
        )
        for person in people
    ]
    print_table([_("person"), _("roles"), _("key here")], rows)


def _parse_role(word: str) -> "Role":
    from newsletter.errors import InputError
    from newsletter.organisation.roles import Role

    try:
        return Role(word.strip().lower())
    except ValueError as error:
        known = ", ".join(Role)
        raise InputError(_("{role} is not a role; known are {known}.").format(role=word, known=known)) from error
