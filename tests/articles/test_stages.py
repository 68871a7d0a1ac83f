"""The article's stages: the table is the whole of what may happen."""

from itertools import product

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import sampled_from

from newsletter.articles.models import ArticleStage as Stage
from newsletter.articles.stages import ARTICLE_TRANSITIONS, ArticleStageError, advance_article
from newsletter.articles.stages import ArticleVerb as Verb

ILLEGAL = [pair for pair in product(Stage, Verb) if pair not in ARTICLE_TRANSITIONS]


@pytest.mark.parametrize(("stage", "verb"), ILLEGAL)
def test_a_step_that_the_table_lacks_is_refused(stage: Stage, verb: Verb) -> None:
    with pytest.raises(ArticleStageError, match="Article 7 is "):
        advance_article(7, stage, verb)


@pytest.mark.parametrize(("stage", "verb"), ARTICLE_TRANSITIONS)
def test_a_step_of_the_table_is_taken(stage: Stage, verb: Verb) -> None:
    assert advance_article(7, stage, verb) is ARTICLE_TRANSITIONS[stage, verb]


@pytest.mark.parametrize("stage", [Stage.DECLINED, Stage.WITHDRAWN, Stage.RETRACTED])
def test_an_end_is_an_end(stage: Stage) -> None:
    assert not [verb for verb in Verb if (stage, verb) in ARTICLE_TRANSITIONS]


class ArticleWalk(RuleBasedStateMachine):
    """Any verbs in any order: nothing is published that was not adopted, and nothing published is put aside."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage.SUBMITTED
        self.path: list[Verb] = []

    @rule(verb=sampled_from(Verb))
    def attempt(self, verb: Verb) -> None:
        try:
            self.stage = advance_article(1, self.stage, verb)
        except ArticleStageError:
            assert (self.stage, verb) not in ARTICLE_TRANSITIONS
        else:
            self.path.append(verb)

    @invariant()
    def published_means_adopted_before(self) -> None:
        if Verb.PUBLISH in self.path:
            assert self.stage is Stage.PUBLISHED
            assert Verb.ADOPT in self.path[: self.path.index(Verb.PUBLISH)]

    @invariant()
    def adopted_means_through_an_editors_hands(self) -> None:
        if Verb.ADOPT in self.path:
            assert {Verb.EDIT, Verb.COMPOSE} & set(self.path[: self.path.index(Verb.ADOPT)])
            assert self.stage not in (Stage.DECLINED, Stage.HELD, Stage.WITHDRAWN)


ArticleWalk.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestArticleWalk = ArticleWalk.TestCase
