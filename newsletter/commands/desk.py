"""``draft``, ``preview``: an edition as the editor composes it, and as the readers will see it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.article_documents import article_documents, print_findings
from newsletter.commands.articles import print_articles
from newsletter.commands.options import EditionArgument, JsonOption, UnitOption, parse_id
from newsletter.commands.output import print_json, print_lines, warn
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.editions.models import Edition
    from newsletter.newsroom import Newsroom
    from newsletter.workflow.drafting import Drafted
    from newsletter.workflow.preview import SmsPreview


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.command("draft")(draft)
    app.command("preview")(preview)


def draft(
    context: typer.Context,
    article_ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="[ARTICLE]...", parser=parse_id, help=mark("Articles, in the order they are printed.")),
    ] = None,
    edition_id: Annotated[
        int | None,
        typer.Option("--edition", metavar="EDITION", parser=parse_id, help=mark("Extend this edition.")),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="KIND", help=mark("main, town, department, special, lesson, guide.")),
    ] = None,
    unit: UnitOption = None,
    paper: Annotated[str | None, typer.Option("--paper", metavar="PAPER", help=mark("The paper's code."))] = None,
    audience: Annotated[str | None, typer.Option("--audience", metavar="NAME", help=mark("A saved audience."))] = None,
    channel: Annotated[str, typer.Option("--channel", metavar="sms|mms", help=mark("How it is sent."))] = "sms",
    title: Annotated[str | None, typer.Option("--title", help=mark("The edition's own title, if it has one."))] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar="headlines|full", help=mark("How much the SMS says."))
    ] = None,
    drop: Annotated[
        list[int] | None,
        typer.Option("--drop", metavar="ARTICLE", parser=parse_id, help=mark("Take this article out.")),
    ] = None,
    submit: Annotated[bool, typer.Option("--submit", help=mark("State it ready for review."))] = False,
    as_json: JsonOption = False,
) -> None:
    """Compose an edition and render its proof; without articles, list what waits at the desk."""
    from newsletter.editions.composing import EditionRequest
    from newsletter.editions.kinds import Channel, Kind
    from newsletter.editions.rendering.sms import SmsStyle
    from newsletter.workflow.drafting import draft_edition

    newsroom = open_newsroom(context)
    request = EditionRequest(
        kind=_choose(Kind, kind, _("kind")),
        unit=unit,
        paper=paper,
        audience=audience,
        channel=_choose(Channel, channel, _("channel")) or Channel.SMS,
        title=title,
        style=_choose(SmsStyle, text, _("text")),
    )
    if edition_id is None and not article_ids and not drop and not submit and request == EditionRequest():
        _list_desk(newsroom, as_json=as_json)
        return
    drafted = draft_edition(
        newsroom,
        article_ids or [],
        request=request,
        edition_id=edition_id,
        dropped=drop or [],
        submit=submit,
    )
    _show_draft(newsroom, drafted, as_json=as_json)


def _choose(choices: Any, word: str | None, noun: str) -> Any:
    from newsletter.errors import InputError

    if word is None:
        return None
    try:
        return choices(word.strip().lower())
    except ValueError as error:
        message = _("{word} is not a {noun}; known are {known}.")
        raise InputError(message.format(word=word, noun=noun, known=", ".join(choices))) from error


def _list_desk(newsroom: "Newsroom", *, as_json: bool) -> None:
    from newsletter.workflow.waiting import list_desk

    with newsroom.reading() as session:
        rows = list_desk(session, newsroom)
        documents = article_documents(session, rows)
    print_articles(documents, as_json=as_json)


def edition_document(edition: "Edition") -> dict[str, Any]:
    """What every answer about an edition says first."""
    return {"edition": edition.id, "kind": edition.kind, "stage": edition.stage, "digest": edition.digest}


def _show_draft(newsroom: "Newsroom", drafted: "Drafted", *, as_json: bool) -> None:
    from newsletter.editions.manifest import APPROVED_PIECES
    from newsletter.editions.models import Piece, PieceName
    from newsletter.editions.records import get_piece, items_of
    from newsletter.editions.sms_parts import split_sms

    edition = drafted.edition
    with newsroom.reading() as session:
        items = items_of(session, edition.id or 0)
        message = split_sms(get_piece(session, edition.id or 0, PieceName.SMS).data.decode())
        pieces = {
            name.value: {"sha256": piece.sha256, "bytes": len(piece.data)}
            for name in APPROVED_PIECES
            if (piece := session.get(Piece, (edition.id, name))) is not None
        }
    if as_json:
        document = edition_document(edition) | {
            "number": edition.number,
            "date": edition.date.isoformat(),
            "items": [{"article": item.article_id, "position": item.position} for item in items],
            "findings": [finding.as_document() for finding in drafted.findings],
            "pieces": pieces,
            "parts": len(message.parts),
        }
        print_json(document)
        return
    print_edition(edition)
    print_lines(
        _("Articles: {count}; SMS units: {units}; parts: {parts}").format(
            count=len(items), units=message.units, parts=len(message.parts)
        )
    )
    print_findings(drafted.findings)
    print_lines(_("See it: newsletter preview {edition}").format(edition=edition.id))


def print_edition(edition: "Edition") -> None:
    """One line on where an edition stands, with its digest's beginning."""
    from newsletter.editions.records import edition_kind_label, edition_stage_label

    print_lines(
        _("Edition {edition} ({kind}, No. {number}) is {stage}; digest {digest}").format(
            edition=edition.id,
            kind=edition_kind_label(edition.kind),
            number=edition.number,
            stage=edition_stage_label(edition.stage),
            digest=edition.digest[:16],
        )
    )


