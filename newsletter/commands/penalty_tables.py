"""How ``penalties`` prints to people: the rule book, errors, entries and totals as tables."""

from typing import TYPE_CHECKING, Any

from newsletter.commands.output import print_lines, print_table
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from newsletter.workflow.rule_book.adopting import Version


def print_rules(version: "Version", document: dict[str, Any]) -> None:
    """A rule book: what each kind of error costs, then everything else."""
    from newsletter.workflow.rule_book.codes import error_label

    adopted = _("as it came with the program")
    if version.adopted_by:
        adopted = _("adopted by {name} on {date}").format(name=version.adopted_by, date=document["adopted_at"][:10])
    print_lines(_("Rule book, version {version}, {adopted}").format(version=version.number, adopted=adopted))
    found = document["rules"]
    rows = [
        [
            code,
            error_label(code),
            rule["after"],
            rule["before"] if found["charging"]["charge_before"] else 0,
            rule.get("most", ""),
            _("from no. {repeats} in a month as {code}").format(repeats=rule["repeats"], code=rule["becomes"])
            if "repeats" in rule
            else "",
        ]
        for code, rule in found["errors"].items()
    ]
    print_table(
        [_("code"), _("error"), _("found after"), _("found before"), _("at most an edition"), _("repeated")], rows
    )
    names = [
        (f"{table}.{key}", value) for table in ("charging", "rates", "points") for key, value in found[table].items()
    ]
    print_table([_("key"), _("value")], [[name, _as_text(value)] for name, value in names])


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def print_recorded(document: dict[str, Any]) -> None:
    """What was recorded, and what it costs whom."""
    from newsletter.workflow.rule_book.codes import error_label

    sentence = _("Record {record}: {error}, introduced by {name}, {found}.")
    print_lines(
        sentence.format(
            record=document["record"],
            error=error_label(document["code"]),
            name=document["introduced_by"]["name"],
            found=_found_label(document["found"]),
        )
    )
    if document["entries"]:
        print_entries(document["entries"])
    else:
        print_lines(_("It costs no points."))


def _found_label(found: str) -> str:
    return _("found after sending") if found == "after" else _("found before sending")


def print_entries(entries: list[dict[str, Any]]) -> None:
    """Lines of the ledger."""
    from newsletter.workflow.penalties.documents import describe_rule, person_role_label

    rows = [
        [
            entry["record"],
            entry["person"]["name"],
            entry["unit"],
            person_role_label(entry["role"]),
            entry["points"],
            _("reversal of entry {entry}").format(entry=entry["reversal_of"])
            if entry["reversal_of"]
            else describe_rule(entry["rule"]),
            entry["month"],
        ]
        for entry in entries
    ]
    headings = [_("record"), _("who"), _("unit"), _("part"), _("points"), _("how"), _("month")]
    print_table(headings, rows, title=_("Penalties"))


def print_records(records: list[dict[str, Any]]) -> None:
    """Errors, and where each stands."""
    from newsletter.workflow.rule_book.codes import error_label

    headings = [_("record"), _("edition"), _("article"), _("error"), _("quote"), _("found")]
    headings += [_("introduced by"), _("points"), _("state")]
    rows = [
        [
            row["record"],
            row["edition"],
            row["article"],
            error_label(row["code"]),
            row["quote"] or "…",
            _found_label(row["found"]),
            row["introduced_by"]["name"],
            row["points"],
            _state_of(row),
        ]
        for row in records
    ]
    print_table(headings, rows, title=_("Errors"))


def _state_of(row: dict[str, Any]) -> str:
    from newsletter.workflow.penalties.appeals import verdict_label

    if row["waits_for"] == "decision":
        return _("waits for an issuer's decision on a retraction")
    if row["waits_for"] == "ruling":
        return _("appealed against")
    if row["ruling"]:
        return verdict_label(row["ruling"]["verdict"])
    return _("no retraction") if row["decision"] else ""


def print_totals(totals: list[dict[str, Any]]) -> None:
    """What it comes to."""
    labels = {"person": _("person"), "unit": _("unit"), "month": _("month")}
    rows = [[labels[total["by"]], total["name"], total["errors"], total["points"]] for total in totals]
    print_table([_("category"), _("name"), _("errors"), _("points")], rows, title=_("Totals"))
