"""The sign-off page: who stands for an edition, told from the words in force over it."""

from itertools import chain

from sqlmodel import Session

from newsletter.editions.layout import Credits
from newsletter.editions.manifest import authors_of
from newsletter.editions.models import Edition
from newsletter.newsroom import Newsroom
from newsletter.workflow.approval import Words


def credits_of(session: Session, newsroom: Newsroom, edition: Edition, words: Words) -> Credits:
    """Who edited, approved and signed, when, and over what; ``words`` are all three."""
    submit, approve, sign = words.spoken()
    authors = authors_of(session, edition)
    return Credits(
        editors=tuple(dict.fromkeys([submit.person, *chain.from_iterable(authors.values())])),
        submitted_at=submit.time.astimezone(newsroom.timezone),
        reviewer=approve.person,
        approved_at=approve.time.astimezone(newsroom.timezone),
        issuer=sign.person,
        signed_at=sign.time.astimezone(newsroom.timezone),
        digest=sign.digest,
        journal_head=sign.hash,
    )
