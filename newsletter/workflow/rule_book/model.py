"""What a rule book lays down: the price of each kind of error, who bears which share of it, and what merit earns."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from newsletter.translation import gettext as _
from newsletter.workflow.rule_book.codes import ErrorCode
from newsletter.workflow.rule_book.points_table import Count, Points, PointsTable

Percent = Annotated[Count, Field(ge=0, le=100)]
#: How many times, or minutes.
Number = Annotated[Count, Field(ge=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ErrorRule(_Table):
    """What one kind of error costs, in points.

    Attributes:
        after, before: found after, or before, the edition left.
        most: nobody pays more for this kind in one edition; None: no limit.
        repeats: from so many different ones of a person in a month on, they pay for it as for ``becomes``.
    """

    after: Points
    before: Points
    most: Points | None = None
    repeats: Number | None = None
    becomes: ErrorCode | None = None

    @model_validator(mode="after")
    def _check_repeats(self) -> "ErrorRule":
        if (self.repeats is None) != (self.becomes is None):
            raise ValueError(_("repeats and becomes go together"))
        if self.becomes is ErrorCode.SECRECY:
            raise ValueError(_("secrecy is no matter of points"))
        return self


class ErrorsTable(_Table):
    """``[errors]``: one line for each kind that costs points."""

    orientation: ErrorRule
    fact: ErrorRule
    data: ErrorRule
    leader: ErrorRule
    place: ErrorRule
    grammar: ErrorRule
    typo: ErrorRule
    style: ErrorRule


class ChargingTable(_Table):
    """``[charging]``: who bears what.

    Attributes:
        charge_before: whether what was found before sending costs anything at all.
        introducer_percent, gate_percent: of whoever introduced it, and of each who let it pass.
        title_factor: what an error in a title is multiplied by.
        self_report_factor, self_report_minutes: and one reported by those who made it, soon after sending.
        same_error_limit: the same error in one article of one edition counts at most so many times.
    """

    charge_before: bool
    introducer_percent: Percent
    gate_percent: Percent
    title_factor: Points
    self_report_factor: Annotated[Points, Field(le=1)]
    self_report_minutes: Number
    same_error_limit: Number


class RatesTable(_Table):
    """``[rates]``: how many errors are too many, in 10,000 characters published."""

    limit: Points


class Rules(_Table):
    """A whole rule book."""

    errors: ErrorsTable
    charging: ChargingTable
    rates: RatesTable
    points: PointsTable

    def rule_for(self, code: ErrorCode) -> ErrorRule | None:
        """What an error of this kind costs; None for what is no matter of points."""
        rule: ErrorRule | None = getattr(self.errors, code, None)
        return rule
