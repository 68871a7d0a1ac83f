"""``units``, ``columns``, ``contributors``: the organisation's structure."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.options import JsonOption, command_group
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from sqlmodel import Session

    from newsletter.newsroom import Newsroom
    from newsletter.organisation.contributors import Contributor

units = command_group(mark("Units: towns, departments, branches."))
columns = command_group(mark("Columns: the sections articles stand in."))
contributors = command_group(mark("Contributors: who submits articles."))

CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help=mark("A short code, used in commands."))]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=mark("The full name, as readers see it."))]
ParentOption = Annotated[str | None, typer.Option("--parent", metavar="CODE", help=mark("What it hangs under."))]
OwnerOption = Annotated[str, typer.Option("--unit", metavar="UNIT", help=mark("The unit it belongs to."))]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    for name, group in (("units", units), ("columns", columns), ("contributors", contributors)):
        app.add_typer(group, name=name)


def require_admin(session: "Session", newsroom: "Newsroom") -> None:
    """Only an admin of the whole newsroom may go on."""
    from newsletter.organisation.roles import Right
    from newsletter.organisation.staff import require_right
    from newsletter.organisation.units import ROOT, get_unit

    require_right(session, newsroom, Right.STRUCTURE, get_unit(session, ROOT).id)


def say(document: dict[str, Any], sentence: str, *, as_json: bool) -> None:
    """Answer with a document, or with a sentence."""
    if as_json:
        print_json(document)
    else:
        print_lines(sentence)


@units.command("add")
def add_unit(
    context: typer.Context,
    code: CodeArgument,
    name: NameArgument,
    kind: Annotated[str, typer.Option("--kind", metavar="KIND", help=mark("county, town, street, … branch."))],
    parent: ParentOption = None,
    region: Annotated[
        str | None, typer.Option("--region", metavar="CODE", help=mark("Its region code, if it is a place."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add a unit."""
    from newsletter.organisation import units as rules
    from newsletter.organisation.unit_files import parse_unit_kind

    newsroom = open_newsroom(context)
    with newsroom.writing() as session:
        require_admin(session, newsroom)
        unit = rules.add_unit(
            session,
            code=code,
            name=name,
            kind=parse_unit_kind(kind),
            parent=parent or rules.ROOT,
            region_code=region,
        )
        session.commit()
    say(_unit_document(unit), _("Unit {code} {name} added.").format(code=unit.code, name=unit.name), as_json=as_json)


@units.command("import")
def import_units(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=mark("CSV: code,name,kind,parent,region_code,members."))],
    as_json: JsonOption = False,
) -> None:
    """Add or update many units from a CSV file; all of it or nothing."""
    from dataclasses import asdict

    from newsletter.organisation import unit_files

    result = unit_files.import_units(open_newsroom(context), file)
    sentence = _("{read} units read: {added} added, {updated} updated, {unchanged} unchanged.")
    say(asdict(result), sentence.format(**asdict(result)), as_json=as_json)


