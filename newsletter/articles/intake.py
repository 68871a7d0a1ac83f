"""How manuscripts become articles: looked up, checked, stored; all files of one call, or none."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

from sqlmodel import Session

from newsletter.articles.bylines import keep_byline
from newsletter.articles.checks.findings import Finding
from newsletter.articles.manuscript_text import CLEARED_LENGTH, SOURCE_LENGTH, check_line
from newsletter.articles.manuscripts import Manuscript
from newsletter.articles.models import Article
from newsletter.articles.pictures import embedded_picture, keep_picture, read_picture
from newsletter.articles.records import Copy, add_revision, findings_of, first_with_text
from newsletter.articles.reference.loading import CheckContext, read_context
from newsletter.errors import InputError
from newsletter.journal.remarks import check_remark
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import UnknownColumnError, get_column
from newsletter.organisation.contributors import (
    AmbiguousContributorError,
    Contributor,
    UnknownContributorError,
    get_contributor,
)
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right, today
from newsletter.translation import gettext as _


class NoContributorError(InputError):
    """Nothing says whose article it is."""

    code: ClassVar[str] = "no_contributor"


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What is said of files beside what stands in them; it wins over their front matter.

    Attributes:
        contributors: whose they are, names or ids, the owner first; none: as each file says.
        column: the column's code or name; None: as each file says, if it does.
        source: where a reprint is from; None: as each file says.
        cleared: who in the unit released them; None: as each file says.
    """

    contributors: tuple[str, ...] = ()
    column: str | None = None
    source: str | None = None
    cleared: str | None = None

    def applied_to(self, manuscript: Manuscript) -> Manuscript:
        """The manuscript with what is said here.

        Raises:
            ManuscriptError: too long.
        """
        source, cleared = manuscript.source, manuscript.cleared
        if self.source is not None:
            source = check_line(self.source, manuscript.path, field="source", limit=SOURCE_LENGTH)
        if self.cleared is not None:
            cleared = check_line(self.cleared, manuscript.path, field="cleared", limit=CLEARED_LENGTH)
        return replace(
            manuscript,
            contributors=self.contributors or manuscript.contributors,
            column=self.column or manuscript.column,
            source=source,
            cleared=cleared,
        )


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """What came of one file.

    Attributes:
        same_as: an article of the same contributor with the very same text, the first of them; None: there is none.
    """

    article: int
    revision: int
    title: str
    file: str
    cleared_by: str | None
    findings: tuple[Finding, ...]
    same_as: int | None

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self) | {"findings": [finding.as_document() for finding in self.findings]}


def submit_articles(
    newsroom: Newsroom, manuscripts: Sequence[Manuscript], submission: Submission | None = None
) -> list[Submitted]:
    """Take in manuscripts as new articles.

    Args:
        newsroom: its acting person needs the right to articles of the first contributor's unit.
        manuscripts: read files.
        submission: what is said beside them.

    Raises:
        NoContributorError: neither the call nor a file says whose it is.
        UnknownContributorError, AmbiguousContributorError, UnknownColumnError: looked up in vain.
        PictureError: a picture is missing or is none.
        RemarkError: who released it is given as a number.
        ReferenceFileError: roster, terms or gazetteer have an error in them.
    """
    said = submission or Submission()
    completed = [said.applied_to(manuscript) for manuscript in manuscripts]
    with newsroom.writing() as session:
        context = read_context(session, newsroom, today(newsroom))
        submitted = [_submit_one(session, newsroom, manuscript, context) for manuscript in completed]
        session.commit()
    return submitted


def _submit_one(session: Session, newsroom: Newsroom, manuscript: Manuscript, context: CheckContext) -> Submitted:
    try:
        authors = _find_contributors(session, manuscript)
        column_id = get_column(session, manuscript.column).id if manuscript.column else None
    except (UnknownContributorError, AmbiguousContributorError, UnknownColumnError) as error:
        error.message = f"{manuscript.path}: {error.message}"
        raise
    owner = authors[0]
    staff: Staff = require_right(session, newsroom, Right.ARTICLES, owner.unit_id)
    check_remark(manuscript.cleared)
    copy = _copy_of_manuscript(session, manuscript)
    now = newsroom.now()
    article = Article(
        contributor_id=owner.id or 0,
        unit_id=owner.unit_id,
        column_id=column_id,
        revision=1,
        created_at=now,
        cleared_by=manuscript.cleared or None,
    )
    session.add(article)
    session.flush()
    keep_byline(session, article.id or 0, [author.id or 0 for author in authors])
    add_revision(session, article, copy, contributor_id=owner.id, staff_id=staff.id or 0, at=now)
    return Submitted(
        article=article.id or 0,
        revision=1,
        title=copy.title,
        file=str(manuscript.path),
        cleared_by=article.cleared_by,
        findings=tuple(findings_of(copy, context, article=article.id)),
        same_as=first_with_text(session, copy, article),
    )


def _find_contributors(session: Session, manuscript: Manuscript) -> list[Contributor]:
    if not manuscript.contributors:
        raise NoContributorError(
            _("{path}: it is not said whose article this is.").format(path=manuscript.path),
            hint=_("Give --contributor NAME, or a contributor in the front matter."),
        )
    return [get_contributor(session, who) for who in manuscript.contributors]


def _copy_of_manuscript(session: Session, manuscript: Manuscript) -> Copy:
    pictures = [read_picture(path, manuscript.path) for path in manuscript.pictures]
    pictures += [
        embedded_picture(data, number, manuscript.path) for number, data in enumerate(manuscript.embedded, start=1)
    ]
    return Copy(
        title=manuscript.title,
        lead=manuscript.lead,
        body=manuscript.body,
        format=manuscript.format,
        source=manuscript.source,
        pictures=tuple(keep_picture(session, picture) for picture in pictures),
    )


def revised_copy(session: Session, manuscript: Manuscript, former: Copy) -> Copy:
    """A manuscript read in for ``edit``: a field it does not name stays as it was; an empty one is taken out.

    Raises:
        PictureError: a picture is missing or is none.
    """
    copy = _copy_of_manuscript(session, manuscript)
    return Copy(
        title=copy.title,
        lead=copy.lead if "lead" in manuscript.said else former.lead,
        body=copy.body,
        format=copy.format,
        source=copy.source if "source" in manuscript.said else former.source,
        pictures=copy.pictures if "pictures" in manuscript.said else former.pictures,
    )
