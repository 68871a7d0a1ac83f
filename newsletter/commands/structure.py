"""``units``, ``papers``, ``columns``, ``contributors``: the organisation's structure."""

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

units = command_group(mark("Units: towns, departments, branches."))
papers = command_group(mark("Papers: the titles that publish."))
columns = command_group(mark("Columns: the sections articles stand in."))
contributors = command_group(mark("Contributors: who submits articles."))

CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help=mark("A short code, used in commands."))]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=mark("The full name, as readers see it."))]
ParentOption = Annotated[str | None, typer.Option("--parent", metavar="CODE", help=mark("What it hangs under."))]
OwnerOption = Annotated[str, typer.Option("--unit", metavar="UNIT", help=mark("The unit it belongs to."))]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    for name, group in (("units", units), ("papers", papers), ("columns", columns), ("contributors", contributors)):
        app.add_typer(group, name=name)


def _require_admin(session: "Session", newsroom: "Newsroom") -> None:
    from newsletter.organisation.roles import Right
    from newsletter.organisation.staff import require_right
    from newsletter.organisation.units import ROOT, get_unit

    require_right(session, newsroom, Right.STRUCTURE, get_unit(session, ROOT).id)


def _say(document: dict[str, Any], sentence: str, *, as_json: bool) -> None:
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
        _require_admin(session, newsroom)
        unit = rules.add_unit(
            session,
            code=code,
            name=name,
            kind=parse_unit_kind(kind),
            parent=parent or rules.ROOT,
            region_code=region,
        )
        session.commit()
    _say(_unit_document(unit), _("Unit {code} {name} added.").format(code=unit.code, name=unit.name), as_json=as_json)


@units.command("import")
def import_units(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=mark("CSV: code,name,kind,parent,region_code."))],
    as_json: JsonOption = False,
) -> None:
    """Add or update many units from a CSV file; all of it or nothing."""
    from dataclasses import asdict

    from newsletter.organisation import unit_files

    result = unit_files.import_units(open_newsroom(context), file)
    sentence = _("{read} units read: {added} added, {updated} updated, {unchanged} unchanged.")
    _say(asdict(result), sentence.format(**asdict(result)), as_json=as_json)


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
        rows = [{**_unit_document(unit), "parent": codes.get(unit.parent_id)} for unit in found]
    if as_json:
        print_json({"units": rows})
        return
    labelled = [[*row.values()] for row in rows]
    for row in labelled:
        row[2] = _(rules.KIND_LABELS[row[2]])
    print_table([_("code"), _("name"), _("kind"), _("region"), _("under")], labelled)


def _unit_document(unit: Any) -> dict[str, Any]:
    return {"code": unit.code, "name": unit.name, "kind": str(unit.kind), "region_code": unit.region_code}


def _list(noun: str, rows: list[dict[str, Any]], headings: list[str], *, as_json: bool) -> None:
    if as_json:
        print_json({noun: rows})
    else:
        print_table(headings, [list(row.values()) for row in rows])


@papers.command("add")
def add_paper(
    context: typer.Context,
    code: CodeArgument,
    name: NameArgument,
    unit: OwnerOption,
    signature: Annotated[
        str, typer.Option("--signature", metavar="TEXT", help=mark("What stands in 【】 before its messages."))
    ],
    audience: Annotated[
        str | None, typer.Option("--audience", metavar="NAME", help=mark("Who gets it unless an edition says else."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Add a paper."""
    from newsletter.organisation import papers as rules
    from newsletter.subscribers.audiences import get_audience

    newsroom = open_newsroom(context)
    with newsroom.writing() as session:
        _require_admin(session, newsroom)
        paper = rules.add_paper(session, code=code, name=name, unit=unit, signature=signature)
        paper.audience_id = get_audience(session, audience).id if audience else None
        session.add(paper)
        session.commit()
    document = {"code": paper.code, "name": paper.name, "signature": paper.signature}
    _say(document, _("Paper {code} {name} added.").format(code=paper.code, name=paper.name), as_json=as_json)


@papers.command("list")
def list_papers(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the papers."""
    from newsletter.organisation import papers as rules
    from newsletter.organisation.staff import require_staff
    from newsletter.organisation.units import Unit

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        rows = [
            {
                "code": paper.code,
                "name": paper.name,
                "signature": paper.signature,
                "unit": session.get_one(Unit, paper.unit_id).code,
            }
            for paper in rules.list_papers(session)
        ]
    _list("papers", rows, [_("code"), _("name"), _("signature"), _("unit")], as_json=as_json)


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
        _require_admin(session, newsroom)
        column = rules.add_column(session, code=code, name=name, parent=parent, owner=unit)
        session.commit()
    document = {"code": column.code, "name": column.name, "position": column.position}
    _say(document, _("Column {code} {name} added.").format(code=column.code, name=column.name), as_json=as_json)


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
    _list("columns", rows, [_("place"), _("code"), _("name"), _("under"), _("department")], as_json=as_json)


@contributors.command("add")
def add_contributor(context: typer.Context, name: NameArgument, unit: OwnerOption, as_json: JsonOption = False) -> None:
    """Add a unit's contributor, who needs no account."""
    from newsletter.organisation import contributors as rules

    newsroom = open_newsroom(context)
    with newsroom.writing() as session:
        _require_admin(session, newsroom)
        contributor = rules.add_contributor(session, name=name, unit=unit)
        session.commit()
    sentence = _("Contributor {id} {name} added.").format(id=contributor.id, name=contributor.name)
    _say({"contributor": contributor.id, "name": contributor.name}, sentence, as_json=as_json)


@contributors.command("list")
def list_contributors(context: typer.Context, as_json: JsonOption = False) -> None:
    """List the contributors."""
    from newsletter.organisation import contributors as rules
    from newsletter.organisation.staff import require_staff
    from newsletter.organisation.units import Unit

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        rows = [
            {
                "contributor": contributor.id,
                "name": contributor.name,
                "unit": session.get_one(Unit, contributor.unit_id).code,
            }
            for contributor in rules.list_contributors(session)
        ]
    _list("contributors", rows, [_("id"), _("person"), _("unit")], as_json=as_json)
