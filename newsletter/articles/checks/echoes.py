"""Which of two findings about one slip is kept: the one that says more of it."""

from collections.abc import Iterable
from typing import Final

from newsletter.articles.checks import doubled, leader_names, places, traditional
from newsletter.articles.checks.findings import Finding

#: A check → the one whose finding at the same place says more: a Traditional character in a leader's name is a wrong
#: name; one in a unit's name is no wrong unit; 农业农业局 is a unit misspelt.
_SAYS_MORE: Final = {
    traditional.CHECK: leader_names.CHECK,
    places.CHECK: traditional.CHECK,
    doubled.CHECK: places.CHECK,
}


def drop_echoes(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of one field without those that another says better."""
    found = list(findings)
    return [finding for finding in found if not any(_echoes(finding, other) for other in found)]


def _echoes(finding: Finding, other: Finding) -> bool:
    overlaps = other.position < finding.end and finding.position < other.end
    return overlaps and _SAYS_MORE.get(finding.check) == other.check
