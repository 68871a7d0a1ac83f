"""Copy lent twice at the same moment is lent once, and taken back it is taken back."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from newsletter.articles.records import lock_article
from newsletter.articles.sharing import ArticleShare, NotSharedError, list_shares, share_article, unshare_article
from newsletter.database import SimultaneousChangeError
from newsletter.newsroom import Newsroom
from tests.contributing.desks import submit

#: Seconds that several are given to come as far as they can while somebody holds the article.
HEAD_START = 0.3


@pytest.fixture
def article(any_newsroom: Newsroom) -> int:
    """Banjing's."""
    return submit(any_newsroom)


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    """Two at work at the same time."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        yield pool


def both(
    newsroom: Newsroom, beside: ThreadPoolExecutor, article: int, work: Callable[[Newsroom], object]
) -> list[Future[object]]:
    """Have two do the same, both begun before either can end."""
    with newsroom.writing() as session:
        lock_article(session, article)
        working = [beside.submit(work, newsroom.acting_as("li")) for _ in range(2)]
        wait(working, timeout=HEAD_START)
        session.commit()
    wait(working, timeout=20)
    return working


def in_force(newsroom: Newsroom, article: int) -> list[bool]:
    """Of each loan there ever was, whether it is in force."""
    with newsroom.reading() as session:
        return [share.revoked_at is None for share in list_shares(session, article)]


def test_lent_twice_at_once_it_is_lent_once_and_can_be_taken_back(
    any_newsroom: Newsroom, beside: ThreadPoolExecutor, article: int
) -> None:
    lent = both(any_newsroom, beside, article, lambda newsroom: share_article(newsroom, article, "baipu"))
    assert {share.result() for share in lent} == {False, True}
    assert in_force(any_newsroom, article) == [True]
    unshare_article(any_newsroom.acting_as("li"), article, "baipu")
    assert in_force(any_newsroom, article) == [False]


def test_taken_back_twice_at_once_only_one_did_it(
    any_newsroom: Newsroom, beside: ThreadPoolExecutor, article: int
) -> None:
    share_article(any_newsroom.acting_as("li"), article, "baipu")
    taken = both(any_newsroom, beside, article, lambda newsroom: unshare_article(newsroom, article, "baipu"))
    assert [type(found.exception()) for found in taken if found.exception()] == [NotSharedError]


def test_the_database_itself_holds_one_loan_in_force(any_newsroom: Newsroom, article: int) -> None:
    li = any_newsroom.acting_as("li")
    for _ in range(2):
        share_article(li, article, "baipu")
        unshare_article(li, article, "baipu")
    share_article(li, article, "baipu")
    with any_newsroom.reading() as session:
        row = session.exec(select(ArticleShare).where(ArticleShare.article_id == article)).all()[-1]
        values = row.model_dump(exclude={"id"})
    with pytest.raises((IntegrityError, SimultaneousChangeError)), any_newsroom.writing() as session:
        session.execute(insert(ArticleShare).values(**values))
    assert in_force(any_newsroom, article) == [False, False, True]
