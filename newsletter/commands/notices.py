"""``notices``: what contributors are told by SMS."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.options import DONE_IN_PART, JsonOption, YesOption, command_group, parse_count, parse_id
from newsletter.commands.output import note, print_json, print_lines, print_table, progress_bar
from newsletter.commands.session import confirm, open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.organisation.contributors import Contributor
    from newsletter.workflow.contributing.models import Notice
    from newsletter.workflow.contributing.outbox import Queued

notices = command_group(mark("Notices: what contributors are told by SMS."))

PublishedOption = Annotated[
    bool, typer.Option("--published", help=mark("Also tell that an article went out, not only that it was adopted."))
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(notices, name="notices")


@notices.command("queue")
def queue(context: typer.Context, published: PublishedOption = False, as_json: JsonOption = False) -> None:
    """Write down what contributors should be told now, each thing once; nothing is sent."""
    from newsletter.workflow.contributing.outbox import queue_notices

    newsroom = open_newsroom(context)
    queued = queue_notices(newsroom, with_published=published)
    if as_json:
        print_json(_queued_document(newsroom, queued))
    else:
        _print_queued(context, newsroom, queued)


@notices.command("send")
def send(
    context: typer.Context,
    published: PublishedOption = False,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Write down what is to be told now, and send it; run again, it resumes and tells nobody twice."""
    from newsletter.delivery.notice_records import count_unclear
    from newsletter.delivery.notices import send_notices
    from newsletter.workflow.contributing.outbox import queue_notices

    newsroom = open_newsroom(context)
    queued = queue_notices(newsroom, with_published=published)
    if not as_json:
        _print_queued(context, newsroom, queued)
    with newsroom.reading() as session:
        leaving = queued.waiting + count_unclear(session)
    if leaving:
        confirm(_("Send {count} notices to contributors?").format(count=leaving), yes=yes)
    with progress_bar(context, _("Sending")) as progress:
        sent = send_notices(newsroom, progress=progress)
    if as_json:
        document = {
            "handed_over": sent.handed_over,
            "troubled": sent.troubled,
            "waiting": sent.waiting,
            "closed": sent.closed or None,
            "notices": sent.totals,
        }
        print_json(_queued_document(newsroom, queued) | document)
    else:
        print_lines(_("Notices sent: {count}; waiting: {waiting}").format(count=sent.handed_over, waiting=sent.waiting))
    if sent.closed:
        note(context, sent.closed)
    if sent.troubled:
        raise typer.Exit(DONE_IN_PART)


def _queued_document(newsroom: "Newsroom", queued: "Queued") -> dict[str, Any]:
    return {
        "queued": queued.queued,
        "outdated": queued.outdated,
        "waiting": queued.waiting,
        "skipped": _skipped(newsroom, queued),
    }


def _skipped(newsroom: "Newsroom", queued: "Queued") -> list[dict[str, Any]]:
    from newsletter.organisation.units import Unit

    with newsroom.reading() as session:
        return [
            {"contributor": person.id, "name": person.name, "unit": session.get_one(Unit, person.unit_id).code}
            for person in queued.skipped
        ]


def _print_queued(context: typer.Context, newsroom: "Newsroom", queued: "Queued") -> None:
    print_lines(
        _("Notices written: {queued}; taken back: {outdated}; waiting: {waiting}").format(
            queued=queued.queued, outdated=queued.outdated, waiting=queued.waiting
        )
    )
    if queued.skipped:
        people = ", ".join(f"{row['name']} ({row['unit']})" for row in _skipped(newsroom, queued))
        note(context, _("Not told, since they have no telephone number: {people}").format(people=people))
        note(context, _("Give one: newsletter contributors phone NAME NUMBER"))


@notices.command("list")
def list_(
    context: typer.Context,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="STATE", help=mark("Only those in this state, such as queued or failed.")),
    ] = None,
    contributor: Annotated[
        str | None, typer.Option("--contributor", metavar="CONTRIBUTOR", help=mark("Only this person's: name or id."))
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", parser=parse_count, help=mark("How many at most."))
    ] = 50,
    before: Annotated[
        int | None, typer.Option("--before", metavar="ID", parser=parse_id, help=mark("Only older ones than this."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the notices to your units' contributors, newest first."""
    from newsletter.workflow.contributing.notice_lists import (
        list_visible_notices,
        notice_kind_label,
        notice_state_label,
    )

    newsroom = open_newsroom(context)
    found = list_visible_notices(newsroom, state=state, contributor=contributor, before=before, limit=limit)
    documents = [_document(newsroom, notice, person) for notice, person in found]
    following = documents[-1]["notice"] if len(documents) == limit else None
    if as_json:
        print_json({"notices": documents, "next": following})
        return
    headings = [_("id"), _("person"), _("what"), _("state"), _("reason"), _("text")]
    rows = [
        (
            row["notice"],
            row["name"],
            notice_kind_label(str(row["kind"])),
            notice_state_label(str(row["state"])),
            row["reason"],
            row["text"],
        )
        for row in documents
    ]
    print_table(headings, rows)
    if following is not None:
        note(context, _("There may be older ones: --before {notice}").format(notice=following))


def _document(newsroom: "Newsroom", notice: "Notice", person: "Contributor") -> dict[str, Any]:
    from newsletter.instants import to_iso

    return {
        "notice": notice.id,
        "contributor": person.id,
        "name": person.name,
        "kind": notice.kind,
        "subject": notice.subject,
        "state": notice.state,
        "reason": notice.reason,
        "text": notice.text,
        "created_at": to_iso(notice.created_at, newsroom.timezone),
        "changed_at": to_iso(notice.changed_at, newsroom.timezone),
    }
