"""``init`` and ``upgrade``: making a newsroom, and bringing an older one to this version."""

import os
from pathlib import Path
from typing import Annotated

import typer

from newsletter.commands.options import JsonOption
from newsletter.commands.output import note, print_json, print_lines
from newsletter.commands.session import open_newsroom, root_options
from newsletter.translation import gettext as _
from newsletter.translation import mark


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.command("init")(init)
    app.command("upgrade")(upgrade)


def init(
    context: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help=mark("Where the newsroom is made."))],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help=mark("The paper's name."))],
    signature: Annotated[
        str, typer.Option("--signature", metavar="TEXT", help=mark("What stands in 【】 before its messages."))
    ],
    admin: Annotated[
        str, typer.Option("--admin", metavar="STAFF", help=mark("The first admin's short name."))
    ] = "admin",
    database_url: Annotated[
        str | None, typer.Option("--database-url", metavar="URL", help=mark("PostgreSQL instead of SQLite."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a newsroom: its directory, database, keys and first admin."""
    from newsletter.newsroom import system_clock
    from newsletter.organisation.founding import found_newsroom

    newsroom = found_newsroom(
        directory,
        name=name,
        signature=signature,
        admin=admin,
        environment=os.environ,
        clock=system_clock,
        database_url=database_url,
    )
    document = {
        "newsroom": newsroom.id,
        "directory": str(directory.absolute()),
        "keys": str(newsroom.keys_directory),
        "admin": admin,
        "admin_key": newsroom.settings.trust.admin_key,
    }
    if as_json:
        print_json(document)
        return
    print_lines(
        _("Newsroom {name} made in {directory}; {admin} is its admin.").format(
            name=name, directory=directory, admin=admin
        ),
        _("Its keys are in {directory}: copy that directory to a safe place now.").format(
            directory=newsroom.keys_directory
        ),
    )
    note(context, _("Whoever loses data.key cannot read the members' numbers again."))


def upgrade(context: typer.Context, as_json: JsonOption = False) -> None:
    """Bring an older newsroom's database to this version."""
    from newsletter.database import HEAD_REVISION, require_newsroom, translated_errors
    from newsletter.migrations.running import upgrade_schema

    newsroom = open_newsroom(context, any_schema=True)
    before = require_newsroom(newsroom.engine)
    with translated_errors(newsroom.engine):
        upgrade_schema(newsroom.engine)
    if as_json:
        print_json({"from": before, "to": HEAD_REVISION})
    elif before == HEAD_REVISION:
        print_lines(_("The database is at schema {schema} already.").format(schema=HEAD_REVISION))
    elif not root_options(context).is_quiet:
        print_lines(_("The database went from schema {old} to {new}.").format(old=before, new=HEAD_REVISION))
