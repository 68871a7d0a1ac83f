"""How manuscripts become articles: looked up, checked, stored; all files of one call, or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlmodel import Session

from newsletter.articles.checks.findings import Finding
from newsletter.articles.manuscripts import Manuscript
from newsletter.articles.models import Article
from newsletter.articles.pictures import keep_picture, read_picture
from newsletter.articles.records import Copy, add_revision, findings_of
from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.organisation.columns import UnknownColumnError, get_column
from newsletter.organisation.contributors import (
    AmbiguousContributorError,
    Contributor,
    UnknownContributorError,
    get_contributor,
)
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import Staff, require_right
from newsletter.translation import gettext as _


class NoContributorError(InputError):
    """Nothing says whose article it is."""

    code: ClassVar[str] = "no_contributor"


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """What came of one file."""

    article: int
    revision: int
    title: str
    file: str
    findings: tuple[Finding, ...]


def submit_articles(
    newsroom: Newsroom, manuscripts: Sequence[Manuscript], *, contributor: str | None = None, column: str | None = None
) -> list[Submitted]:
    """Take in manuscripts as new articles.

    Args:
        newsroom: its acting person needs the right to articles of the contributor's unit.
        manuscripts: read files.
        contributor: whose they are, by name or id; None: as each file's front matter says.
        column: the column's code or name; None: as each file's front matter says, if it does.

    Raises:
        NoContributorError: neither the call nor a file says whose it is.
        UnknownContributorError, AmbiguousContributorError, UnknownColumnError: looked up in vain.
        PictureError: a picture is missing or is none.
    """
    with newsroom.writing() as session:
        submitted = [_submit_one(session, newsroom, manuscript, contributor, column) for manuscript in manuscripts]
        session.commit()
    return submitted


def _submit_one(
    session: Session, newsroom: Newsroom, manuscript: Manuscript, contributor: str | None, column: str | None
) -> Submitted:
    try:
        author = _find_contributor(session, manuscript, contributor)
        column_code = column or manuscript.column
        column_id = get_column(session, column_code).id if column_code else None
    except (UnknownContributorError, AmbiguousContributorError, UnknownColumnError) as error:
        error.message = f"{manuscript.path}: {error.message}"
        raise
    staff: Staff = require_right(session, newsroom, Right.ARTICLES, author.unit_id)
    copy = _copy_of_manuscript(session, manuscript)
    now = newsroom.now()
    article = Article(
        contributor_id=author.id or 0,
        unit_id=author.unit_id,
        column_id=column_id,
        revision=1,
        created_at=now,
    )
    session.add(article)
    session.flush()
    add_revision(session, article, copy, contributor_id=author.id, staff_id=staff.id or 0, at=now)
    return Submitted(
        article=article.id or 0,
        revision=1,
        title=copy.title,
        file=str(manuscript.path),
        findings=tuple(findings_of(copy)),
    )


def _find_contributor(session: Session, manuscript: Manuscript, given: str | None) -> Contributor:
    who = given or manuscript.contributor
    if not who:
        raise NoContributorError(
            _("{path}: it is not said whose article this is.").format(path=manuscript.path),
            hint=_("Give --contributor NAME, or a contributor in the front matter."),
        )
    return get_contributor(session, who)


def _copy_of_manuscript(session: Session, manuscript: Manuscript) -> Copy:
    pictures = [keep_picture(session, read_picture(path, manuscript.path)) for path in manuscript.pictures]
    return Copy(
        title=manuscript.title,
        lead=manuscript.lead,
        body=manuscript.body,
        format=manuscript.format,
        source=manuscript.source,
        pictures=tuple(pictures),
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
