"""``edit``: an article's next text, from a file or out of the person's own editor; and an article set free."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter.commands.options import ArticleArgument, JsonOption, parse_id
from newsletter.commands.output import print_json, print_lines
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.articles.models import Revision
    from newsletter.newsroom import Newsroom
    from newsletter.workflow.editing import Edited


def mount(app: typer.Typer) -> None:
    """Put this command under the root."""
    app.command("edit")(edit)


def edit(
    context: typer.Context,
    article_id: ArticleArgument,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help=mark("The new text; without it, $EDITOR opens."))
    ] = None,
    base: Annotated[
        int | None,
        typer.Option(
            "--base", metavar="N", parser=parse_id, help=mark("Refuse if there is a newer revision than this one.")
        ),
    ] = None,
    unlock: Annotated[
        bool, typer.Option("--unlock", help=mark("Free an article that is open in an editor; nothing else."))
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write a new revision of an article."""
    from newsletter.errors import InputError

    if (unlock and file) or (base and not file):
        raise InputError(_("--base goes with --file, and --unlock with neither."))
    newsroom = open_newsroom(context)
    if unlock:
        _unlock(newsroom, article_id, as_json=as_json)
        return
    edited = _edit_from_file(newsroom, article_id, file, base) if file else _edit_in_editor(newsroom, article_id)
    if as_json:
        document = {"article": article_id, "revision": edited.revision.number}
        print_json(document | {"stage": edited.article.stage, "changed": edited.has_changed})
        return
    sentence = _("Nothing changed; article {article} stays as it is.")
    if edited.is_from_contributor:
        sentence = _("Article {article} has revision {revision}, as its contributor sent it again.")
    elif edited.has_changed:
        sentence = _("Article {article} has revision {revision}.")
    print_lines(sentence.format(article=article_id, revision=edited.revision.number))


def _edit_from_file(newsroom: "Newsroom", article_id: int, file: Path, base: int | None) -> "Edited":
    from newsletter.articles.manuscripts import read_manuscript
    from newsletter.commands.editor import forget_kept
    from newsletter.workflow.editing import edit_article

    edited = edit_article(newsroom, article_id, read_manuscript(file), base=base, from_file=True)
    forget_kept(newsroom, file)
    return edited


def _edit_in_editor(newsroom: "Newsroom", article_id: int) -> "Edited":
    from newsletter.commands.editor import open_in_editor
    from newsletter.workflow.editing import edit_article

    with _opened(newsroom, article_id) as former, open_in_editor(newsroom, former) as manuscript:
        return edit_article(newsroom, article_id, manuscript, base=former.number)


@contextlib.contextmanager
def _opened(newsroom: "Newsroom", article_id: int) -> "Iterator[Revision]":
    """An article locked while its text is in the editor, and freed whatever comes of it."""
    from newsletter.errors import NewsletterError
    from newsletter.workflow.editing import begin_editing, end_editing

    former = begin_editing(newsroom, article_id)
    try:
        yield former
    except BaseException:
        # The trouble that brought us here is what has to be told.
        with contextlib.suppress(NewsletterError):
            end_editing(newsroom, article_id)
        raise
    end_editing(newsroom, article_id)


def _unlock(newsroom: "Newsroom", article_id: int, *, as_json: bool) -> None:
    from newsletter.workflow.editing import unlock_article

    holder = unlock_article(newsroom, article_id)
    if as_json:
        print_json({"article": article_id, "unlocked": holder is not None, "holder": holder.name if holder else None})
    elif holder is None:
        print_lines(_("Article {article} is open in no editor.").format(article=article_id))
    else:
        sentence = _("Article {article} is free again; {name} had it open.")
        print_lines(sentence.format(article=article_id, name=holder.name))
