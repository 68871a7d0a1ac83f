"""Factories for delivery: members on the register, editions ready to leave; they name only what matters."""

from pathlib import Path

from sqlmodel import col, select

from newsletter.articles.intake import submit_articles
from newsletter.articles.manuscripts import read_manuscript
from newsletter.editions.composing import EditionRequest
from newsletter.newsroom import Newsroom
from newsletter.subscribers.lists.importing import import_subscribers
from newsletter.subscribers.models import Subscriber
from newsletter.workflow.drafting import draft_edition
from newsletter.workflow.gates import approve_edition, sign_edition
from tests.texts import a_subscriber_file, an_article_file


def add_members(newsroom: Newsroom, count: int, *, first: int = 0, unit: str = "banjing") -> None:
    """Import ``count`` members whose numbers follow each other from ``first``."""
    path = a_subscriber_file(newsroom.directory.parent, count, unit=unit, first=first)
    assert import_subscribers(newsroom.acting_as("li"), path).added == count


def an_approved_edition(newsroom: Newsroom, *, unit: str | None = None, title: str = "板凳会开到田头") -> int:
    """An edition of one article that waits for the issuer; for everyone unless ``unit`` is given."""
    path: Path = an_article_file(newsroom.directory.parent, title)
    editor = newsroom.acting_as("li")
    article = submit_articles(editor, [read_manuscript(path)])[0].article
    edition = draft_edition(editor, [article], request=EditionRequest(unit=unit), submit=True).edition
    approve_edition(newsroom.acting_as("wang"), edition.id or 0)
    return edition.id or 0


def a_signed_edition(newsroom: Newsroom, *, unit: str | None = None) -> int:
    """An edition that may be sent."""
    edition = an_approved_edition(newsroom, unit=unit)
    sign_edition(newsroom.acting_as("zhao"), edition)
    return edition


def number_keys(newsroom: Newsroom) -> list[str]:
    """The number keys on the register, in the order of the people."""
    with newsroom.reading() as session:
        return list(session.exec(select(Subscriber.number_key).order_by(col(Subscriber.id))).all())
