"""What keeps an edition from review, and the way out of it."""

from typing import ClassVar

from newsletter.articles.checks import glyphs
from newsletter.articles.checks.findings import Finding
from newsletter.errors import RefusedError
from newsletter.translation import gettext as _


class BlockedError(RefusedError):
    """Something stands against submitting the edition."""

    code: ClassVar[str] = "blocked"


def raise_if_blocked(findings: list[Finding], edition_id: int) -> None:
    """Refuse if any finding is blocking.

    Raises:
        BlockedError: names the first with its key and article, and how many there are.
    """
    blocking = [finding for finding in findings if finding.is_blocking]
    if blocking:
        first = blocking[0]
        raise BlockedError(
            _("Edition {edition} cannot be submitted ({count} in the way): {first}").format(
                edition=edition_id, count=len(blocking), first=_describe(first)
            ),
            hint=_way_out(first, edition_id),
        )


def _describe(finding: Finding) -> str:
    if finding.article is None:
        return finding.message
    return _("article {article}, finding {key}: {message}").format(
        article=finding.article, key=finding.key, message=finding.message
    )


def _way_out(finding: Finding, edition_id: int) -> str:
    if finding.article is None:
        return _("Mend it, then: newsletter draft --edition {edition} --submit").format(edition=edition_id)
    mend = _("Mend it: newsletter edit {article}, then newsletter draft --edition {edition} {article} --submit")
    if finding.check == glyphs.CHECK:
        return mend.format(article=finding.article, edition=edition_id)
    either = _(
        "{mend}; or, if it is right as it stands: newsletter waive {edition} {key} --reason REASON, "
        "then newsletter draft --edition {edition} --submit"
    )
    return either.format(
        mend=mend.format(article=finding.article, edition=edition_id), edition=edition_id, key=finding.key
    )
