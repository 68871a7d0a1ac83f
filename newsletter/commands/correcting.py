"""``correct``: what is said of an edition after it was sent."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.commands.options import EditionArgument, JsonOption, YesOption, parse_id
from newsletter.commands.output import print_json, print_lines, warn
from newsletter.commands.session import confirm, open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.articles.manuscripts import Manuscript
    from newsletter.editions.references import CorrectionKind
    from newsletter.newsroom import Newsroom
    from newsletter.workflow.correcting import Correctable
    from newsletter.workflow.drafting import Drafted

KindOption = Annotated[
    str, typer.Option("--kind", metavar="notice|correction|retraction", help=mark("What is said of it."))
]


def mount(app: typer.Typer) -> None:
    """Put this command under the root."""
    app.command("correct")(correct)


def correct(
    context: typer.Context,
    edition_id: EditionArgument,
    kind: KindOption,
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help=mark("The words themselves."))] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE", help=mark("The words, from a file."))] = None,
    articles: Annotated[
        list[int] | None,
        typer.Option(
            "--article", metavar="ARTICLE", parser=parse_id, help=mark("Which article is meant; without it: all.")
        ),
    ] = None,
    title: Annotated[str, typer.Option("--title", help=mark("A title above it, if it is to have one."))] = "",
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Correct an edition that was sent: makes the correction and submits it, for whoever got the original."""
    from newsletter.workflow.correcting import check_correcting, correct_edition

    words = _read_words(text, file)
    newsroom = open_newsroom(context)
    chosen = _choose_kind(kind)
    checked = check_correcting(newsroom, edition_id, kind=chosen, articles=articles or ())
    if checked.others:
        sentence = _("There are editions about edition {edition} already: {others}.")
        warn(sentence.format(edition=edition_id, others=", ".join(map(str, checked.others))))
    received = _count_received(newsroom, edition_id)
    confirm(_question(checked, received), yes=yes)
    drafted = correct_edition(newsroom, edition_id, kind=chosen, words=words, articles=articles or (), title=title)
    _show(newsroom, drafted, checked, received, as_json=as_json)


def _read_words(text: str | None, file: Path | None) -> "Manuscript | str":
    from newsletter.articles.manuscripts import read_manuscript
    from newsletter.errors import InputError

    if (text is None) == (file is None):
        raise InputError(_("Give either --text TEXT or --file FILE."))
    # A file's first line is no title here: the title names the original.
    return read_manuscript(file, title=file.stem) if file is not None else text or ""


def _choose_kind(word: str) -> "CorrectionKind":
    from newsletter.editions.references import CorrectionKind
    from newsletter.errors import InputError

    try:
        return CorrectionKind(word.strip().lower())
    except ValueError as error:
        message = _("{word} is not a {noun}; known are {known}.")
        raise InputError(message.format(word=word, noun=_("kind"), known=", ".join(CorrectionKind))) from error


def _count_received(newsroom: "Newsroom", edition_id: int) -> int:
    from newsletter.delivery.receivers import count_receivers
    from newsletter.editions.records import get_edition

    with newsroom.reading() as session:
        return count_receivers(session, edition_id, get_edition(session, edition_id).paper_id).received


def _question(checked: "Correctable", received: int) -> str:
    from newsletter.editions.corrections import correction_label

    return _("Submit a {kind} of edition {edition}, articles {articles}? {count} numbers got it.").format(
        kind=correction_label(checked.link.kind),
        edition=checked.link.edition,
        articles=", ".join(map(str, checked.link.articles)),
        count=received,
    )


def _show(newsroom: "Newsroom", drafted: "Drafted", checked: "Correctable", received: int, *, as_json: bool) -> None:
    from newsletter.commands.article_documents import print_findings
    from newsletter.commands.desk import edition_document, print_edition
    from newsletter.workflow.preview import preview_message

    edition = drafted.edition
    message = preview_message(newsroom, edition.id or 0)
    if as_json:
        document = edition_document(edition) | {
            "corrects": checked.link.document(),
            "received": received,
            "text": message.text,
            "parts": len(message.parts),
            "findings": [finding.as_document() for finding in drafted.findings],
        }
        print_json(document)
        return
    print_lines(message.text, "")
    print_edition(edition)
    print_findings(drafted.findings)
    sentence = _("It waits for a reviewer: newsletter approve {edition}; then: newsletter send {edition}")
    print_lines(sentence.format(edition=edition.id))
