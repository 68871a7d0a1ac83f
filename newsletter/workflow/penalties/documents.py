"""How error records, entries, totals and rates are given to scripts: field by field, points as numbers."""

import json
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from newsletter.instants import to_iso
from newsletter.organisation.papers import list_papers
from newsletter.organisation.units import Unit, list_units
from newsletter.translation import gettext as _
from newsletter.workflow.penalties.facts import gates_of, introducer_of, reporter_of
from newsletter.workflow.penalties.listing import Listed, Total, sum_up
from newsletter.workflow.penalties.models import ErrorRecord, PenaltyEntry, PersonRole
from newsletter.workflow.penalties.people import Names, Person
from newsletter.workflow.penalties.rates import DESK_KEY, Rate, RateBy, Rates
from newsletter.workflow.penalties.records import Aftermath
from newsletter.workflow.rule_book.adopting import Version
from newsletter.workflow.rule_book.codes import ErrorCode, error_label


def to_points(hundredths: int) -> float:
    """Hundredths as points; two places are exact enough to be written."""
    return hundredths / 100


def list_document(session: Session, listed: Listed, timezone: ZoneInfo) -> dict[str, Any]:
    """``penalties list``: records, entries, totals."""
    units = {unit.id or 0: unit for unit in list_units(session)}
    costs: dict[int, int] = {}
    for entry in listed.entries:
        costs[entry.record_id] = costs.get(entry.record_id, 0) + entry.hundredths
    return {
        "records": [
            record_document(record, listed.names, timezone)
            | {"points": to_points(costs.get(record.id or 0, 0))}
            | _aftermath_document(listed.aftermaths[record.id or 0], listed.names, timezone)
            for record in listed.records
        ],
        "entries": [entry_document(entry, listed.names, units, timezone) for entry in listed.entries],
        "totals": [_total_document(total, listed.names, units) for total in sum_up(listed.entries)],
    }


def record_document(record: ErrorRecord, names: Names, timezone: ZoneInfo) -> dict[str, Any]:
    """One error; what may not be published at all is not printed here either."""
    reporter = reporter_of(record)
    return {
        "record": record.id,
        "edition": record.edition_id,
        "article": record.article_id,
        "field": record.field,
        "position": record.position,
        "quote": None if record.code == ErrorCode.SECRECY else record.quote,
        "code": record.code,
        "found": record.found,
        "in_title": record.in_title,
        "found_by": names.staff[record.found_by],
        "at": to_iso(record.at, timezone),
        "note": record.note,
        "introduced_by": person_document(introducer_of(record), names),
        "method": record.introducer_method,
        "because": record.override_reason,
        "self_reported": reporter and person_document(reporter, names),
        "gates": {str(role): names.name_of(person) for role, person in gates_of(record)},
        "rule_book": record.rule_book_version,
    }


def _aftermath_document(aftermath: Aftermath, names: Names, timezone: ZoneInfo) -> dict[str, Any]:
    appeal, ruling, decision = aftermath.appeal, aftermath.ruling, aftermath.decision
    return {
        "appeal": appeal
        and {
            "by": person_document(Person(appeal.person_kind, appeal.person_id), names),
            "reason": appeal.reason,
            "at": to_iso(appeal.at, timezone),
        },
        "ruling": ruling
        and {
            "verdict": ruling.verdict,
            "by": names.staff[ruling.staff_id],
            "reason": ruling.reason,
            "at": to_iso(ruling.at, timezone),
        },
        "decision": decision
        and {
            "retraction": False,
            "by": names.staff[decision.staff_id],
            "reason": decision.reason,
            "at": to_iso(decision.at, timezone),
        },
        "waits_for": aftermath.waits_for,
    }


def person_document(person: Person, names: Names) -> dict[str, Any]:
    """Somebody, by kind, id and name."""
    return {"kind": person.kind, "id": person.id, "name": names.name_of(person)}


