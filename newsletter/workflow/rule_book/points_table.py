"""How many points a use of an article earns: the rule book's ``[points]``, with the defaults of FACTS."""

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from newsletter.translation import gettext as _

#: Points are kept as whole hundredths, so that shares add up exactly.
HUNDREDTHS: Final = 100
_LARGEST: Final = 1000


def _refuse_words(value: Any) -> Any:
    """``true`` is a number to Python, and ``"5"`` to pydantic; to a rule book neither is."""
    if isinstance(value, bool | str):
        raise ValueError(_("it must be a number"))
    return value


Points = Annotated[Decimal, BeforeValidator(_refuse_words), Field(ge=0, le=_LARGEST, decimal_places=2)]
Count = Annotated[int, BeforeValidator(_refuse_words), Field(le=_LARGEST)]


class PointsTable(BaseModel):
    """``[points]``: what is earned, in points.

    Attributes:
        item, brief, mms_feature: an article printed by SMS, as a brief, by MMS.
        lead_factor: what the first item of a main edition is multiplied by.
        outlet: adopted by another outlet: a paper, a website, a broadcaster.
        prefecture, province: taken up there; commissioned: asked for by the desk; leader_comment: a leader's remark.
        best: best of the period, first to third.
        quota_missed, quota_missed_most: taken off for each article lacking, and at most in a quota's period.
        brief_characters: bodies of at most so many characters are briefs; 0: only what is recorded as one.
        rewarded: ranks up to this one are rewarded.
        stale_weeks: a column without an item for so many weeks is stale.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    item: Points = Decimal(5)
    brief: Points = Decimal(3)
    mms_feature: Points = Decimal(10)
    lead_factor: Count = Field(default=2, ge=1)
    outlet: Points = Decimal(5)
    prefecture: Points = Decimal(20)
    province: Points = Decimal(30)
    commissioned: Points = Decimal(2)
    leader_comment: Points = Decimal(10)
    best: tuple[Points, Points, Points] = (Decimal(15), Decimal(10), Decimal(5))
    quota_missed: Points = Decimal(1)
    quota_missed_most: Points = Decimal(10)
    brief_characters: Count = Field(default=0, ge=0)
    rewarded: Count = Field(default=3, ge=1)
    stale_weeks: Count = Field(default=4, ge=1)


def to_hundredths(points: Decimal) -> int:
    """Points of the table as whole hundredths."""
    return int(points * HUNDREDTHS)