@units.command("set")
def set_unit(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="UNIT", help=mark("A unit's code or exact name."))],
    members: Annotated[
        int,
        typer.Option(
            "--members", metavar="N", min=0, help=mark("Members it has (党员数), the units below it included.")
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Say how many members a unit is known to have: what coverage is measured against."""
    from newsletter.organisation import units as rules

    newsroom = open_newsroom(context)
    with newsroom.writing() as session:
        require_admin(session, newsroom)
        unit = rules.get_unit(session, code)
        changed = rules.set_known_members(session, unit, members, at=newsroom.now())
        session.commit()
    sentence = _("Unit {code} {name} has {members} members, the units below it included.")
    say(
        {**_unit_document(unit), "known_members": unit.known_members, "changed": changed},
        sentence.format(code=unit.code, name=unit.name, members=members),
        as_json=as_json,
    )


@units.command("list")
def list_units(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the units."""
    from newsletter.organisation import units as rules
    from newsletter.organisation.staff import require_staff

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        found = rules.list_units(session)
        codes = {unit.id: unit.code for unit in found}
        rows = [
            {**_unit_document(unit), "parent": codes.get(unit.parent_id), "known_members": unit.known_members}
            for unit in found
        ]
    if as_json:
        print_json({"units": rows})
        return
    labelled = [[*row.values()] for row in rows]
    for row in labelled:
        row[2] = _(rules.KIND_LABELS[row[2]])
    print_table([_("code"), _("name"), _("kind"), _("region"), _("under"), _("known members")], labelled)


def _unit_document(unit: Any) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "kind": str(unit.kind), "region_code": unit.region_code}


def list_rows(noun: str, rows: list[dict[str, Any]], headings: list[str], *, as_json: bool) -> None:
    """Answer with a list of documents, or with their table."""
    if as_json:
        print_json({noun: rows})
    else:
        print_table(headings, [list(row.values()) for row in rows])


@columns.command("add")
def add_column(
    context: typer.Context,
    code: CodeArgument,
    name: NameArgument,
    parent: ParentOption = None,
    unit: Annotated[
        str | None, typer.Option("--unit", metavar="UNIT", help=mark("The department whose dedicated column it is."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add a column after the others."""
    from newsletter.organisation import columns as rules

    newsroom = open_newsroom(context)
    with newsroom.writing() as session:
        require_admin(session, newsroom)
        column = rules.add_column(session, code=code, name=name, parent=parent, owner=unit)
        session.commit()
    document = {"code": column.code, "name": column.name, "position": column.position}
    say(document, _("Column {code} {name} added.").format(code=column.code, name=column.name), as_json=as_json)


@columns.command("list")
def list_columns(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the columns in the order they are printed in."""
    from newsletter.organisation import columns as rules
    from newsletter.organisation.staff import require_staff
    from newsletter.organisation.units import Unit

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        found = rules.list_columns(session)
        codes = {column.id: column.code for column in found}
        rows = [
            {
                "position": column.position,
                "code": column.code,
                "name": column.name,
                "parent": codes.get(column.parent_id),
                "unit": session.get_one(Unit, column.owner_unit_id).code if column.owner_unit_id else None,
            }
            for column in found
        ]
    list_rows("columns", rows, [_("place"), _("code"), _("name"), _("under"), _("department")], as_json=as_json)


@contributors.command("add")
def add_contributor(
    context: typer.Context,
    name: NameArgument,
    unit: OwnerOption,
    phone: Annotated[
        str | None,
        typer.Option("--phone", metavar="NUMBER", help=mark("A mobile number, for notices; shown masked only.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add a unit's contributor, who needs no account."""
    from newsletter.organisation import contributors as rules
    from newsletter.workflow.contributing.telephones import set_number

    newsroom = open_newsroom(context)
    with newsroom.writing() as session:
        require_admin(session, newsroom)
        contributor = rules.add_contributor(session, name=name, unit=unit)
        if phone is not None:
            set_number(session, newsroom, contributor, phone)
        session.commit()
    sentence = _("Contributor {id} {name} added.").format(id=contributor.id, name=contributor.name)
    say(_contributor_document(newsroom, contributor), sentence, as_json=as_json)


def _contributor_document(newsroom: "Newsroom", contributor: "Contributor") -> dict[str, Any]:
    from newsletter.workflow.contributing.telephones import masked_number

    phone = masked_number(newsroom, contributor)
    return {"contributor": contributor.id, "name": contributor.name, "phone": phone}


@contributors.command("phone")
def give_phone(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=mark("The contributor's name or id."))],
    number: Annotated[str | None, typer.Argument(metavar="[NUMBER]", help=mark("Their mobile number."))] = None,
    none: Annotated[bool, typer.Option("--none", help=mark("Forget the number."))] = False,
    as_json: JsonOption = False,
) -> None:
    """Record the mobile number a contributor gets notices on, or forget it."""
    from newsletter.errors import InputError
    from newsletter.workflow.contributing.telephones import give_number

    if (number is None) is not none:
        raise InputError(_("Give either a number or --none."))
    newsroom = open_newsroom(context)
    contributor = give_number(newsroom, name, number)
    document = _contributor_document(newsroom, contributor)
    if number is None:
        sentence = _("{name} has no number any more and gets no notices.")
    else:
        sentence = _("{name} gets notices on {phone}.")
    say(document, sentence.format(name=contributor.name, phone=document["phone"]), as_json=as_json)


@contributors.command("list")
def list_contributors(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the contributors."""
    from newsletter.organisation import contributors as rules
    from newsletter.organisation.scope import is_in, visible_unit_ids
    from newsletter.organisation.units import Unit

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        rows = [
            {
                "contributor": contributor.id,
                "name": contributor.name,
                "unit": session.get_one(Unit, contributor.unit_id).code,
                "phone": _contributor_document(newsroom, contributor)["phone"],
            }
            for contributor in rules.list_contributors(session)
            if is_in(contributor.unit_id, scope)
        ]
    list_rows("contributors", rows, [_("id"), _("person"), _("unit"), _("telephone")], as_json=as_json)
