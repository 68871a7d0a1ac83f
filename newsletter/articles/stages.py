"""Who may take an article from one stage to the next. Pure: no clock, no database."""

from enum import StrEnum
from typing import ClassVar, Final

from newsletter.articles.models import ArticleStage
from newsletter.errors import RefusedError
from newsletter.translation import gettext as _


class ArticleVerb(StrEnum):
    """What is done to an article."""

    EDIT = "edit"
    COMPOSE = "compose"
    HOLD = "hold"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    RETURN = "return"
    ADOPT = "adopt"
    PUBLISH = "publish"
    CORRECT = "correct"
    RETRACT = "retract"


#: (stage, verb) -> next stage. The table is printed in docs/reference/workflow.md. ``return`` gives an article back to
#: its contributor, whose next text is an ``edit``. ``adopt`` follows an edition's sign-off, ``publish`` its sending; an
#: article may stand in several editions, so one that was corrected or retracted meanwhile stays so when another of them
#: is found to be sent.
ARTICLE_TRANSITIONS: Final[dict[tuple[ArticleStage, ArticleVerb], ArticleStage]] = {
    (ArticleStage.SUBMITTED, ArticleVerb.EDIT): ArticleStage.EDITING,
    (ArticleStage.EDITING, ArticleVerb.EDIT): ArticleStage.EDITING,
    (ArticleStage.HELD, ArticleVerb.EDIT): ArticleStage.EDITING,
    (ArticleStage.RETURNED, ArticleVerb.EDIT): ArticleStage.EDITING,
    (ArticleStage.ADOPTED, ArticleVerb.EDIT): ArticleStage.ADOPTED,
    (ArticleStage.SUBMITTED, ArticleVerb.COMPOSE): ArticleStage.EDITING,
    (ArticleStage.EDITING, ArticleVerb.COMPOSE): ArticleStage.EDITING,
    (ArticleStage.ADOPTED, ArticleVerb.COMPOSE): ArticleStage.ADOPTED,
    (ArticleStage.PUBLISHED, ArticleVerb.COMPOSE): ArticleStage.PUBLISHED,
    (ArticleStage.SUBMITTED, ArticleVerb.HOLD): ArticleStage.HELD,
    (ArticleStage.EDITING, ArticleVerb.HOLD): ArticleStage.HELD,
    (ArticleStage.SUBMITTED, ArticleVerb.DECLINE): ArticleStage.DECLINED,
    (ArticleStage.EDITING, ArticleVerb.DECLINE): ArticleStage.DECLINED,
    (ArticleStage.HELD, ArticleVerb.DECLINE): ArticleStage.DECLINED,
    (ArticleStage.SUBMITTED, ArticleVerb.WITHDRAW): ArticleStage.WITHDRAWN,
    (ArticleStage.EDITING, ArticleVerb.WITHDRAW): ArticleStage.WITHDRAWN,
    (ArticleStage.HELD, ArticleVerb.WITHDRAW): ArticleStage.WITHDRAWN,
    (ArticleStage.RETURNED, ArticleVerb.DECLINE): ArticleStage.DECLINED,
    (ArticleStage.RETURNED, ArticleVerb.WITHDRAW): ArticleStage.WITHDRAWN,
    (ArticleStage.SUBMITTED, ArticleVerb.RETURN): ArticleStage.RETURNED,
    (ArticleStage.EDITING, ArticleVerb.RETURN): ArticleStage.RETURNED,
    (ArticleStage.HELD, ArticleVerb.RETURN): ArticleStage.RETURNED,
    (ArticleStage.EDITING, ArticleVerb.ADOPT): ArticleStage.ADOPTED,
    (ArticleStage.ADOPTED, ArticleVerb.ADOPT): ArticleStage.ADOPTED,
    (ArticleStage.PUBLISHED, ArticleVerb.ADOPT): ArticleStage.PUBLISHED,
    (ArticleStage.ADOPTED, ArticleVerb.PUBLISH): ArticleStage.PUBLISHED,
    (ArticleStage.PUBLISHED, ArticleVerb.PUBLISH): ArticleStage.PUBLISHED,
    (ArticleStage.CORRECTED, ArticleVerb.PUBLISH): ArticleStage.CORRECTED,
    (ArticleStage.RETRACTED, ArticleVerb.PUBLISH): ArticleStage.RETRACTED,
    (ArticleStage.PUBLISHED, ArticleVerb.CORRECT): ArticleStage.CORRECTED,
    (ArticleStage.CORRECTED, ArticleVerb.CORRECT): ArticleStage.CORRECTED,
    (ArticleStage.PUBLISHED, ArticleVerb.RETRACT): ArticleStage.RETRACTED,
    (ArticleStage.CORRECTED, ArticleVerb.RETRACT): ArticleStage.RETRACTED,
}


class ArticleStageError(RefusedError):
    """Not from this stage."""

    code: ClassVar[str] = "article_stage"


def advance_article(article: int, stage: str, verb: ArticleVerb) -> ArticleStage:
    """The stage after ``verb``.

    Raises:
        ArticleStageError: the table has no such step.
    """
    following = ARTICLE_TRANSITIONS.get((ArticleStage(stage), verb))
    if following is None:
        raise ArticleStageError(_refusal(verb).format(article=article, stage=article_stage_label(stage)))
    return following


def _refusal(verb: ArticleVerb) -> str:
    """The sentence for a step that cannot be taken; ``article`` and ``stage`` are still to be filled in."""
    return {
        ArticleVerb.EDIT: _("Article {article} is {stage}: it cannot be edited."),
        ArticleVerb.COMPOSE: _("Article {article} is {stage}: it cannot stand in an edition."),
        ArticleVerb.HOLD: _("Article {article} is {stage}: it cannot be held."),
        ArticleVerb.DECLINE: _("Article {article} is {stage}: it cannot be declined."),
        ArticleVerb.WITHDRAW: _("Article {article} is {stage}: it cannot be withdrawn."),
        ArticleVerb.RETURN: _("Article {article} is {stage}: it cannot be given back."),
        ArticleVerb.ADOPT: _("Article {article} is {stage}: it cannot be adopted."),
        ArticleVerb.PUBLISH: _("Article {article} is {stage}: it cannot be published."),
        ArticleVerb.CORRECT: _("Article {article} is {stage}: only what was published can be corrected."),
        ArticleVerb.RETRACT: _("Article {article} is {stage}: only what was published can be retracted."),
    }[verb]


def article_stage_label(stage: str) -> str:
    """The stage in the user's language."""
    return {
        ArticleStage.SUBMITTED: _("newly submitted"),
        ArticleStage.EDITING: _("in editing"),
        ArticleStage.HELD: _("held"),
        ArticleStage.DECLINED: _("declined"),
        ArticleStage.WITHDRAWN: _("withdrawn"),
        ArticleStage.RETURNED: _("returned"),
        ArticleStage.ADOPTED: _("adopted"),
        ArticleStage.PUBLISHED: _("published"),
        ArticleStage.CORRECTED: _("corrected"),
        ArticleStage.RETRACTED: _("retracted"),
    }[ArticleStage(stage)]
