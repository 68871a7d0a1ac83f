"""``diary``: what the desk means to print, by when, and what has come of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.commands.options import JsonOption, UnitOption, command_group, parse_id
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.newsroom import Newsroom
    from newsletter.workflow.contributing.models import DiaryEntry

diary = command_group(mark("The story diary: what is planned, and what can run any day."))

EntryArgument = Annotated[
    int, typer.Argument(metavar="ID", parser=parse_id, help=mark("The entry's number, as printed."))
]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.add_typer(diary, name="diary")


@diary.command("add")
def add(
    context: typer.Context,
    title: Annotated[str, typer.Argument(metavar="TITLE", help=mark("The story, in a few words."))],
    due: Annotated[
        str | None, typer.Option("--due", metavar="DATE", help=mark("The day it is planned for, YYYY-MM-DD."))
    ] = None,
    kind: Annotated[
        str,
        typer.Option(
            "--kind", metavar="planned|banked", help=mark("planned: for its day; banked: it can run any day.")
        ),
    ] = "planned",
    column: Annotated[
        str | None, typer.Option("--column", metavar="COLUMN", help=mark("The column's code or name."))
    ] = None,
    unit: UnitOption = None,
    contributor: Annotated[
        str | None, typer.Option("--contributor", metavar="CONTRIBUTOR", help=mark("Who writes it: name or id."))
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="NOTE", help=mark("A remark for the desk."))] = "",
    as_json: JsonOption = False,
) -> None:
    """Note down a story."""
    from newsletter.errors import InputError
    from newsletter.workflow.contributing.diary import add_entry
    from newsletter.workflow.contributing.models import DiaryKind
    from newsletter.workflow.periods import parse_day

    word = kind.strip().lower()
    if word not in set(DiaryKind):
        message = _("{word} is not a {noun}; known are {known}.")
        raise InputError(message.format(word=kind[:40], noun=_("kind"), known=", ".join(DiaryKind)))
    newsroom = open_newsroom(context)
    entry = add_entry(
        newsroom,
        title,
        due=parse_day(due) if due else None,
        kind=DiaryKind(word),
        column=column,
        unit=unit,
        contributor=contributor,
        note=note,
    )
    _show(newsroom, entry, _("Diary entry {entry} noted: {title}"), as_json=as_json)


@diary.command("list")
def list_(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help=mark("Only what is due on this day or later."))
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help=mark("Only what is due on this day or before."))
    ] = None,
    only_open: Annotated[bool, typer.Option("--open", help=mark("Only what still waits."))] = False,
    as_json: JsonOption = False,
) -> None:
    """List the diary of your units: overdue entries first, then by day."""
    from newsletter.workflow.contributing.diary_lists import diary_kind_label, diary_state_label, list_visible_entries
    from newsletter.workflow.periods import parse_day

    newsroom = open_newsroom(context)
    entries = list_visible_entries(
        newsroom,
        since=parse_day(since) if since else None,
        until=parse_day(until) if until else None,
        is_open=only_open,
    )
    documents = [entry.document() for entry in entries]
    if as_json:
        print_json({"diary": documents})
        return
    headings = [_("id"), _("due"), _("story"), _("kind"), _("column"), _("unit"), _("person"), _("state"), _("note")]
    rows = [
        (
            row["diary"],
            row["due"] or _("any day"),
            row["title"],
            diary_kind_label(row["kind"]),
            row["column"] or "",
            row["unit"],
            row["contributor"] or "",
            _("OVERDUE") if row["overdue"] else diary_state_label(row["state"]),
            row["note"] or row["reason"],
        )
        for row in documents
    ]
    print_table(headings, rows)


@diary.command("done")
def done(
    context: typer.Context,
    entry_id: EntryArgument,
    article: Annotated[
        int | None,
        typer.Option("--article", metavar="ARTICLE", parser=parse_id, help=mark("The article that came of it.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Mark a story done."""
    from newsletter.workflow.contributing.diary import finish_entry

    newsroom = open_newsroom(context)
    entry = finish_entry(newsroom, entry_id, article_id=article)
    _show(newsroom, entry, _("Diary entry {entry} done: {title}"), as_json=as_json)


@diary.command("drop")
def drop(
    context: typer.Context,
    entry_id: EntryArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="REASON", help=mark("Why it is given up."))],
    as_json: JsonOption = False,
) -> None:
    """Give a story up."""
    from newsletter.workflow.contributing.diary import drop_entry

    newsroom = open_newsroom(context)
    entry = drop_entry(newsroom, entry_id, reason=reason)
    _show(newsroom, entry, _("Diary entry {entry} dropped: {title}"), as_json=as_json)


def _show(newsroom: "Newsroom", entry: "DiaryEntry", sentence: str, *, as_json: bool) -> None:
    from newsletter.workflow.contributing.diary_lists import describe_entry

    if as_json:
        print_json(describe_entry(newsroom, entry).document())
    else:
        print_lines(sentence.format(entry=entry.id, title=entry.title))
