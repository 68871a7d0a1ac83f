"""``share``: copy lent from one unit's desk to another's, and taken back."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsletter.commands.options import ArticleArgument, JsonOption
from newsletter.commands.output import print_json, print_lines, print_table
from newsletter.commands.session import open_newsroom
from newsletter.translation import gettext as _
from newsletter.translation import mark

if TYPE_CHECKING:
    from sqlmodel import Session

    from newsletter.articles.sharing import ArticleShare
    from newsletter.newsroom import Newsroom


def mount(app: typer.Typer) -> None:
    """Put this command under the root."""
    app.command("share")(share)


def share(
    context: typer.Context,
    article_id: ArticleArgument,
    unit: Annotated[
        str | None,
        typer.Option("--with", metavar="UNIT", help=mark("The unit it is lent to; without it: show to whom it is.")),
    ] = None,
    remark: Annotated[str, typer.Option("--note", metavar="NOTE", help=mark("A remark for the other desk."))] = "",
    revoke: Annotated[bool, typer.Option("--revoke", help=mark("Take it back from that unit."))] = False,
    as_json: JsonOption = False,
) -> None:
    """Lend an article to another unit's desk, which sees it and may print it as it stands."""
    from newsletter.articles.sharing import share_article, unshare_article
    from newsletter.errors import InputError

    if (revoke or remark) and unit is None:
        raise InputError(_("Say with whom: --with UNIT."))
    newsroom = open_newsroom(context)
    if unit is not None and revoke:
        unshare_article(newsroom, article_id, unit)
    elif unit is not None:
        share_article(newsroom, article_id, unit, note=remark)
    _show_shares(newsroom, article_id, as_json=as_json)


def _show_shares(newsroom: "Newsroom", article_id: int, *, as_json: bool) -> None:
    from newsletter.articles.records import get_article
    from newsletter.articles.sharing import list_shares
    from newsletter.editions.records import printings_of
    from newsletter.editions.visibility import raise_if_article_hidden

    with newsroom.reading() as session:
        raise_if_article_hidden(session, newsroom, get_article(session, article_id))
        documents = [_share_document(session, newsroom, one) for one in list_shares(session, article_id)]
        printed = [found["edition"] for found in printings_of(session, article_id)]
    if as_json:
        print_json({"article": article_id, "shares": documents, "editions": printed})
        return
    rows = [[one["unit"], one["by"], one["at"], one["note"], one["revoked_at"] or ""] for one in documents]
    title = _("Article {article} is shared with").format(article=article_id)
    print_table([_("unit"), _("who"), _("time"), _("note"), _("taken back")], rows, title=title)
    if printed and any(one["revoked_at"] for one in documents):
        editions = ", ".join(map(str, printed))
        print_lines(_("It still stands in: {editions}").format(editions=editions))


def _share_document(session: "Session", newsroom: "Newsroom", one: "ArticleShare") -> dict[str, Any]:
    from newsletter.instants import to_iso
    from newsletter.organisation.staff import Staff
    from newsletter.organisation.units import Unit

    return {
        "unit": session.get_one(Unit, one.unit_id).code,
        "by": session.get_one(Staff, one.staff_id).name,
        "at": to_iso(one.at, newsroom.timezone),
        "note": one.note,
        "revoked_at": to_iso(one.revoked_at, newsroom.timezone),
    }
