"""Two people at one edition or article at the same moment: neither is overwritten, and neither waits for ever."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from newsletter.articles.models import ArticleStage
from newsletter.articles.records import get_article, lock_article
from newsletter.articles.stages import ArticleStageError
from newsletter.editions.composing import EditionRequest
from newsletter.editions.records import get_edition, lock_edition
from newsletter.editions.references import CorrectionKind
from newsletter.journal.statements import Verb, lock_journal
from newsletter.journal.words import words_about
from newsletter.newsroom import Newsroom
from newsletter.workflow import drafting
from newsletter.workflow.approval import ChangedSinceError
from newsletter.workflow.correcting import correct_edition
from newsletter.workflow.drafting import draft_edition
from newsletter.workflow.gates import approve_edition, sign_edition
from tests.delivery.editions import a_signed_edition, an_approved_edition

EDITION = 1


def a_correction(newsroom: Newsroom) -> int:
    """A retraction of a sent edition that waits for the issuer."""
    a_signed_edition(newsroom)
    with newsroom.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE edition SET stage = 'sent' WHERE id = {EDITION}")
        session.connection().exec_driver_sql("UPDATE article SET stage = 'published'")
        session.commit()
    kind = CorrectionKind.RETRACTION
    edition = correct_edition(newsroom.acting_as("li"), EDITION, kind=kind, words="稿中日期有误。").edition.id or 0
    approve_edition(newsroom.acting_as("wang"), edition)
    return edition


@contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[list[Exception]]:
    """Let somebody else ``act`` while the block lasts, and be done soon after it; what they were refused with."""
    refusals: list[Exception] = []

    def run() -> None:
        try:
            act()
        except Exception as error:  # noqa: BLE001 (handed to the test)
            refusals.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(1)
    yield refusals
    thread.join(20)
    assert not thread.is_alive()


def test_an_article_put_aside_while_an_edition_takes_it_stays_put_aside(any_newsroom: Newsroom) -> None:
    an_approved_edition(any_newsroom)
    editor = any_newsroom.acting_as("li")
    with any_newsroom.writing() as session:
        article = lock_article(session, 1)
        article.stage = ArticleStage.DECLINED
        session.add(article)
        session.flush()
        with meanwhile(lambda: draft_edition(editor, [1], request=EditionRequest())) as refusals:
            session.commit()
    assert [type(one) for one in refusals] == [ArticleStageError]
    with any_newsroom.reading() as session:
        assert get_article(session, 1).stage == ArticleStage.DECLINED


@pytest.mark.parametrize("make", [an_approved_edition, a_correction])
def test_a_signature_sees_what_became_of_its_articles_at_that_moment(
    any_newsroom: Newsroom, make: Callable[[Newsroom], int]
) -> None:
    """Its own article, and for a correction the one that it corrects."""
    edition = make(any_newsroom)
    with any_newsroom.writing() as session:
        article = lock_article(session, 1)
        article.stage = ArticleStage.WITHDRAWN
        session.add(article)
        session.flush()
        with meanwhile(lambda: sign_edition(any_newsroom.acting_as("zhao"), edition)) as refusals:
            session.commit()
    assert [type(one) for one in refusals] == [ArticleStageError]
    with any_newsroom.reading() as session:
        assert get_article(session, 1).stage == ArticleStage.WITHDRAWN


def test_who_signs_a_correction_and_who_makes_another_do_not_wait_for_each_other(any_newsroom: Newsroom) -> None:
    correction = a_correction(any_newsroom)
    with any_newsroom.writing() as session:
        lock_edition(session, EDITION)
        with meanwhile(lambda: sign_edition(any_newsroom.acting_as("zhao"), correction)) as refusals:
            lock_journal(session)
            session.commit()
    assert refusals == []


def test_what_a_colleague_composed_meanwhile_is_not_submitted_unseen(
    any_newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_approved_edition(any_newsroom)
    editor = any_newsroom.acting_as("li")
    monkeypatch.setattr(drafting, "lock_edition", _retitled_before(any_newsroom))
    with pytest.raises(ChangedSinceError, match="Edition 2 was changed after it was shown to you"):
        draft_edition(editor, [1], request=EditionRequest(), submit=True)
    with any_newsroom.reading() as session:
        assert get_edition(session, 2).stage == "drafted"
        assert [word for word in words_about(session, "edition:2") if word.verb is Verb.SUBMIT] == []


def _retitled_before(newsroom: Newsroom) -> Callable[..., object]:
    """``lock_edition``, before whose first call a colleague gives the edition another title."""
    calls: list[int] = []

    def lock(session: object, edition_id: int) -> object:
        calls.append(edition_id)
        if len(calls) == 1:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(drafting, "lock_edition", lock_edition)
                draft_edition(
                    newsroom.acting_as("li"), [], request=EditionRequest(title="同事改的题"), edition_id=edition_id
                )
        return lock_edition(session, edition_id)  # type: ignore[arg-type]

    return lock
