"""What may not be published at all stops an edition, as long as the words recorded stand in it."""

from typing import ClassVar

from sqlmodel import Session, col, select

from newsletter.articles.models import Revision
from newsletter.articles.records import copy_of
from newsletter.editions.models import Edition, Item
from newsletter.errors import RefusedError
from newsletter.translation import gettext as _
from newsletter.workflow.penalties.models import ErrorRecord, PenaltyRuling, Verdict
from newsletter.workflow.penalties.quoting import whole_text
from newsletter.workflow.rule_book.codes import ErrorCode


class SecretError(RefusedError):
    """The edition holds what may not be published."""

    code: ClassVar[str] = "secret"


def raise_if_secret(session: Session, edition: Edition) -> None:
    """Refuse an edition that holds words recorded as not to be published; a reversed record does not count.

    Raises:
        SecretError: names the article and the record, not the words.
    """
    reversed_ids = select(PenaltyRuling.record_id).where(PenaltyRuling.verdict == Verdict.REVERSED)
    query = (
        select(ErrorRecord, Revision)
        .join(Item, col(Item.article_id) == col(ErrorRecord.article_id))
        .join(Revision, col(Revision.id) == col(Item.revision_id))
        .where(Item.edition_id == edition.id, ErrorRecord.code == ErrorCode.SECRECY)
        .where(col(ErrorRecord.id).not_in(reversed_ids))
        .order_by(col(ErrorRecord.id))
    )
    for record, revision in session.exec(query):
        if record.quote in whole_text(copy_of(revision)):
            raise SecretError(
                _("Article {article} in edition {edition} holds what may not be published: record {record}.").format(
                    article=record.article_id, edition=edition.id, record=record.id
                ),
                hint=_("Edit it, or take it out: newsletter draft --edition {edition} --drop {article}").format(
                    edition=edition.id, article=record.article_id
                ),
            )
