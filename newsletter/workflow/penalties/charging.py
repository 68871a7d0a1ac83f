"""What an error costs whom. Pure: the record's facts, the rule book, and what was booked before.

The price of its kind × title × share, in hundredths of a point, half a hundredth upward; × self-report for whoever
reported it as their own, and for nobody else. Whoever introduced it pays the first share, each gate that let it pass
the other; nobody pays twice for one error.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from newsletter.journal.canonical import canonical_json
from newsletter.workflow.penalties.models import Found, PersonRole
from newsletter.workflow.penalties.people import Person
from newsletter.workflow.rule_book.codes import ErrorCode
from newsletter.workflow.rule_book.model import Rules

_HUNDREDTHS: Final = 100
_PERCENT: Final = 100


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What charging an error depends on.

    Attributes:
        month: the local month it was recorded in, ``2026-11``.
        gates: who let it pass, in the order of the gates; nobody before sending.
        reporter: who reported it as their own; None: nobody. Only what they pay is less for it.
        reported_after: between its edition's leaving and its record; None: it has not left.
    """

    record: int
    edition: int | None
    article: int
    code: ErrorCode
    quote: str
    found: Found
    in_title: bool
    month: str
    introducer: Person
    gates: tuple[tuple[PersonRole, Person], ...] = ()
    reporter: Person | None = None
    reported_after: timedelta | None = None

    @property
    def sameness(self) -> tuple[int | None, int, str, str, str]:
        """Two errors that agree in this are the same error."""
        return (self.edition, self.article, self.code, self.quote, self.found)


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What one person pays for one error: hundredths of a point, never below zero; ``rule`` is canonical JSON."""

    facts: Facts
    person: Person
    role: PersonRole
    hundredths: int
    rule: str


class History:
    """What was booked before and still stands; grows record by record."""

    def __init__(self, charges: Iterable[Charge] = ()) -> None:
        self._by_record: dict[int, list[Charge]] = {}
        self._by_key: defaultdict[tuple[Hashable, ...], list[Charge]] = defaultdict(list)
        self.add(charges)

    def add(self, charges: Iterable[Charge]) -> None:
        """Take in what was booked."""
        for charge in charges:
            self._by_record.setdefault(charge.facts.record, []).append(charge)
            for key in _keys(charge):
                self._by_key[key].append(charge)

    def strike(self, record: int) -> list[Charge]:
        """Take a reversed record's charges out; return them."""
        struck = self._by_record.pop(record, [])
        for charge in struck:
            for key in _keys(charge):
                self._by_key[key].remove(charge)
        return struck

    def same_errors(self, facts: Facts) -> int:
        """How many records of the same error there are."""
        return len({charge.facts.record for charge in self._by_key[facts.sameness]})

    def other_slips(self, facts: Facts) -> int:
        """How many other errors of this kind the introducer brought in this month; the same error is no other one."""
        slips = self._by_key[facts.introducer, facts.code, facts.month]
        return len({charge.facts.sameness for charge in slips} - {facts.sameness})

    def paid(self, facts: Facts, person: Person) -> int:
        """What somebody pays already for errors of this kind in this edition, in hundredths."""
        return sum(charge.hundredths for charge in self._by_key[person, facts.code, "edition", facts.edition])


def _keys(charge: Charge) -> Iterator[tuple[Hashable, ...]]:
    """What a charge is looked up by."""
    facts = charge.facts
    yield facts.sameness
    yield charge.person, facts.code, "edition", facts.edition
    if charge.role is PersonRole.INTRODUCER:
        yield charge.person, facts.code, facts.month


def charge_error(facts: Facts, rules: Rules, history: History) -> list[Charge]:
    """What each person pays for an error; nothing for what is no matter of points.

    Those who are charged nothing because of a limit stand in the list with 0; before sending, unless the rule book
    charges that, nobody does.
    """
    rule = rules.rule_for(facts.code)
    if rule is None or (facts.found is Found.BEFORE and not rules.charging.charge_before):
        return []
    return [
        _charge_person(facts, rules, history, person=person, role=role, percent=percent)
        for person, role, percent in _payers(facts, rules)
    ]