def entry_document(entry: PenaltyEntry, names: Names, units: dict[int, Unit], timezone: ZoneInfo) -> dict[str, Any]:
    """One line of the ledger."""
    return {
        "entry": entry.id,
        "record": entry.record_id,
        "person": person_document(Person(entry.person_kind, entry.person_id), names),
        "unit": units[entry.unit_id].code,
        "role": entry.role,
        "points": to_points(entry.hundredths),
        "rule": json.loads(entry.rule),
        "month": entry.month,
        "at": to_iso(entry.at, timezone),
        "reversal_of": entry.reversal_of,
    }


def _total_document(total: Total, names: Names, units: dict[int, Unit]) -> dict[str, Any]:
    key: dict[str, Any] = {"name": total.key}
    if isinstance(total.key, Person):
        key = person_document(total.key, names)
    elif isinstance(total.key, int):
        key = {"unit": units[total.key].code, "name": units[total.key].name}
    return {"by": total.by, **key, "errors": total.errors, "points": to_points(total.hundredths)}


def rates_document(session: Session, rates: Rates, by: RateBy, names: Names) -> dict[str, Any]:
    """``penalties rates``: rows and the whole, each with its rate and whether that is too high."""
    labels: dict[int, str] = {}
    if by is RateBy.UNIT:
        labels = {unit.id or 0: unit.name for unit in list_units(session)} | {DESK_KEY: _("the desk")}
    if by is RateBy.PAPER:
        labels = {paper.id or 0: paper.name for paper in list_papers(session)}
    rows = [
        (person_document(row.key, names) if isinstance(row.key, Person) else {"name": labels[row.key or 0]})
        | _rate_document(rates, row)
        for row in rates.rows
    ]
    return {"by": by, "limit": to_number(rates.limit), "rows": rows, "total": _rate_document(rates, rates.total)}


def _rate_document(rates: Rates, rate: Rate) -> dict[str, Any]:
    found = rate.per_characters
    return {
        "characters": rate.characters,
        "errors": rate.errors,
        "rate": None if found is None else to_number(found),
        "over_limit": rates.is_over(rate),
    }


def version_document(version: Version, timezone: ZoneInfo) -> dict[str, Any]:
    """``penalties rules``: a rule book, with who adopted it and when."""
    return {
        "version": version.number,
        "digest": version.digest,
        "adopted_at": to_iso(version.adopted_at, timezone),
        "adopted_by": version.adopted_by,
        "rules": _plain(version.rules.model_dump(exclude_none=True)),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return to_number(value) if isinstance(value, Decimal) else value


def to_number(value: Decimal) -> int | float:
    """A decimal as JSON writes it."""
    return int(value) if value == value.to_integral_value() else float(value)


def describe_rule(applied: dict[str, Any]) -> str:
    """How an entry was worked out, in words: ``wrong character 0.5 × 2 (title) × 50 %``."""
    words = [f"{error_label(applied['as'])} {applied['price']}"]
    if "title" in applied:
        words.append(_("{factor} (title)").format(factor=applied["title"]))
    if "self_report" in applied:
        words.append(_("{factor} (self-reported)").format(factor=applied["self_report"]))
    words.append(f"{applied['percent']} %")
    line = " × ".join(words)
    if applied["as"] != applied["code"]:
        line += "; " + _("repeated in the month")
    if "same_error_limit" in applied:
        line += "; " + _("the same error counts {count} times at most").format(count=applied["same_error_limit"])
    if "most" in applied:
        line += "; " + _("at most {most} an edition").format(most=applied["most"])
    return line


def person_role_label(role: str) -> str:
    """What somebody had to do with an error, in the user's language."""
    return {
        PersonRole.INTRODUCER: _("introduced it"),
        PersonRole.SUBMIT: _("submitted it"),
        PersonRole.APPROVE: _("approved it"),
        PersonRole.SIGN: _("signed it"),
    }[PersonRole(role)]
