"""``replies``: what readers wrote back that nobody could interpret, for a person to read and decide."""

from dataclasses import asdict
from typing import Annotated

import typer

from newsletter.commands.options import JsonOption, command_group, parse_id
from newsletter.commands.output import note, print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

replies = command_group(mark("Replies that wait for a person."))


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(replies, name="replies")


@replies.command("list")
def list_waiting(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help=mark("Those that were handled, too."))] = False,
    as_json: JsonOption = False,
) -> None:
    """Show replies that wait, numbers masked; looking is written in the journal."""
    from newsletter.delivery.reply_desk import list_replies
    from newsletter.instants import to_iso

    newsroom = open_newsroom(context)
    found = list_replies(newsroom, with_handled=everything)
    documents = [
        {
            **asdict(reply),
            "received_at": to_iso(reply.received_at, newsroom.timezone),
            "handled_at": to_iso(reply.handled_at, newsroom.timezone),
        }
        for reply in found
    ]
    if as_json:
        print_json({"replies": documents})
        return
    labels = {"": _("waits"), "out": _("has left"), "in": _("has come back"), "none": _("neither")}
    rows = [
        (
            row["reply"],
            row["received_at"][:16].replace("T", " "),
            row["number"],
            row["text"] if row["is_readable"] else _("cannot be read"),
            labels[row["verdict"]],
        )
        for row in documents
    ]
    print_table([_("id"), _("time"), _("number"), _("text"), _("state")], rows, title=_("Replies"))
    if any(not reply.verdict for reply in found):
        note(context, _("Decide: newsletter replies handle ID --as out|in|none"))


@replies.command("handle")
def handle(
    context: typer.Context,
    reply: Annotated[int, typer.Argument(metavar="ID", parser=parse_id, help=mark("The reply's number, as printed."))],
    verdict: Annotated[
        str, typer.Option("--as", metavar="out|in|none", help=mark("Whether they leave, come back, or neither."))
    ],
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="REASON", help=mark("Why they leave; else what the reply says."))
    ] = None,
    paper: Annotated[
        str | None, typer.Option("--paper", metavar="PAPER", help=mark("Only this paper; else everything."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a reply means, once; it counts from when it was received."""
    from newsletter.delivery.reply_desk import handle_reply

    handled = handle_reply(open_newsroom(context), reply, verdict, reason=reason, paper=paper)
    event = handled.event
    if as_json:
        print_json(
            {
                "reply": handled.reply,
                "verdict": handled.verdict,
                "reason": event.reason if event else "",
                "edition": event.edition_id if event else None,
                "effective": event.is_effective if event else False,
            }
        )
        return
    sentences = {
        "out": _("Reply {reply}: its reader has left and will not be written to any more."),
        "in": _("Reply {reply}: its reader has come back."),
        "none": _("Reply {reply} asks for nothing of the kind."),
    }
    print_lines(sentences[handled.verdict].format(reply=handled.reply))
