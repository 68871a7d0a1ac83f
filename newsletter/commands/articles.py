"""Articles at the desk: ``submit``, ``articles``, ``show``, ``edit``, ``decline``, ``hold``, ``withdraw``."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.options import ArticleArgument, JsonOption, UnitOption, parse_id
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from sqlmodel import Session

    from newsletter.articles.checks.findings import Finding
    from newsletter.articles.models import Article, Revision
    from newsletter.articles.stages import ArticleVerb

WhyOption = Annotated[str, typer.Option("--reason", metavar="REASON", help=mark("Why, in a few words."))]
ColumnOption = Annotated[str | None, typer.Option("--column", metavar="COLUMN", help=mark("A column's code or name."))]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    for name, command in (
        ("submit", submit),
        ("articles", articles),
        ("show", show),
        ("edit", edit),
        ("decline", decline),
        ("hold", hold),
        ("withdraw", withdraw),
    ):
        app.command(name)(command)


def submit(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=mark("Articles as .md or .txt files."))],
    contributor: Annotated[
        str | None, typer.Option("--contributor", metavar="WHO", help=mark("Whose they are: a name or an id."))
    ] = None,
    column: ColumnOption = None,
    title: Annotated[str | None, typer.Option("--title", help=mark("The title, for one file."))] = None,
    as_json: JsonOption = False,
) -> None:
    """Take in articles; all files of one call or none."""
    from newsletter.articles.intake import submit_articles
    from newsletter.articles.manuscripts import read_manuscript
    from newsletter.errors import InputError

    if title is not None and len(files) > 1:
        raise InputError(_("One title cannot serve {count} files.").format(count=len(files)))
    newsroom = open_newsroom(context)
    manuscripts = [read_manuscript(file, title=title) for file in files]
    submitted = submit_articles(newsroom, manuscripts, contributor=contributor, column=column)
    if as_json:
        documents = [
            {
                "article": one.article,
                "revision": one.revision,
                "title": one.title,
                "file": one.file,
                "findings": [finding.as_document() for finding in one.findings],
            }
            for one in submitted
        ]
        print_json({"articles": documents})
        return
    for one in submitted:
        print_lines(_("Article {article}: {title}").format(article=one.article, title=one.title))
        print_findings(one.findings)


def print_findings(findings: "tuple[Finding, ...] | list[Finding]") -> None:
    """One line a finding."""
    for finding in findings:
        print_lines(f"  [{finding.code}] {finding.message}")


def articles(
    context: typer.Context,
    stage: Annotated[str | None, typer.Option("--stage", metavar="STAGE", help=mark("Only this stage."))] = None,
    unit: UnitOption = None,
    column: ColumnOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the articles, newest first."""
    from newsletter.articles.records import list_articles
    from newsletter.organisation.columns import get_column
    from newsletter.organisation.staff import require_staff
    from newsletter.organisation.units import get_unit, subtree_ids

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        rows = list_articles(
            session,
            stages=[_parse_stage(stage)] if stage else [],
            unit_ids=subtree_ids(session, get_unit(session, unit).id or 0) if unit else None,
            column_id=get_column(session, column).id if column else None,
        )
        documents = _article_documents(session, rows)
    print_articles(documents, as_json=as_json)


def print_articles(documents: list[dict[str, Any]], *, as_json: bool) -> None:
    """The list of articles, for ``articles`` and the desk's own list."""
    if as_json:
        print_json({"articles": documents})
        return
    from newsletter.articles.stages import article_stage_label

    headings = [_("article"), _("title"), _("stage"), _("column"), _("unit"), _("contributor"), _("revision")]
    names = ("article", "title", "stage", "column", "unit", "contributor", "revision")
    rows = [[row[name] if name != "stage" else article_stage_label(row[name]) for name in names] for row in documents]
    print_table(headings, rows)


def desk_documents(session: "Session") -> list[dict[str, Any]]:
    """What waits at the desk: submitted articles, and those in editing."""
    from newsletter.articles.models import ArticleStage
    from newsletter.articles.records import list_articles

    return _article_documents(session, list_articles(session, stages=[ArticleStage.SUBMITTED, ArticleStage.EDITING]))


def _article_documents(session: "Session", rows: Any) -> list[dict[str, Any]]:
    from newsletter.organisation.columns import list_columns
    from newsletter.organisation.contributors import list_contributors
    from newsletter.organisation.units import list_units

    units = {unit.id: unit.code for unit in list_units(session)}
    columns = {column.id: column.code for column in list_columns(session)}
    names = {contributor.id: contributor.name for contributor in list_contributors(session)}
    return [
        {
            "article": article.id,
            "revision": article.revision,
            "title": revision.title,
            "stage": article.stage,
            "column": columns.get(article.column_id),
            "unit": units[article.unit_id],
            "contributor": names[article.contributor_id],
        }
        for article, revision in rows
    ]


