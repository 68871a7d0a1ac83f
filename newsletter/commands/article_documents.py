"""Articles, findings, suggestions and differences as commands show them, whichever command does."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from newsletter.commands.output import print_lines
from newsletter.translation import gettext as _

if TYPE_CHECKING:
    from sqlmodel import Session

    from newsletter.articles.checks.findings import Finding
    from newsletter.articles.differences import Run
    from newsletter.articles.models import Article, Revision
    from newsletter.workflow.suggestions import StoredSuggestion

#: How a terminal shows what went (red, struck through) and what came (green, underlined).
_PAINT: Final = {"gone": "\x1b[31;9m{}\x1b[0m", "new": "\x1b[32;4m{}\x1b[0m", "same": "{}"}


def article_documents(session: "Session", rows: "Iterable[tuple[Article, Revision]]") -> list[dict[str, Any]]:
    """Articles with a revision each, for JSON and for tables; codes and names instead of ids."""
    from newsletter.articles.bylines import bylines_of
    from newsletter.articles.reprints import is_reprint
    from newsletter.articles.sharing import shared_with
    from newsletter.organisation.columns import list_columns
    from newsletter.organisation.contributors import list_contributors
    from newsletter.organisation.units import list_units

    found = list(rows)
    units = {unit.id: unit.code for unit in list_units(session)}
    columns = {column.id: column.code for column in list_columns(session)}
    names = {contributor.id: contributor.name for contributor in list_contributors(session)}
    ids = [article.id or 0 for article, _revision in found]
    bylines, lent = bylines_of(session, ids), shared_with(session, ids)
    return [
        {
            "article": article.id,
            "revision": revision.number,
            "title": revision.title,
            "stage": article.stage,
            "column": columns.get(article.column_id),
            "unit": units[article.unit_id],
            "contributor": names[article.contributor_id],
            "contributors": [names[one] for one in bylines[article.id or 0]],
            "shared_with": lent.get(article.id or 0, []),
            "cleared_by": article.cleared_by,
            "reprint": is_reprint(revision),
        }
        for article, revision in found
    ]


def print_findings(findings: "Sequence[Finding]") -> None:
    """One line a finding: its class, the key that ``waive`` takes, the article, and what is wrong."""
    for finding in findings:
        print_lines(" ".join(("  [" + finding.code + "]", *_finding_words(finding))))


def _finding_words(finding: "Finding") -> "Iterator[str]":
    if finding.key:
        yield finding.key
    if finding.article is not None:
        yield _("article {article}:").format(article=finding.article)
    yield " ".join(finding.message.split())
    if finding.suggestion:
        yield f"→ {finding.suggestion}"
    if finding.is_blocking:
        yield _("(keeps it from review)")
    if finding.waived is not None:
        yield _("(waived by {name}: {reason})").format(name=finding.waived.by, reason=finding.waived.reason)


def suggestion_documents(session: "Session", suggestions: "Iterable[StoredSuggestion]") -> list[dict[str, Any]]:
    """Suggestions for JSON and for ``print_suggestions``."""
    from newsletter.organisation.staff import list_staff

    names = {staff.id: staff.name for staff in list_staff(session)}
    return [
        {
            "suggestion": one.id,
            "edition": one.edition_id,
            "article": one.article_id,
            "field": one.field,
            "old": one.old,
            "new": one.new,
            "by": names[one.staff_id],
            "accepted": one.accepted_revision_id is not None,
        }
        for one in suggestions
    ]


def print_suggestions(documents: Iterable[dict[str, Any]]) -> None:
    """One line a suggestion: where, and what for what."""
    from newsletter.articles.differences import Kind, Run

    labels = {"title": _("title"), "lead": _("lead"), "body": _("text")}
    for one in documents:
        sentence = _("Suggestion {number} ({name}), article {article}, {field}: {change}")
        runs = [Run(Kind.GONE, one["old"]), Run(Kind.NEW, one["new"])]
        print_lines(
            sentence.format(
                number=one["suggestion"],
                name=one["by"],
                article=one["article"],
                field=labels[one["field"]],
                change=paint([run for run in runs if run.text]),
            )
        )


def paint(runs: "Iterable[Run]") -> str:
    """Differences in colour on a terminal, elsewhere as ``[-…-]`` and ``{+…+}``; ``NO_COLOR`` is heeded."""
    from newsletter.articles.differences import mark_runs

    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return mark_runs(runs)
    return "".join(_PAINT[run.kind].format(run.text) for run in runs)
