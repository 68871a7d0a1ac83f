"""The contributors' side for tests: clocks set, articles submitted, notices read; factories name only what matters."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import col, select

from newsletter.articles.bylines import keep_byline
from newsletter.articles.models import Article, TextFormat
from newsletter.articles.records import Copy, add_revision
from newsletter.delivery.gateways.opening import require_sandbox
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import get_contributor
from newsletter.organisation.staff import get_staff
from newsletter.workflow.contributing.models import Notice
from newsletter.workflow.contributing.outbox import queue_notices
from newsletter.workflow.contributing.telephones import give_number
from tests.texts import BODY

#: A Saturday morning in the newsroom's own time zone.
TODAY = datetime.fromisoformat("2026-11-21T10:00:00+08:00")
#: Whom the founded newsroom knows: of 搬经镇 and of 农业农村局.
LU, GU = "陆小满", "顾春禾"
NUMBERS = {LU: "13800005678", GU: "13900000007"}


def at(newsroom: Newsroom, moment: datetime | str = TODAY, *, actor: str = "li") -> Newsroom:
    """The newsroom at another time, with an editor at the desk."""
    known = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return replace(newsroom, clock=lambda: known, actor=actor)


def with_numbers(newsroom: Newsroom, *names: str, since: datetime = TODAY - timedelta(days=30)) -> Newsroom:
    """Give contributors (without names: all known) their numbers, a month ago; return the newsroom of today."""
    for name in names or NUMBERS:
        give_number(at(newsroom, since), name, NUMBERS[name])
    return at(newsroom)


def submit(newsroom: Newsroom, title: str = "板凳会开到田头", *, contributor: str = LU) -> int:
    """An article that came in now."""
    with newsroom.writing() as session:
        author, editor = get_contributor(session, contributor), get_staff(session, "li")
        article = Article(contributor_id=author.id or 0, unit_id=author.unit_id, revision=1, created_at=newsroom.now())
        session.add(article)
        session.flush()
        keep_byline(session, article.id or 0, [author.id or 0])
        copy = Copy(title=title, lead="", body=BODY, format=TextFormat.PLAIN, source="", pictures=())
        staff_id = editor.id or 0
        add_revision(session, article, copy, contributor_id=author.id, staff_id=staff_id, at=newsroom.now())
        session.commit()
    return article.id or 0


def queued(newsroom: Newsroom) -> list[tuple[str, str, str]]:
    """Bring the outbox up to date; contributor, kind and subject of what waits then."""
    queue_notices(newsroom)
    return [(name, notice.kind, notice.subject) for name, notice in notices(newsroom) if notice.state == "queued"]


def notices(newsroom: Newsroom) -> list[tuple[str, Notice]]:
    """Every notice with its contributor's name, oldest first."""
    with newsroom.reading() as session:
        found = session.exec(select(Notice).order_by(col(Notice.id))).all()
        return [(get_contributor(session, str(notice.contributor_id)).name, notice) for notice in found]


def states(newsroom: Newsroom) -> Counter[str]:
    """Notices by state."""
    return Counter(notice.state for _name, notice in notices(newsroom))


def handed_over(newsroom: Newsroom) -> Counter[str]:
    """Texts by how often the sandbox was handed them, as it holds them itself."""
    gateway = require_sandbox(newsroom)
    found = Counter(text for _key, _number, edition, text, _at in gateway.messages(None) if edition == 0)
    gateway.close()
    return found
