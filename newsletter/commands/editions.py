"""``editions``, ``status``: where everything stands."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.article_documents import print_suggestions, suggestion_documents
from newsletter.commands.options import JsonOption, parse_id
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    from newsletter.organisation.scope import visible_unit_ids

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        stages = [_parse_stage(stage)] if stage else []
        found = list_editions(session, stages, unit_ids=visible_unit_ids(session, newsroom))
        documents = _edition_rows(session, found)
    _show_editions(documents, as_json=as_json)


def _show_editions(documents: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        print_json({"editions": documents})
        return
    print_table(
        [_("edition"), _("kind"), _("unit"), _("issue"), _("date"), _("title"), _("stage")], _table_rows(documents)
    )


def _table_rows(documents: list[dict[str, Any]]) -> list[list[object]]:
    from newsletter.editions.corrections import correction_mark
    from newsletter.editions.records import edition_stage_label

    names = ("unit", "number", "date", "title")
    return [
        [
            row["edition"],
            _kind_label(row),
            *(row[name] for name in names),
            _(", ").join([edition_stage_label(row["stage"]), *map(correction_mark, row["corrected_by"])]),
        ]
        for row in documents
    ]


def _kind_label(row: dict[str, Any]) -> str:
    from newsletter.editions.corrections import correction_label
    from newsletter.editions.records import edition_kind_label

    corrects = row["corrects"]
    if corrects is None:
        return edition_kind_label(row["kind"])
    sentence = _("{kind} of edition {edition}")
    return sentence.format(kind=correction_label(corrects["kind"]), edition=corrects["edition"])


def _edition_rows(session: "Session", found: "Sequence[Edition]") -> list[dict[str, Any]]:
    """Editions as printed, each with what it corrects and with the editions that correct it."""
    from newsletter.editions.corrections import corrections_in_force

    corrections = corrections_in_force(session, [edition.id or 0 for edition in found])
    return [
        _edition_row(session, edition) | {"corrected_by": corrections.get(edition.id or 0, [])} for edition in found
    ]


def _edition_row(session: "Session", edition: "Edition") -> dict[str, Any]:
    from newsletter.editions.corrections import link_of
    from newsletter.organisation.papers import Paper
    from newsletter.organisation.units import Unit

    link = link_of(edition)
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
        "corrects": link.document() if link else None,
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
        under_way = _edition_rows(session, waiting.under_way)
    document = {
        "staff": waiting.staff,
        "articles": waiting.articles,
        "waiting": waiting.editions,
        "errors_to_decide": list(waiting.errors),
        "editions": under_way,
    }
    if as_json:
        print_json(document)
        return
    if waiting.articles:
        print_lines(_("Articles at the desk: {count}").format(count=waiting.articles))
    for edition, step in waiting.editions.items():
        print_lines(_waiting_line(edition, step))
    for record in waiting.errors:
        sentence = _("Error record {record} waits for your decision on a retraction: newsletter penalties list --open")
        print_lines(sentence.format(record=record))
    if not waiting.articles and not waiting.editions and not waiting.errors:
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
    from newsletter.editions.records import get_edition, subject_of
    from newsletter.editions.visibility import raise_if_edition_hidden
    from newsletter.instants import to_iso
    from newsletter.journal.chain import read_journal
    from newsletter.workflow.suggestions import open_suggestions

    with newsroom.reading() as session:
        edition = get_edition(session, edition_id)
        raise_if_edition_hidden(session, newsroom, edition)
        journal = read_journal(session, newsroom, trust_checkpoint=True)
        words = [word for word in journal if word.subject == subject_of(edition)]
        dispatch = get_dispatch(session, edition_id)
        totals = ledger_totals(session, edition_id)
        document = _edition_rows(session, [edition])[0]
        document["suggestions"] = suggestion_documents(session, open_suggestions(session, edition))
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
    if document["corrects"]:
        print_lines(_describe_link(document["corrects"]))
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
    print_suggestions(document["suggestions"])
    if document["ledger"] is not None:
        print_table([_("state"), _("numbers")], ledger_rows(document["ledger"], document["audience"]))


def _describe_link(corrects: dict[str, Any]) -> str:
    from newsletter.editions.corrections import correction_label

    sentence = _("About edition {edition}, articles {articles}: {kind}")
    return sentence.format(
        edition=corrects["edition"],
        articles=", ".join(map(str, corrects["articles"])),
        kind=correction_label(corrects["kind"]),
    )


def _verb_label(verb: str) -> str:
    labels = {
        "submit": _("submitted"),
        "approve": _("approved"),
        "return": _("returned"),
        "sign": _("signed"),
        "retract": _("retracted"),
        "waive": _("waived a finding"),
    }
    return labels.get(verb, verb)


def ledger_rows(ledger: dict[str, int], audience: int) -> list[tuple[str, int]]:
    """The states that have rows, in the user's language, and the whole."""
    from newsletter.delivery.state_words import STATES

    rows = [(_(STATES[state]), count) for state, count in ledger.items() if count]
    return [*rows, (_("in all"), audience)]
