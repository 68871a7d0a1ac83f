"""Copy checks: a file each; ``check_copy`` runs them all."""

from newsletter.articles.checks.broken_characters import find_broken_characters
from newsletter.articles.checks.findings import Finding
from newsletter.articles.checks.glyphs import find_unprintable_glyphs
from newsletter.articles.checks.titles import find_odd_title
from newsletter.articles.checks.traditional import find_traditional

__all__ = ["Finding", "check_copy"]


def check_copy(title: str, lead: str, body: str) -> list[Finding]:
    """Every finding in an article's text, in the order of the checks."""
    fields = {"title": title, "lead": lead, "body": body}
    findings: list[Finding] = []
    for field, text in fields.items():
        for check in (find_odd_title, find_broken_characters, find_unprintable_glyphs, find_traditional):
            findings += check(field, text)
    return findings
