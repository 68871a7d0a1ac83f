"""How well the copy checks find planted errors: true and false findings by check and by code.

``python -m tests.articles.checks.planted DIR``: print them for a directory of articles; ``--show`` names every miss and
every false finding. A finding is true if an error of the same code is planted where it points.
"""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from newsletter.articles.checks import check_copy
from newsletter.articles.checks.findings import Finding
from newsletter.articles.reference.gazetteer import GAZETTEER_FILE, read_gazetteer
from newsletter.articles.reference.loading import CheckContext
from newsletter.articles.reference.places import Places, collect_places
from newsletter.articles.reference.roster import ROSTER_FILE, Roster, read_roster
from newsletter.articles.reference.terms import TERMS_FILE, Terms, read_terms
from newsletter.organisation.units import Unit

PLANTED: Final = Path(__file__).parents[2] / "data" / "planted"


@dataclass
class Tally:
    """What came of one check or code."""

    planted: int = 0
    found: int = 0
    true: int = 0
    false: int = 0

    @property
    def recall(self) -> float:
        """Share of the planted errors that were found."""
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        """Share of the findings that point at a planted error."""
        return self.true / (self.true + self.false) if self.true + self.false else 1.0


@dataclass
class Evaluation:
    """What came of a directory: tallies, articles without errors, and what went wrong, line by line."""

    by_check: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    by_code: defaultdict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    articles: int = 0
    clean: int = 0
    false_in_clean: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def total(self) -> Tally:
        """Of all checks together."""
        tallies = self.by_code.values()
        return Tally(
            *(sum(getattr(tally, name) for tally in tallies) for name in ("planted", "found", "true", "false"))
        )


def read_reference(directory: Path) -> tuple[Roster, Places, Terms]:
    """The reference files of the planted articles, units included."""
    with (directory / "units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = {row["code"]: number for number, row in enumerate(rows, start=1)}
    units = [
        Unit(
            id=ids[row["code"]], code=row["code"], name=row["name"], kind=row["kind"], parent_id=ids.get(row["parent"])
        )
        for row in rows
    ]
    places = collect_places(units, read_gazetteer(directory / GAZETTEER_FILE))
    return Roster(read_roster(directory / ROSTER_FILE)), places, Terms(read_terms(directory / TERMS_FILE))


def evaluate(articles: Path, reference: Path = PLANTED / "reference") -> Evaluation:
    """Check every article of a directory, and compare with what was planted."""
    roster, places, terms = read_reference(reference)
    result = Evaluation()
    for path in sorted(articles.glob("*.json")):
        article = json.loads(path.read_text(encoding="utf-8"))
        context = CheckContext(date.fromisoformat(article["date"]), roster, places, terms)
        findings = check_copy(article["title"], article["lead"], article["body"], context)
        _compare(result, path.stem, article["errors"], findings)
    return result


def _compare(result: Evaluation, name: str, errors: list[Mapping[str, Any]], findings: list[Finding]) -> None:
    result.articles += 1
    result.clean += not errors
    for error in errors:
        found = [finding for finding in findings if _is_of(finding, error)]
        for tally in (result.by_check[error["check"]], result.by_code[error["code"]]):
            tally.planted += 1
            tally.found += bool(found)
        if not found:
            result.missed.append(f"{name} {error['check']}/{error['code']}: {error['quote']} → {error['correct']}")
    for finding in findings:
        is_true = any(_is_of(finding, error) for error in errors)
        for tally in (result.by_check[finding.check], result.by_code[finding.code]):
            tally.true += is_true
            tally.false += not is_true
        if not is_true:
            result.false_in_clean += not errors
            result.wrong.append(f"{name} {finding.check}/{finding.code}: {finding.quote} ({finding.message})")


def _is_of(finding: Finding, error: Mapping[str, Any]) -> bool:
    end = error["position"] + len(error["quote"])
    is_there = finding.position < end and error["position"] < finding.end
    return (finding.field, finding.code) == (error["field"], error["code"]) and is_there


def describe(result: Evaluation, *, show: bool) -> list[str]:
    """A line a check, a line a code; with ``show`` every miss and every false finding."""
    lines = []
    tables: Iterable[tuple[str, Mapping[str, Tally]]] = (("check", result.by_check), ("code", result.by_code))
    for heading, tallies in tables:
        lines.append(f"{heading:20} planted found recall  true false precision")
        for name, tally in sorted(tallies.items()):
            counts = f"{tally.planted:7} {tally.found:5} {tally.recall:6.2f} {tally.true:5} {tally.false:5}"
            lines.append(f"{name:20} {counts} {tally.precision:9.2f}")
    total = result.total
    lines.append(f"all: recall {total.recall:.3f}, precision {total.precision:.3f} in {result.articles} articles")
    lines.append(f"false findings in {result.clean} articles without errors: {result.false_in_clean}")
    return [*lines, "missed:", *result.missed, "false:", *result.wrong] if show else lines


if __name__ == "__main__":
    sys.stdout.write("\n".join(describe(evaluate(Path(sys.argv[1])), show="--show" in sys.argv)) + "\n")
