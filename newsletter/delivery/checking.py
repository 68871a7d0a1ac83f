"""Whether an edition may be sent by who asks, and what that would do; nothing is written."""

from sqlmodel import Session, col, select

from newsletter.articles.models import Article, ArticleStage
from newsletter.delivery.ledger import get_dispatch, ledger_totals
from newsletter.delivery.preflight import Preflight, preflight, preflight_resumed
from newsletter.editions.models import EditionStage, Item
from newsletter.editions.records import get_edition
from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Verb
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.translation import gettext as _
from newsletter.workflow.edition_stages import EditionVerb, advance_edition
from newsletter.workflow.gates import check_gates, raise_if_may_not_judge
from newsletter.workflow.readable import readable_records


def check_sending(newsroom: Newsroom, edition_id: int) -> Preflight | None:
    """Everything that ``send`` will check, and what it would send; None for a finished edition.

    Raises:
        UnknownEditionError: no such edition.
        EditionStageError, NotApprovedError, ChangedSinceError, SamePersonError, RoleLostError: it may not leave.
        NoRightError: not by this person.
        EmptyAudienceError: nobody would get it.
        UnreadableRecordsError: something else than this program wrote its records.
    """
    with readable_records(_("edition {edition}").format(edition=edition_id)), newsroom.reading() as session:
        edition = get_edition(session, edition_id)
        needs_signature = edition.stage == EditionStage.APPROVED
        right = Right.SIGN if needs_signature else Right.SEND
        sender = require_right(session, newsroom, right, edition.unit_id)
        if edition.stage == EditionStage.SENT:
            return None
        verb = EditionVerb.SIGN if needs_signature else EditionVerb.SEND
        advance_edition(edition_id, edition.stage, verb)
        _read_articles(session, edition_id)
        journal = read_journal(session, newsroom, trust_checkpoint=True)
        upto = Verb.APPROVE if needs_signature else Verb.SIGN
        words = check_gates(session, newsroom, edition, journal, upto=upto)
        if needs_signature:
            raise_if_may_not_judge(session, newsroom, edition, journal, words, sender.name, Verb.SIGN)
        if get_dispatch(session, edition_id) is None:
            return preflight(session, newsroom, edition)
        return preflight_resumed(session, newsroom, edition, ledger_totals(session, edition_id))


def _read_articles(session: Session, edition_id: int) -> None:
    """Read what finishing the edition will move on: nothing leaves that could not be finished.

    Raises:
        ValueError: something else than this program wrote there.
    """
    query = select(Article).join(Item, col(Item.article_id) == col(Article.id)).where(Item.edition_id == edition_id)
    for article in session.exec(query):
        ArticleStage(article.stage)
