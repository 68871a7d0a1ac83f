"""``editions``, ``status``: where everything stands."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.options import JsonOption, parse_id
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from sqlmodel import Session

    from newsletter.editions.models import Edition
    from newsletter.newsroom import Newsroom


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.command("editions")(editions)
    app.command("status")(status)


def editions(
    context: typer.Context,
    stage: Annotated[str | None, typer.Option("--stage", metavar="STAGE", help=mark("Only this stage."))] = None,
    as_json: JsonOption = False,
) -> None:
    """List the editions, newest first."""
    from newsletter.editions.records import list_editions
    from newsletter.organisation.staff import require_staff

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        found = list_editions(session, [_parse_stage(stage)] if stage else [])
        documents = [_edition_row(session, edition) for edition in found]
    _show_editions(documents, as_json=as_json)


def _show_editions(documents: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json({"editions": documents})
        return
    print_table(
        [_("edition"), _("kind"), _("unit"), _("issue"), _("date"), _("title"), _("stage")], _table_rows(documents)
    )


def _table_rows(documents: list[dict[str, Any]]) -> list[list[object]]:
    from newsletter.editions.records import edition_kind_label, edition_stage_label

    names = ("unit", "number", "date", "title")
    return [
        [
            row["edition"],
            edition_kind_label(row["kind"]),
            *(row[name] for name in names),
            edition_stage_label(row["stage"]),
        ]
        for row in documents
    ]


def _edition_row(session: "Session", edition: "Edition") -> dict[str, Any]:
    from newsletter.organisation.papers import Paper
    from newsletter.organisation.units import Unit

    return {
        "edition": edition.id,
        "paper": session.get_one(Paper, edition.paper_id).code,
        "kind": edition.kind,
        "unit": session.get_one(Unit, edition.unit_id).code,
        "number": edition.number,
        "date": edition.date.isoformat(),
        "title": edition.title,
        "stage": edition.stage,
        "digest": edition.digest,
    }


def _parse_stage(word: str) -> Any:
    from newsletter.editions.models import EditionStage
    from newsletter.errors import InputError

    try:
        return EditionStage(word.strip().lower())
    except ValueError as error:
        known = ", ".join(EditionStage)
        raise InputError(_("{stage} is not a stage; known are {known}.").format(stage=word, known=known)) from error


def status(
    context: typer.Context,
    edition_id: Annotated[
        int | None,
        typer.Argument(metavar="[EDITION]", parser=parse_id, help=mark("An edition's number; without it, what waits.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what waits for you, or one edition's stage, statements and ledger."""
    newsroom = open_newsroom(context)
    if edition_id is None:
        _show_waiting(newsroom, as_json=as_json)
    else:
        _show_edition(newsroom, edition_id, as_json=as_json)


def _show_waiting(newsroom: "Newsroom", *, as_json: bool) -> None:
    from newsletter.workflow.waiting import what_waits

    with newsroom.reading() as session:
        waiting = what_waits(session, newsroom)
        under_way = [_edition_row(session, edition) for edition in waiting.under_way]
    document = {
        "staff": waiting.staff,
        "articles": waiting.articles,
        "waiting": waiting.editions,
        "editions": under_way,
    }
    if as_json:
        print_json(document)
        return
    if waiting.articles:
        print_lines(_("Articles at the desk: {count}").format(count=waiting.articles))
    for edition, step in waiting.editions.items():
        print_lines(_waiting_line(edition, step))
    if not waiting.articles and not waiting.editions:
        print_lines(_("Nothing waits for {name}.").format(name=waiting.staff))
    if under_way:
        _show_editions(under_way, as_json=False)


def _waiting_line(edition: int, step: str) -> str:
    sentences = {
        "submit": _("Edition {edition} waits to be submitted by you: newsletter draft --edition {edition} --submit"),
        "approve": _("Edition {edition} waits for your approval: newsletter approve {edition}"),
        "sign": _("Edition {edition} waits for your signature: newsletter send {edition}"),
        "send": _("Edition {edition} waits to be sent by you: newsletter send {edition}"),
    }
    return sentences[step].format(edition=edition)


def _show_edition(newsroom: "Newsroom", edition_id: int, *, as_json: bool) -> None:
    from newsletter.delivery.ledger import get_dispatch, ledger_totals
    from newsletter.editions.records import get_edition
    from newsletter.instants import to_iso
    from newsletter.journal.chain import read_journal
    from newsletter.organisation.staff import require_staff
    from newsletter.workflow.gates import subject_of

    with newsroom.reading() as session:
        require_staff(session, newsroom)
        edition = get_edition(session, edition_id)
        words = [word for word in read_journal(session, newsroom) if word.subject == subject_of(edition)]
        dispatch = get_dispatch(session, edition_id)
        totals = ledger_totals(session, edition_id)
        document = _edition_row(session, edition)
    document["statements"] = [
        {
            "verb": word.verb,
            "person": word.person,
            "role": word.role,
            "time": to_iso(word.time, newsroom.timezone),
            "digest": word.digest,
            "current": word.digest == edition.digest,
            **{key: word.details[key] for key in ("reason", "note") if key in word.details},
        }
        for word in words
    ]
    document["audience"] = dispatch.audience_count if dispatch else None
    document["ledger"] = totals if dispatch else None
    if as_json:
        print_json(document)
    else:
        _print_edition(document)


def _print_edition(document: dict[str, Any]) -> None:
    from newsletter.organisation.roles import role_label

    _show_editions([document], as_json=False)
    rows = [
        (
            word["time"],
            word["person"],
            role_label(word["role"]),
            _verb_label(word["verb"]),
            word.get("reason", ""),
            word["digest"][:16],
        )
        for word in document["statements"]
    ]
    print_table([_("time"), _("who"), _("role"), _("word"), _("reason"), _("digest")], rows, title=_("Statements"))
    if document["ledger"] is not None:
        print_table([_("state"), _("numbers")], ledger_rows(document["ledger"], document["audience"]))


def _verb_label(verb: str) -> str:
    labels = {"submit": _("submitted"), "approve": _("approved"), "return": _("returned"), "sign": _("signed")}
    return labels.get(verb, verb)


def ledger_rows(ledger: dict[str, int], audience: int) -> list[tuple[str, int]]:
    """The states that have rows, in the user's language, and the whole."""
    from newsletter.statistics.labels import STATES

    rows = [(_(STATES[state]), count) for state, count in ledger.items() if count]
    return [*rows, (_("in all"), audience)]
