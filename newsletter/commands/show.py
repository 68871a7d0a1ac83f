"""``show``: an article's text, where it stands, and what changed in it."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.article_documents import (
    article_documents,
    paint,
    print_findings,
    print_suggestions,
    suggestion_documents,
)
from newsletter.commands.options import ArticleArgument, JsonOption, parse_id
from newsletter.commands.output import print_json, print_lines
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from sqlmodel import Session

    from newsletter.articles.differences import TextDifference
    from newsletter.articles.models import Article, Revision
    from newsletter.newsroom import Newsroom


def mount(app: typer.Typer) -> None:
    """Put this command under the root."""
    app.command("show")(show)


def show(
    context: typer.Context,
    article_id: ArticleArgument,
    revision_number: Annotated[
        int | None,
        typer.Option("--revision", metavar="N", parser=parse_id, help=mark("This revision instead of the newest.")),
    ] = None,
    as_diff: Annotated[bool, typer.Option("--diff", help=mark("What changed since the revision before."))] = False,
    against: Annotated[
        int | None,
        typer.Option("--against", metavar="N", parser=parse_id, help=mark("What changed since this revision.")),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show an article."""
    from newsletter.articles.records import copy_of, findings_of, get_article, get_revision
    from newsletter.articles.reference.loading import read_context
    from newsletter.editions.visibility import raise_if_article_hidden

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        article = get_article(session, article_id)
        raise_if_article_hidden(session, newsroom, article)
        revision = get_revision(session, article, revision_number)
        document = _describe(session, newsroom, article, revision)
        former = _former(session, article, revision, against) if as_diff or against else None
        # Judged by the day it was written on: who held which post then, and which weekday it was.
        known = read_context(session, newsroom, revision.created_at.astimezone(newsroom.timezone).date())
    findings = findings_of(copy_of(revision), known, article=article.id)
    document["findings"] = [finding.as_document() for finding in findings]
    difference = _compare(former, revision) if as_diff or against else None
    if as_json:
        print_json(document | _difference_document(former, difference))
        return
    _print_head(document)
    _print_text(document, difference)
    print_suggestions(document["suggestions"])
    print_findings(findings)


def _former(session: "Session", article: "Article", revision: "Revision", against: int | None) -> "Revision | None":
    """The revision to compare with: the one named, else the one before; the first has none."""
    from newsletter.articles.records import get_revision

    if against is None and revision.number == 1:
        return None
    return get_revision(session, article, against or revision.number - 1)


def _describe(session: "Session", newsroom: "Newsroom", article: "Article", revision: "Revision") -> dict[str, Any]:
    from newsletter.articles.locks import lock_in_force
    from newsletter.editions.records import printings_of
    from newsletter.instants import to_iso
    from newsletter.organisation.staff import Staff
    from newsletter.workflow.suggestions import open_suggestions_on

    lock = lock_in_force(session, article.id or 0, newsroom.now())
    return article_documents(session, [(article, revision)])[0] | {
        "revisions": article.revision,
        "reason": article.reason,
        "lead": revision.lead,
        "body": revision.body,
        "source": revision.source,
        "pictures": revision.pictures.split(),
        "editions": printings_of(session, article.id or 0),
        "lock": lock
        and {
            "staff": session.get_one(Staff, lock.staff_id).name,
            "until": to_iso(lock.expires_at, newsroom.timezone),
        },
        "suggestions": suggestion_documents(session, open_suggestions_on(session, article.id or 0)),
    }


def _compare(former: "Revision | None", revision: "Revision") -> "TextDifference":
    from newsletter.articles.differences import compare_texts

    before = (former.title, former.lead, former.body) if former else ("", "", "")
    return compare_texts(before, (revision.title, revision.lead, revision.body))


def _difference_document(former: "Revision | None", difference: "TextDifference | None") -> dict[str, Any]:
    from newsletter.articles.differences import mark_runs

    if difference is None:
        return {}
    return {
        "against": former.number if former else None,
        "title_diff": mark_runs(difference.title),
        "lead_diff": mark_runs(difference.lead),
        "diff": mark_runs(difference.body),
    }


def _print_head(document: dict[str, Any]) -> None:
    from newsletter.articles.stages import article_stage_label
    from newsletter.editions.corrections import correction_mark
    from newsletter.editions.records import edition_stage_label

    head = _("Article {article}, revision {revision} of {revisions}, {stage}").format(
        article=document["article"],
        revision=document["revision"],
        revisions=document["revisions"],
        stage=article_stage_label(document["stage"]),
    )
    origin = (document["unit"], ", ".join(document["contributors"]), document["column"])
    lines = [head, " · ".join(filter(None, origin)), *_notes(document)]
    sentence = _("In edition {edition} as revision {revision}, {stage}")
    for found in document["editions"]:
        stage = _(", ").join([edition_stage_label(found["stage"]), *map(correction_mark, found["corrected_by"])])
        lines.append(sentence.format(edition=found["edition"], revision=found["revision"], stage=stage))
    print_lines(*lines)


def _notes(document: dict[str, Any]) -> list[str]:
    """What else is known of an article, a line each; what is not known has none."""
    lock = document["lock"]
    sentences = (
        (document["reprint"], _("Reprint from {source}").format(source=document["source"])),
        (document["cleared_by"], _("Released by {name}").format(name=document["cleared_by"])),
        (document["reason"], _("Reason: {reason}").format(reason=document["reason"])),
        (document["pictures"], _("Pictures: {count}").format(count=len(document["pictures"]))),
    )
    notes = [sentence for is_known, sentence in sentences if is_known]
    if lock:
        sentence = _("Open in the editor of {name} until {time}")
        notes.append(sentence.format(name=lock["staff"], time=lock["until"][11:16]))
    return notes


def _print_text(document: dict[str, Any], difference: "TextDifference | None") -> None:
    title, lead, body = document["title"], document["lead"], document["body"]
    if difference is not None:
        title, lead, body = paint(difference.title), paint(difference.lead), paint(difference.body)
    print_lines("", title, "")
    if lead:
        print_lines(lead, "")
    print_lines(body)