def preview(
    context: typer.Context,
    edition_id: EditionArgument,
    piece: Annotated[
        str | None,
        typer.Option(
            "--piece",
            metavar="sms|sms-full|pdf|phone",
            help=mark("Only this piece; sms-full: the full text for old phones; phone: all of it on narrow pages."),
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=mark("Where files go; else proofs/ in the newsroom."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the proof, as it will be sent."""
    from newsletter.editions.corrections import correction_mark
    from newsletter.workflow.preview import preview_edition

    newsroom = open_newsroom(context)
    shown = preview_edition(newsroom, edition_id, piece=_choose_piece(piece), directory=out)
    if not shown.is_intact:
        warn(_("Edition {edition} was changed since it was composed; draft it again.").format(edition=edition_id))
    for correction in shown.corrected_by:
        warn(correction_mark(correction))
    if as_json:
        print_json(shown.as_document())
        return
    if shown.sms is not None:
        _print_message(shown.sms)
    if shown.sms_full is not None:
        if shown.sms is not None:
            print_lines("", _("To those who asked for the full text, without a link:"), "")
        _print_message(shown.sms_full)
    for path in filter(None, (shown.pdf, shown.archive, shown.phone)):
        print_lines(str(path))


def _print_message(message: "SmsPreview") -> None:
    print_lines(message.text, "")
    sentence = _("{encoding}; units: {units}; parts: {parts}")
    print_lines(sentence.format(encoding=message.encoding, units=message.units, parts=len(message.parts)))
    explain_link(message.text)


def explain_link(text: str) -> None:
    """Say what stands for each reader's own token, if the text carries a link."""
    from newsletter.editions.link_marks import find_mark

    mark = find_mark(text)
    if mark is not None:
        sentence = _("{placeholder} stands for the reader's own token, which differs in every message.")
        print_lines(sentence.format(placeholder=mark.placeholder))


def _choose_piece(word: str | None) -> Any:
    from newsletter.editions.kinds import Channel
    from newsletter.editions.models import PieceName
    from newsletter.errors import InputError

    if word in (Channel.MMS, "web"):
        raise InputError(_("Editions have no {piece} piece yet; they have sms, pdf and phone.").format(piece=word))
    return _choose(PieceName, word, _("piece"))
