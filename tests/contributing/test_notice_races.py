"""Queueing and sending at the same moment: what was claimed stays as it was claimed, and nobody is told twice."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime

import pytest

from newsletter.articles.models import Article, ArticleStage
from newsletter.delivery.notice_records import claim_notices
from newsletter.delivery.notices import NoticesSent, send_notices
from newsletter.newsroom import Newsroom
from newsletter.workflow.contributing.outbox import queue_notices
from tests.contributing.desks import GU, LU, TODAY, handed_over, notices, states, submit, with_numbers

#: Seconds that one of two is given to go ahead of the other, if nothing holds it.
HEAD_START = 0.3


@pytest.fixture
def desk(any_newsroom: Newsroom) -> Newsroom:
    """Two receipts that wait."""
    found = with_numbers(any_newsroom)
    for contributor in (LU, GU):
        submit(found, contributor=contributor)
    assert queue_notices(found).waiting == 2
    return found


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    """Somebody else, at work at the same time."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool


def change(newsroom: Newsroom, **values: str) -> None:
    """Every article otherwise: what was to be told of it is not true any more, or is told in other words."""
    with newsroom.writing() as session:
        for article_id in (1, 2):
            for name, value in values.items():
                setattr(session.get_one(Article, article_id), name, value)
        session.commit()


def test_what_the_sender_has_claimed_is_not_taken_back(desk: Newsroom, beside: ThreadPoolExecutor) -> None:
    change(desk, stage=ArticleStage.WITHDRAWN)
    with desk.writing() as session:
        assert len(claim_notices(session, desk, limit=2, at=desk.now())) == 2
        queueing = beside.submit(queue_notices, desk)
        wait([queueing], timeout=HEAD_START)
        session.commit()
    assert queueing.result(timeout=10).outdated == 0
    assert states(desk) == {"claimed": 2}


def test_the_words_of_a_claimed_notice_stay(desk: Newsroom, beside: ThreadPoolExecutor) -> None:
    submit(desk)
    change(desk, stage=ArticleStage.DECLINED, reason="与上周重复")
    queue_notices(desk)
    before = {notice.id: notice.text for _name, notice in notices(desk)}
    change(desk, reason="照片不清楚")
    with desk.writing() as session:
        claim_notices(session, desk, limit=9, at=desk.now())
        queueing = beside.submit(queue_notices, desk)
        wait([queueing], timeout=HEAD_START)
        session.commit()
    queueing.result(timeout=10)
    assert {notice.id: notice.text for _name, notice in notices(desk)} == before


def test_nobody_is_sent_what_is_being_taken_back(desk: Newsroom, beside: ThreadPoolExecutor) -> None:
    change(desk, stage=ArticleStage.WITHDRAWN)
    sending: list[Future[NoticesSent]] = []

    def now() -> datetime:
        # Asked for the second time (the first is for the right), queueing has begun on the outbox: a sender comes in.
        moments.append(TODAY)
        if len(moments) == 2:
            sending.append(beside.submit(send_notices, desk))
            wait(sending, timeout=HEAD_START)
        return TODAY

    moments: list[datetime] = []
    assert queue_notices(replace(desk, clock=now)).outdated == 2
    assert sending[0].result(timeout=10).handed_over == 0
    assert states(desk) == {"suppressed": 2}
    assert sum(handed_over(desk).values()) == 0