def show(
    context: typer.Context,
    article_id: ArticleArgument,
    revision_number: Annotated[
        int | None,
        typer.Option("--revision", metavar="N", parser=parse_id, help=mark("This revision instead of the newest.")),
    ] = None,
    as_diff: Annotated[bool, typer.Option("--diff", help=mark("What changed since the revision before."))] = False,
    as_json: JsonOption = False,
) -> None:
    """Show an article."""
    from newsletter.articles.differences import mark_differences
    from newsletter.articles.records import copy_of, findings_of, get_article, get_revision
    from newsletter.editions.records import printings_of
    from newsletter.organisation.staff import require_staff

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        article = get_article(session, article_id)
        revision = get_revision(session, article, revision_number)
        before = get_revision(session, article, revision.number - 1) if as_diff and revision.number > 1 else None
        document = _article_documents(session, [(article, revision)])[0]
        printings = printings_of(session, article_id)
    findings = findings_of(copy_of(revision))
    document |= {
        "revision": revision.number,
        "revisions": article.revision,
        "reason": article.reason,
        "lead": revision.lead,
        "body": revision.body,
        "source": revision.source,
        "editions": printings,
        "findings": [finding.as_document() for finding in findings],
    }
    if as_diff:
        document["diff"] = mark_differences(before.body if before else "", revision.body)
    if as_json:
        print_json(document)
        return
    _print_article(document)
    print_findings(findings)


def _print_article(document: dict[str, Any]) -> None:
    from newsletter.articles.stages import article_stage_label
    from newsletter.editions.records import edition_stage_label

    head = _("Article {article}, revision {revision} of {revisions}, {stage}").format(
        article=document["article"],
        revision=document["revision"],
        revisions=document["revisions"],
        stage=article_stage_label(document["stage"]),
    )
    origin = " · ".join(filter(None, (document["unit"], document["contributor"], document["column"])))
    lines = [head, origin]
    if document["reason"]:
        lines.append(_("Reason: {reason}").format(reason=document["reason"]))
    sentence = _("In edition {edition} as revision {revision}, {stage}")
    lines += [
        sentence.format(edition=found["edition"], revision=found["revision"], stage=edition_stage_label(found["stage"]))
        for found in document["editions"]
    ]
    lines += ["", document["title"], ""]
    if document["lead"]:
        lines += [document["lead"], ""]
    lines.append(document.get("diff", document["body"]))
    print_lines(*lines)


def edit(
    context: typer.Context,
    article_id: ArticleArgument,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help=mark("The new text; without it, $EDITOR opens."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write a new revision of an article."""
    from newsletter.articles.manuscripts import read_manuscript
    from newsletter.articles.records import get_article, get_revision
    from newsletter.commands.editor import open_in_editor
    from newsletter.organisation.staff import require_staff
    from newsletter.workflow.desk import edit_article

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        require_staff(session, newsroom)
        former: Revision = get_revision(session, get_article(session, article_id))
    source = contextlib.nullcontext(read_manuscript(file)) if file else open_in_editor(former)
    with source as manuscript:
        article, revision, is_new = edit_article(newsroom, article_id, manuscript)
    if as_json:
        print_json({"article": article.id, "revision": revision.number, "stage": article.stage, "changed": is_new})
    elif is_new:
        sentence = _("Article {article} has revision {revision}.")
        print_lines(sentence.format(article=article.id, revision=revision.number))
    else:
        print_lines(_("Nothing changed; article {article} stays as it is.").format(article=article.id))


def decline(
    context: typer.Context, article_id: ArticleArgument, reason: WhyOption, as_json: JsonOption = False
) -> None:
    """Decline an article."""
    from newsletter.articles.stages import ArticleVerb

    _put_aside(context, article_id, ArticleVerb.DECLINE, reason, as_json=as_json)


def hold(context: typer.Context, article_id: ArticleArgument, reason: WhyOption, as_json: JsonOption = False) -> None:
    """Put an article by for later."""
    from newsletter.articles.stages import ArticleVerb

    _put_aside(context, article_id, ArticleVerb.HOLD, reason, as_json=as_json)


def withdraw(
    context: typer.Context, article_id: ArticleArgument, reason: WhyOption, as_json: JsonOption = False
) -> None:
    """Take an article back for its contributor."""
    from newsletter.articles.stages import ArticleVerb

    _put_aside(context, article_id, ArticleVerb.WITHDRAW, reason, as_json=as_json)


def _put_aside(context: typer.Context, article_id: int, verb: "ArticleVerb", reason: str, *, as_json: bool) -> None:
    from newsletter.articles.stages import article_stage_label
    from newsletter.workflow.desk import put_aside_article

    article: Article = put_aside_article(open_newsroom(context), article_id, verb, reason)
    if as_json:
        print_json({"article": article.id, "stage": article.stage, "reason": article.reason})
    else:
        sentence = _("Article {article} is {stage}.")
        print_lines(sentence.format(article=article.id, stage=article_stage_label(article.stage)))


def _parse_stage(word: str) -> Any:
    from newsletter.articles.models import ArticleStage
    from newsletter.errors import InputError

    try:
        return ArticleStage(word.strip().lower())
    except ValueError as error:
        known = ", ".join(ArticleStage)
        raise InputError(_("{stage} is not a stage; known are {known}.").format(stage=word, known=known)) from error
