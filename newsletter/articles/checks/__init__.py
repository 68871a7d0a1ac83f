"""Copy checks: a file each; ``check_copy`` runs them all."""

from itertools import chain

from newsletter.articles.checks.broken_characters import find_broken_characters
from newsletter.articles.checks.dates import find_wrong_dates
from newsletter.articles.checks.doubled import find_doubled
from newsletter.articles.checks.echoes import drop_echoes
from newsletter.articles.checks.figures import find_wrong_figures
from newsletter.articles.checks.findings import Finding, with_keys
from newsletter.articles.checks.glyphs import find_unprintable_glyphs
from newsletter.articles.checks.leader_names import find_misspelt_names
from newsletter.articles.checks.leader_ranks import find_wrong_order
from newsletter.articles.checks.leader_titles import find_wrong_titles
from newsletter.articles.checks.places import find_misspelt_places
from newsletter.articles.checks.punctuation import find_odd_punctuation
from newsletter.articles.checks.terms import find_terms
from newsletter.articles.checks.titles import find_odd_title
from newsletter.articles.checks.traditional import find_traditional
from newsletter.articles.checks.unpaired import find_unpaired
from newsletter.articles.reference.loading import CheckContext

__all__ = ["Finding", "check_copy"]


def check_copy(title: str, lead: str, body: str, context: CheckContext) -> list[Finding]:
    """Every finding in an article's text: the title's first, each field's in the order of its text.

    Args:
        title: the article's.
        lead: may be empty.
        body: as it is written, Markdown or plain.
        context: what they are checked against, and the day by which posts and weekdays are judged.
    """
    fields = {"title": title, "lead": lead, "body": body}
    findings: list[Finding] = []
    for field, text in fields.items():
        found = chain(
            _check_text(field, text), _check_facts(field, text, context), _check_whole(field, text, fields, context)
        )
        findings += sorted(drop_echoes(found), key=lambda finding: (finding.position, finding.check))
    return with_keys(findings, fields)


def _check_text(field: str, text: str) -> list[Finding]:
    """What can be told from a field alone."""
    checks = (
        find_odd_title,
        find_broken_characters,
        find_unprintable_glyphs,
        find_traditional,
        find_doubled,
        find_unpaired,
    )
    return [finding for check in checks for finding in check(field, text)]


def _check_facts(field: str, text: str, context: CheckContext) -> list[Finding]:
    """What takes knowledge of the place and the day."""
    checks = (find_wrong_titles, find_wrong_order, find_misspelt_places, find_terms)
    findings = [finding for check in checks for finding in check(field, text, context)]
    return findings + find_wrong_dates(field, text, context.date)


def _check_whole(field: str, text: str, fields: dict[str, str], context: CheckContext) -> list[Finding]:
    """What depends on the article's other fields."""
    article = "\n".join(fields.values())
    before = "\n".join(list(fields.values())[: list(fields).index(field)])
    return [
        *find_misspelt_names(field, text, context, article),
        *find_odd_punctuation(field, text, article),
        *find_wrong_figures(field, text, before),
    ]
