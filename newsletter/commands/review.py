"""``approve``, ``return``, ``accept``, ``sign``: what people say of an edition before it may leave."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.article_documents import paint, print_findings, print_suggestions, suggestion_documents
from newsletter.commands.desk import edition_document, print_edition
from newsletter.commands.options import EditionArgument, JsonOption, parse_id
from newsletter.commands.output import print_json, print_lines
from newsletter.commands.pairs import SuggestingCommand, parse_suggestion
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.workflow.changes import ArticleChange, Changes
    from newsletter.workflow.faults import Fault


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    app.command("approve")(approve)
    app.command("return", cls=SuggestingCommand)(return_)
    app.command("accept")(accept)
    app.command("sign")(sign)


def approve(
    context: typer.Context,
    edition_id: EditionArgument,
    remark: Annotated[str, typer.Option("--note", metavar="NOTE", help=mark("A remark for the journal."))] = "",
    as_json: JsonOption = False,
) -> None:
    """Approve an edition as it stands: the reviewer's word on its digest."""
    from newsletter.workflow.gates import approve_edition, review_edition

    newsroom = open_newsroom(context)
    review = review_edition(newsroom, edition_id)
    if review.changes is not None and not as_json:
        # Before the passphrase is asked for: what is signed is what was shown, or nothing.
        _print_changes(review.changes)
    edition, changes = approve_edition(newsroom, edition_id, note=remark, digest=review.digest)
    if as_json:
        print_json(edition_document(edition) | _changes_document(changes))
    else:
        print_edition(edition)


def _changes_document(changes: "Changes | None") -> dict[str, Any]:
    from newsletter.articles.differences import mark_runs

    if changes is None:
        return {"changes": None, "differences": []}
    return {
        "changes": {"added": changes.added, "revised": changes.revised, "dropped": changes.dropped},
        "differences": [
            {
                "article": change.article,
                "against": change.former,
                "revision": change.revision,
                "title": mark_runs(change.difference.title),
                "lead": mark_runs(change.difference.lead),
                "body": mark_runs(change.difference.body),
            }
            for change in changes.texts
        ],
    }


def _print_changes(changes: "Changes") -> None:
    sentences = (
        (_("New since your last word: {articles}"), changes.added),
        (_("Changed since your last word: {articles}"), changes.revised),
        (_("Gone since your last word: {articles}"), changes.dropped),
    )
    for sentence, articles in sentences:
        if articles:
            print_lines(sentence.format(articles=", ".join(map(str, articles))))
    if changes.is_reordered:
        print_lines(_("The articles stand in another order than at your last word."))
    if not changes:
        print_lines(_("The articles are as they were at your last word."))
    for change in changes.texts:
        print_lines("", *_change_lines(change), "")


def _change_lines(change: "ArticleChange") -> "Iterator[str]":
    from newsletter.articles.differences import only_changed

    yield _("Article {article}, revision {former} → {revision}:").format(
        article=change.article, former=change.former, revision=change.revision
    )
    yield paint(change.difference.title)
    for field in (change.difference.lead, change.difference.body):
        changed = only_changed(field)
        if any(run.kind != "same" for run in changed):
            yield paint(changed).rstrip("\n")


def return_(
    context: typer.Context,
    edition_id: EditionArgument,
    reason: Annotated[str, typer.Option("--reason", metavar="REASON", help=mark("What is wrong with it."))],
    errors: Annotated[
        list[str] | None,
        typer.Option(
            "--error", metavar="CODE", help=mark("An error found, with --article and --quote; any number of times.")
        ),
    ] = None,
    articles: Annotated[
        list[int] | None,
        typer.Option("--article", metavar="ARTICLE", parser=parse_id, help=mark("The article that has the error.")),
    ] = None,
    quotes: Annotated[
        list[str] | None, typer.Option("--quote", metavar="WORDS", help=mark("The words in error, as they stand."))
    ] = None,
    suggestions: Annotated[
        list[str] | None,
        typer.Option(
            "--suggest",
            metavar="OLD NEW",
            help=mark("Words to put in place of others; --article right after it, if several articles have them."),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Give an edition back to the editor, with the errors found and the mends suggested."""
    from dataclasses import asdict

    from newsletter.workflow.returning import return_edition
    from newsletter.workflow.suggestions import open_suggestions

    faults = _parse_faults(errors or [], articles or [], quotes or [])
    wanted = [parse_suggestion(suggestion) for suggestion in suggestions or []]
    newsroom = open_newsroom(context)
    edition = return_edition(newsroom, edition_id, reason=reason, faults=faults, suggestions=wanted)
    with newsroom.reading() as session:
        documents = suggestion_documents(session, open_suggestions(session, edition))
    if as_json:
        said = {"reason": reason, "faults": [asdict(fault) for fault in faults], "suggestions": documents}
        print_json(edition_document(edition) | said)
        return
    print_edition(edition)
    for fault in faults:
        sentence = _("Error {code}, article {article}: {quote}")
        print_lines(sentence.format(code=fault.code, article=fault.article, quote=fault.quote))
    print_suggestions(documents)


def _parse_faults(errors: "Sequence[str]", articles: "Sequence[int]", quotes: "Sequence[str]") -> "list[Fault]":
    """Errors, articles and quotes taken together in the order they were typed."""
    from newsletter.errors import InputError
    from newsletter.workflow.faults import Fault

    if not len(errors) == len(articles) == len(quotes):
        raise InputError(
            _("Each --error needs its --article and --quote: {errors}, {articles} and {quotes} were given.").format(
                errors=len(errors), articles=len(articles), quotes=len(quotes)
            )
        )
    return [
        Fault(code=code, article=article, quote=quote)
        for code, article, quote in zip(errors, articles, quotes, strict=True)
    ]


def accept(
    context: typer.Context,
    edition_id: EditionArgument,
    numbers: Annotated[
        list[int] | None,
        typer.Option("--suggestion", metavar="N", parser=parse_id, help=mark("Only this one; any number of times.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Put the reviewer's suggestions into the texts, and the texts into the edition."""
    from newsletter.workflow.accepting import accept_suggestions

    newsroom = open_newsroom(context)
    accepted = accept_suggestions(newsroom, edition_id, numbers or [])
    with newsroom.reading() as session:
        mended = suggestion_documents(session, accepted.mended)
    if as_json:
        findings = [finding.as_document() for finding in accepted.findings]
        print_json(edition_document(accepted.edition) | {"mended": mended, "findings": findings})
        return
    print_suggestions(mended)
    print_edition(accepted.edition)
    print_findings(accepted.findings)
    print_lines(_("Submit it again: newsletter draft --edition {edition} --submit").format(edition=edition_id))


def sign(context: typer.Context, edition_id: EditionArgument, as_json: JsonOption = False) -> None:
    """Sign an edition: the issuer's word, without sending yet."""
    from newsletter.workflow.gates import sign_edition

    edition = sign_edition(open_newsroom(context), edition_id)
    if as_json:
        print_json(edition_document(edition))
    else:
        print_edition(edition)
