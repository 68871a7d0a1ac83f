"""Articles at the desk: ``submit``, ``articles``, ``decline``, ``hold``, ``withdraw``, ``give-back``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands import edit, show
from newsletter.commands.article_documents import article_documents, print_findings
from newsletter.commands.options import ArticleArgument, JsonOption, UnitOption
from newsletter.commands.output import print_json, print_lines, print_table, warn
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from newsletter.articles.models import Article
    from newsletter.articles.stages import ArticleVerb

WhyOption = Annotated[str, typer.Option("--reason", metavar="REASON", help=mark("Why, in a few words."))]
ColumnOption = Annotated[str | None, typer.Option("--column", metavar="COLUMN", help=mark("A column's code or name."))]


def mount(app: typer.Typer) -> None:
    """Put these commands under the root."""
    for name, command in (
        ("submit", submit),
        ("articles", articles),
        ("decline", decline),
        ("hold", hold),
        ("withdraw", withdraw),
        ("give-back", give_back),
    ):
        app.command(name)(command)
    show.mount(app)
    edit.mount(app)


def submit(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=mark("Articles as .md, .txt or .docx files."))],
    contributors: Annotated[
        list[str] | None,
        typer.Option(
            "--contributor",
            metavar="WHO",
            help=mark("Whose they are: a name or an id; several for a joint byline, the owner first."),
        ),
    ] = None,
    column: ColumnOption = None,
    title: Annotated[str | None, typer.Option("--title", help=mark("The title, for one file."))] = None,
    source: Annotated[
        str | None, typer.Option("--source", metavar="SOURCE", help=mark("Where a reprint was taken from."))
    ] = None,
    cleared: Annotated[
        str | None, typer.Option("--cleared-by", metavar="NAME", help=mark("Who in the unit released them."))
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Take in articles; all files of one call or none."""
    from newsletter.articles.intake import Submission, submit_articles
    from newsletter.articles.manuscripts import read_manuscript
    from newsletter.errors import InputError

    if title is not None and len(files) > 1:
        raise InputError(_("One title cannot serve {count} files.").format(count=len(files)))
    newsroom = open_newsroom(context)
    manuscripts = [read_manuscript(file, title=title) for file in files]
    submission = Submission(contributors=tuple(contributors or ()), column=column, source=source, cleared=cleared)
    submitted = submit_articles(newsroom, manuscripts, submission)
    for one in submitted:
        if one.cleared_by is None:
            sentence = _("Article {article}: it is not said who in the unit released it (--cleared-by NAME).")
            warn(sentence.format(article=one.article))
        if one.same_as is not None:
            sentence = _("Article {article} says the same as article {other}.")
            warn(sentence.format(article=one.article, other=one.same_as))
    if as_json:
        print_json({"articles": [one.as_document() for one in submitted]})
        return
    for one in submitted:
        print_lines(_("Article {article}: {title}").format(article=one.article, title=one.title))
        print_findings(one.findings)


def articles(
    context: typer.Context,
    stage: Annotated[str | None, typer.Option("--stage", metavar="STAGE", help=mark("Only this stage."))] = None,
    unit: UnitOption = None,
    column: ColumnOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the articles, newest first."""
    from newsletter.articles.records import list_articles
    from newsletter.articles.sharing import shared_article_ids
    from newsletter.organisation.columns import get_column
    from newsletter.organisation.scope import raise_if_not_visible, visible_unit_ids
    from newsletter.organisation.units import get_unit, subtree_ids

    newsroom = open_newsroom(context)
    with newsroom.reading() as session:
        scope = visible_unit_ids(session, newsroom)
        home = get_unit(session, unit).id or 0 if unit else None
        if home is not None:
            raise_if_not_visible(session, newsroom, home)
        rows = list_articles(
            session,
            stages=[_parse_stage(stage)] if stage else [],
            unit_ids=scope if home is None else subtree_ids(session, home),
            lent=shared_article_ids(session, scope) if home is None else (),
            column_id=get_column(session, column).id if column else None,
        )
        documents = article_documents(session, rows)
    print_articles(documents, as_json=as_json)


def print_articles(documents: list[dict[str, Any]], *, as_json: bool) -> None:
    """The list of articles, for ``articles`` and the desk's own list."""
    if as_json:
        print_json({"articles": documents})
        return
    from newsletter.articles.stages import article_stage_label

    headings = [_("article"), _("title"), _("stage"), _("column"), _("unit"), _("contributor"), _("revision")]
    names = ("article", "title", "stage", "column", "unit", "contributor", "revision")
    shown = [
        row | {"stage": article_stage_label(row["stage"]), "contributor": ", ".join(row["contributors"])}
        for row in documents
    ]
    print_table(headings, [[row[name] for name in names] for row in shown])


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


def give_back(
    context: typer.Context, article_id: ArticleArgument, reason: WhyOption, as_json: JsonOption = False
) -> None:
    """Give an article back to its contributor, to be sent again."""
    from newsletter.articles.stages import ArticleVerb

    _put_aside(context, article_id, ArticleVerb.RETURN, reason, as_json=as_json)


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
