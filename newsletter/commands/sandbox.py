"""``sandbox``: what the simulated network was handed, and what it sends back."""

from typing import TYPE_CHECKING, Annotated
from unicodedata import category

import typer

from newsletter.commands.options import JsonOption, command_group, parse_id
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.sending import warn_of_unreadable
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom

sandbox = command_group(mark("The sandbox gateway: a simulated network."))


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(sandbox, name="sandbox")


def _require_issuer(newsroom: "Newsroom", unit: str | None = None) -> None:
    from newsletter.organisation.roles import Right
    from newsletter.organisation.staff import require_right
    from newsletter.organisation.units import get_unit

    with newsroom.reading() as session:
        require_right(session, newsroom, Right.SANDBOX, get_unit(session, unit).id if unit else None)


@sandbox.command("messages")
def messages(
    context: typer.Context,
    edition: Annotated[
        int | None,
        typer.Option("--edition", metavar="EDITION", parser=parse_id, help=mark("Only this edition's.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the gateway was handed."""
    from newsletter.delivery.gateways.opening import require_sandbox
    from newsletter.editions.records import get_edition, list_editions
    from newsletter.editions.visibility import raise_if_edition_hidden
    from newsletter.instants import to_iso
    from newsletter.organisation.scope import visible_unit_ids

    newsroom = open_newsroom(context)
    _require_issuer(newsroom)
    with newsroom.reading() as session:
        if edition is not None:
            raise_if_edition_hidden(session, newsroom, get_edition(session, edition))
        scope = visible_unit_ids(session, newsroom)
        own = set() if scope is None else {found.id for found in list_editions(session, unit_ids=scope)}
    gateway = require_sandbox(newsroom)
    documents = [
        {
            "number_key": number_key,
            "number": number,
            "edition": its_edition,
            "text": text,
            "at": to_iso(at, newsroom.timezone),
        }
        for number_key, number, its_edition, text, at in gateway.messages(edition)
        if scope is None or its_edition in own
    ]
    gateway.close()
    if as_json:
        print_json({"messages": documents})
        return
    rows = [(row["at"], row["edition"], row["number"], str(row["text"]).split("\n")[0]) for row in documents]
    print_table([_("time"), _("edition"), _("number"), _("text")], rows)


@sandbox.command("reply")
def reply(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER", help=mark("Who writes back."))],
    text: Annotated[str, typer.Argument(metavar="TEXT", help=mark("What they write."))],
    as_json: JsonOption = False,
) -> None:
    """Let a reader write back; the newsroom takes it in at once."""
    from newsletter.delivery.gateways.opening import require_sandbox
    from newsletter.delivery.replies import take_replies
    from newsletter.errors import InputError
    from newsletter.organisation.units import ROOT
    from newsletter.subscribers.leaving.keywords import interpret_reply
    from newsletter.subscribers.phones import mask_number, normalise_number

    if any(category(character) == "Cs" for character in text):
        raise InputError(_("The text is not valid UTF-8."))
    newsroom = open_newsroom(context)
    # As ``optout``: a number may be anybody's, whichever unit they belong to.
    _require_issuer(newsroom, ROOT)
    e164 = normalise_number(number)
    gateway = require_sandbox(newsroom)
    gateway.play_reply(newsroom.data_keys.number_key(e164), text)
    take_replies(newsroom, gateway)
    gateway.close()
    warn_of_unreadable(newsroom)
    meaning = interpret_reply(text)
    if as_json:
        print_json({"number": mask_number(e164), "meaning": meaning.kind, "keyword": meaning.keyword})
        return
    sentences = {
        "out": _("{number} has left and will not be written to any more."),
        "in": _("{number} has come back."),
        "unclear": _("The reply of {number} is unclear and waits for a person."),
        "none": _("The reply of {number} asks for nothing."),
    }
    print_lines(sentences[meaning.kind].format(number=mask_number(e164)))


@sandbox.command("receipts")
def receipts(context: typer.Context, as_json: JsonOption = False) -> None:
    """Take in the receipts the gateway has."""
    from newsletter.delivery.gateways.opening import require_sandbox
    from newsletter.delivery.receipts import take_receipts

    newsroom = open_newsroom(context)
    _require_issuer(newsroom)
    gateway = require_sandbox(newsroom)
    taken = take_receipts(newsroom, gateway)
    gateway.close()
    if as_json:
        print_json({"receipts": taken})
    else:
        print_lines(_("{count} receipts taken in.").format(count=taken))
