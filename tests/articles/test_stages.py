"""The article's stages: the table is the whole of what may happen, and every way through it keeps its promises."""

from itertools import product

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import sampled_from

from newsletter.articles.models import ArticleStage as Stage
from newsletter.articles.stages import ARTICLE_TRANSITIONS, ArticleStageError, advance_article, article_stage_label
from newsletter.articles.stages import ArticleVerb as Verb

ILLEGAL = [pair for pair in product(Stage, Verb) if pair not in ARTICLE_TRANSITIONS]
#: Stages of a text that readers have seen.
PRINTED = (Stage.PUBLISHED, Stage.CORRECTED, Stage.RETRACTED)
ASIDE = (Stage.DECLINED, Stage.HELD, Stage.WITHDRAWN, Stage.RETURNED)


@pytest.mark.parametrize(("stage", "verb"), ILLEGAL)
def test_a_step_that_the_table_lacks_is_refused(stage: Stage, verb: Verb) -> None:
    with pytest.raises(ArticleStageError, match=f"Article 7 is {article_stage_label(stage)}: "):
        advance_article(7, stage, verb)


@pytest.mark.parametrize(("stage", "verb"), ARTICLE_TRANSITIONS)
def test_a_step_of_the_table_is_taken(stage: Stage, verb: Verb) -> None:
    assert advance_article(7, stage, verb) is ARTICLE_TRANSITIONS[stage, verb]


@pytest.mark.parametrize("stage", [Stage.DECLINED, Stage.WITHDRAWN])
def test_an_end_is_an_end(stage: Stage) -> None:
    assert not [verb for verb in Verb if (stage, verb) in ARTICLE_TRANSITIONS]


def test_what_was_retracted_stays_so_though_another_edition_with_it_be_sent() -> None:
    assert [verb for verb in Verb if (Stage.RETRACTED, verb) in ARTICLE_TRANSITIONS] == [Verb.PUBLISH]
    assert advance_article(1, Stage.RETRACTED, Verb.PUBLISH) is Stage.RETRACTED
    assert advance_article(1, Stage.CORRECTED, Verb.PUBLISH) is Stage.CORRECTED


@pytest.mark.parametrize("stage", Stage)
def test_only_what_was_published_is_corrected_or_retracted(stage: Stage) -> None:
    for verb in (Verb.CORRECT, Verb.RETRACT):
        assert ((stage, verb) in ARTICLE_TRANSITIONS) == (stage in (Stage.PUBLISHED, Stage.CORRECTED))


@pytest.mark.parametrize("stage", Stage)
def test_only_what_is_still_at_the_desk_is_given_back(stage: Stage) -> None:
    is_at_the_desk = stage in (Stage.SUBMITTED, Stage.EDITING, Stage.HELD)
    assert ((stage, Verb.RETURN) in ARTICLE_TRANSITIONS) == is_at_the_desk


class ArticleWalk(RuleBasedStateMachine):
    """Any verbs in any order; the stage is judged by the path taken, not by the table."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage.SUBMITTED
        self.path: list[Verb] = []

    @rule(verb=sampled_from(Verb))
    def attempt(self, verb: Verb) -> None:
        before = self.stage
        try:
            self.stage = advance_article(1, self.stage, verb)
        except ArticleStageError:
            assert (before, verb) not in ARTICLE_TRANSITIONS
            assert self.stage is before
        else:
            self.path.append(verb)

    @invariant()
    def what_was_printed_is_never_put_aside_nor_edited(self) -> None:
        if Verb.PUBLISH in self.path:
            first = self.path.index(Verb.PUBLISH)
            assert Verb.ADOPT in self.path[:first]
            assert self.stage in PRINTED
            assert not {Verb.EDIT, Verb.HOLD, Verb.DECLINE, Verb.WITHDRAW, Verb.RETURN} & set(self.path[first:])

    @invariant()
    def adopted_means_through_an_editors_hands(self) -> None:
        if Verb.ADOPT in self.path:
            assert {Verb.EDIT, Verb.COMPOSE} & set(self.path[: self.path.index(Verb.ADOPT)])
            assert self.stage not in ASIDE

    @invariant()
    def a_correction_follows_a_publication_and_nothing_follows_a_retraction(self) -> None:
        for verb in (Verb.CORRECT, Verb.RETRACT):
            if verb in self.path:
                assert Verb.PUBLISH in self.path[: self.path.index(verb)]
        if Verb.RETRACT in self.path:
            assert self.stage is Stage.RETRACTED
            assert set(self.path[self.path.index(Verb.RETRACT) + 1 :]) <= {Verb.PUBLISH}

    @invariant()
    def what_was_given_back_comes_on_only_as_a_new_text(self) -> None:
        if Verb.RETURN in self.path:
            last = len(self.path) - 1 - self.path[::-1].index(Verb.RETURN)
            after = self.path[last + 1 :]
            assert not after or after[0] in (Verb.EDIT, Verb.DECLINE, Verb.WITHDRAW)


ArticleWalk.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestArticleWalk = ArticleWalk.TestCase