def _payers(facts: Facts, rules: Rules) -> Iterator[tuple[Person, PersonRole, int]]:
    """Everybody who pays, once, with the higher of their shares."""
    shares = [(facts.introducer, PersonRole.INTRODUCER, rules.charging.introducer_percent)]
    shares += [(person, role, rules.charging.gate_percent) for role, person in facts.gates]
    for person in dict.fromkeys(person for person, _role, _percent in shares):
        yield max((share for share in shares if share[0] == person), key=lambda share: share[2])


def _charge_person(
    facts: Facts, rules: Rules, history: History, *, person: Person, role: PersonRole, percent: int
) -> Charge:
    price, applied = _price(facts, rules, history, role)
    applied["percent"] = percent
    factor = _factor(facts, rules, person, applied)
    hundredths = int((price * factor * percent / _PERCENT * _HUNDREDTHS).quantize(Decimal(1), ROUND_HALF_UP))
    if history.same_errors(facts) >= rules.charging.same_error_limit:
        applied["same_error_limit"] = rules.charging.same_error_limit
        hundredths = 0
    most = getattr(rules.rule_for(facts.code), "most", None)
    if most is not None:
        left = max(0, int(most * _HUNDREDTHS) - history.paid(facts, person))
        if hundredths > left:
            applied["most"] = str(most)
            hundredths = left
    return Charge(facts=facts, person=person, role=role, hundredths=hundredths, rule=canonical_json(applied))


def _price(facts: Facts, rules: Rules, history: History, role: PersonRole) -> tuple[Decimal, dict[str, Any]]:
    """The price of the error's kind; for who brings in too many in a month, that of a graver kind."""
    code, rule = facts.code, rules.rule_for(facts.code)
    repeats = rule.repeats if rule and role is PersonRole.INTRODUCER else None
    if rule and rule.becomes and repeats and history.other_slips(facts) + 1 >= repeats:
        code = rule.becomes
    charged = rules.rule_for(code)
    price = Decimal(0) if charged is None else charged.after if facts.found is Found.AFTER else charged.before
    return price, {"code": str(facts.code), "as": str(code), "price": str(price)}


def _factor(facts: Facts, rules: Rules, person: Person, applied: dict[str, Any]) -> Decimal:
    factor = Decimal(1)
    if facts.in_title:
        factor *= rules.charging.title_factor
        applied["title"] = str(rules.charging.title_factor)
    limit = timedelta(minutes=rules.charging.self_report_minutes)
    if facts.reporter == person and facts.reported_after is not None and facts.reported_after <= limit:
        factor *= rules.charging.self_report_factor
        applied["self_report"] = str(rules.charging.self_report_factor)
    return factor


@dataclass(frozen=True)
class Booking:
    """A line as the ledger should hold it: a charge, or with ``is_reversal`` its opposite."""

    charge: Charge
    is_reversal: bool = False

    @property
    def hundredths(self) -> int:
        """Below zero in a reversal."""
        return -self.charge.hundredths if self.is_reversal else self.charge.hundredths


def replay(
    records: Sequence[tuple[Facts, Rules]], reversals: Iterable[tuple[int, int]]
) -> tuple[list[Booking], History]:
    """Work out the whole ledger anew.

    Args:
        records: in the order they were recorded, each with the rule book it is under.
        reversals: (record reversed, newest record there was then), in the order they were judged.

    Returns:
        Every line in the order of the ledger, and what still stands.
    """
    waiting = list(reversals)
    history = History()
    bookings: list[Booking] = []
    for facts, rules in records:
        while waiting and waiting[0][1] < facts.record:
            bookings += [Booking(charge, is_reversal=True) for charge in history.strike(waiting.pop(0)[0])]
        charges = charge_error(facts, rules, history)
        history.add(charges)
        bookings += [Booking(charge) for charge in charges]
    for record, _newest in waiting:
        bookings += [Booking(charge, is_reversal=True) for charge in history.strike(record)]
    return bookings, history
