"""What the desk does with articles that are not to be printed as they are: put aside, or given back."""

from typing import ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.articles.locks import raise_if_locked
from newsletter.articles.models import Article
from newsletter.articles.records import lock_article
from newsletter.articles.stages import ArticleVerb, advance_article
from newsletter.editions.models import Edition, EditionStage, Item
from newsletter.errors import InputError, RefusedError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.translation import gettext as _

#: Stages of editions that no longer hold on to their articles.
_OVER: Final = (EditionStage.CANCELLED, EditionStage.SENT, EditionStage.RETRACTED)
#: Characters of a reason: it is shown in a line beside its article.
REASON_LENGTH: Final = 200


class StandsInEditionError(RefusedError):
    """The article stands in an edition that is under way."""

    code: ClassVar[str] = "stands_in_edition"


def put_aside_article(newsroom: Newsroom, article_id: int, verb: ArticleVerb, reason: str) -> Article:
    """Decline, hold, withdraw an article, or give it back (``return``) to its contributor.

    Raises:
        UnknownArticleError: no such article.
        ArticleStageError: not from its stage.
        ArticleLockedError: somebody else has it open.
        StandsInEditionError: an edition under way would lose it.
        InputError: no reason given, or one that is too long or holds a number.
    """
    _check_reason(reason.strip())
    with newsroom.writing() as session:
        article = lock_article(session, article_id)
        staff = require_right(session, newsroom, Right.ARTICLES, article.unit_id)
        raise_if_locked(session, newsroom, article, staff)
        article.stage = advance_article(article_id, article.stage, verb)
        refuse_if_in_edition(session, article_id)
        article.reason = reason.strip()
        session.add(article)
        session.commit()
    return article


def _check_reason(reason: str) -> None:
    if not reason:
        raise InputError(_("Say why: the reason is empty."), hint=_("Give --reason REASON."))
    if len(reason) > REASON_LENGTH:
        raise InputError(
            _("The reason has {count} characters; at most {limit} fit.").format(count=len(reason), limit=REASON_LENGTH),
            hint=_("Give --reason REASON."),
        )
    check_remark(reason)


def refuse_if_in_edition(session: Session, article_id: int) -> None:
    """Raise if an edition under way contains the article.

    Raises:
        StandsInEditionError: it does.
    """
    query = (
        select(Edition.id)
        .join(Item, col(Item.edition_id) == col(Edition.id))
        .where(Item.article_id == article_id, col(Edition.stage).not_in(_OVER))
    )
    edition = session.exec(query).first()
    if edition is not None:
        raise StandsInEditionError(
            _("Article {article} stands in edition {edition}.").format(article=article_id, edition=edition),
            hint=_("Take it out first: newsletter draft --edition {edition} --drop {article}").format(
                edition=edition, article=article_id
            ),
        )
