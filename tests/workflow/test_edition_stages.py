"""The edition's stages: the table is the whole of what may happen, and every way through it keeps its promises."""

from itertools import product

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from hypothesis.strategies import sampled_from

from newsletter.editions.models import EditionStage as Stage
from newsletter.workflow.edition_stages import EDITION_TRANSITIONS, EditionStageError, advance_edition
from newsletter.workflow.edition_stages import EditionVerb as Verb

ILLEGAL = [pair for pair in product(Stage, Verb) if pair not in EDITION_TRANSITIONS]
#: What every edition that left had to pass, in this order, with nothing undone in between.
WAY_OUT = [Verb.SUBMIT, Verb.APPROVE, Verb.SIGN, Verb.SEND]


@pytest.mark.parametrize(("stage", "verb"), ILLEGAL)
def test_a_step_that_the_table_lacks_is_refused(stage: Stage, verb: Verb) -> None:
    with pytest.raises(EditionStageError, match="Edition 7 is "):
        advance_edition(7, stage, verb)


@pytest.mark.parametrize(("stage", "verb"), EDITION_TRANSITIONS)
def test_a_step_of_the_table_is_taken(stage: Stage, verb: Verb) -> None:
    assert advance_edition(7, stage, verb) is EDITION_TRANSITIONS[stage, verb]


def test_what_leaves_cannot_be_changed_nor_judged_again() -> None:
    gone = {Stage.SENDING, Stage.SENT, Stage.CANCELLED, Stage.RETRACTED}
    verbs = {verb for stage, verb in EDITION_TRANSITIONS if stage in gone}
    assert verbs == {Verb.SEND, Verb.FINISH, Verb.RECONCILE, Verb.CORRECT, Verb.RETRACT}


@pytest.mark.parametrize(
    ("stage", "hint"),
    [
        (Stage.DRAFTED, "draft --edition 7 --submit"),
        (Stage.SUBMITTED, "approve 7"),
        (Stage.RETURNED, "draft --edition 7 --submit"),
        (Stage.APPROVED, "sign 7"),
    ],
)
def test_a_refusal_says_which_step_comes_first(stage: Stage, hint: str) -> None:
    with pytest.raises(EditionStageError) as refusal:
        advance_edition(7, stage, Verb.SEND)
    assert hint in refusal.value.hint


class EditionWalk(RuleBasedStateMachine):
    """Any verbs in any order; the path taken is judged by ``WAY_OUT``, not by the table."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage.DRAFTED
        self.path: list[Verb] = []

    @rule(verb=sampled_from(Verb))
    def attempt(self, verb: Verb) -> None:
        try:
            self.stage = advance_edition(1, self.stage, verb)
        except EditionStageError:
            assert (self.stage, verb) not in EDITION_TRANSITIONS
        else:
            self.path.append(verb)

    @invariant()
    def nothing_leaves_past_a_gate(self) -> None:
        if self.stage in (Stage.SENDING, Stage.SENT):
            before = self.path[: self.path.index(Verb.SEND) + 1]
            assert before[-len(WAY_OUT) :] == WAY_OUT

    @invariant()
    def a_change_or_a_return_starts_anew(self) -> None:
        if self.path and self.path[-1] is Verb.COMPOSE:
            assert self.stage is Stage.DRAFTED
        if self.path and self.path[-1] is Verb.RETURN:
            assert self.stage is Stage.RETURNED


EditionWalk.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestEditionWalk = EditionWalk.TestCase
