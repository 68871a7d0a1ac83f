"""Newsrooms whose messages carry a link to leave by: members, a signed edition, tokens written as sending does."""

import shutil
from pathlib import Path
from typing import Final

from sqlmodel import col, select

from newsletter.articles.intake import submit_articles
from newsletter.articles.manuscripts import read_manuscript
from newsletter.delivery.links import write_tokens
from newsletter.delivery.models import Delivery
from newsletter.editions.composing import EditionRequest
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.subscribers.models import Channel, Subscriber
from newsletter.workflow.drafting import draft_edition
from newsletter.workflow.gates import approve_edition, sign_edition
from tests.delivery.editions import add_members
from tests.delivery.ledgers import plan
from tests.texts import BODY, an_article_file

BASE_URL: Final = "https://news.example.org"
LINK_ON: Final = f'[web]\npublic_base_url = "{BASE_URL}"\nopt_out_link = true\n'
MEMBERS: Final = 12
#: The signed edition.
EDITION: Final = 1


def found_linked(founded: Path, root: Path) -> Path:
    """A copy of the founded newsroom, with links switched on, members and a signed edition; made once and copied."""
    shutil.copytree(founded, root)
    turn_on_links(root / "newsroom")
    newsroom = open_newsroom(root / "newsroom", environment={"NEWSLETTER_KEYS_DIR": str(root / "keys")})
    add_members(newsroom, MEMBERS)
    _publish(newsroom)
    newsroom.engine.dispose()
    return root


def _publish(newsroom: Newsroom) -> None:
    """An edition whose full text has more parts than its message; signed."""
    editor, path = newsroom.acting_as("li"), an_article_file(newsroom.directory.parent, body="\n\n".join([BODY] * 3))
    article = submit_articles(editor, [read_manuscript(path)])[0].article
    edition = draft_edition(editor, [article], request=EditionRequest(), submit=True).edition
    assert edition.id == EDITION
    approve_edition(newsroom.acting_as("wang"), EDITION)
    sign_edition(newsroom.acting_as("zhao"), EDITION)


def turn_on_links(directory: Path) -> None:
    path = directory / "newsletter.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{LINK_ON}", encoding="utf-8")


def plan_with_tokens(newsroom: Newsroom) -> dict[str, str]:
    """Plan the edition and write everybody's token; number key → token."""
    plan(newsroom, EDITION)
    with newsroom.writing() as session:
        keys = session.exec(select(Delivery.number_key).where(Delivery.edition_id == EDITION)).all()
        tokens = write_tokens(session, newsroom.data_keys, EDITION, keys)
        session.commit()
    return tokens


def prefer_full_text(newsroom: Newsroom, *number_keys: str) -> None:
    """Let everybody on these numbers ask for the full text."""
    with newsroom.writing() as session:
        for person in session.exec(select(Subscriber).where(col(Subscriber.number_key).in_(number_keys))):
            person.channel = Channel.FULL_TEXT
            session.add(person)
        session.commit()
