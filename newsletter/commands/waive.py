"""``waive``: accept a copy check's finding as it stands."""

from typing import Annotated

import typer

from newsletter.commands.article_documents import print_findings
from newsletter.commands.desk import edition_document
from newsletter.commands.options import EditionArgument, JsonOption
from newsletter.commands.output import print_json
from newsletter.commands.session import open_newsroom
from newsletter.translation import mark


def mount(app: typer.Typer) -> None:
    """Put this command under the root."""
    app.command("waive")(waive)


def waive(
    context: typer.Context,
    edition_id: EditionArgument,
    key: Annotated[str, typer.Argument(metavar="FINDING", help=mark("The finding's key, as printed."))],
    reason: Annotated[str, typer.Option("--reason", metavar="REASON", help=mark("Why it is right as it stands."))],
    as_json: JsonOption = False,
) -> None:
    """Accept a copy check's finding as it stands; your word is kept in the journal."""
    from newsletter.workflow.waivers import waive_finding

    edition, finding = waive_finding(open_newsroom(context), edition_id, key, reason=reason)
    if as_json:
        print_json(edition_document(edition) | {"finding": finding.as_document()})
    else:
        print_findings([finding])
