"""Papers: the titles that publish editions, each with its signature and its default audience."""

from collections.abc import Sequence
from typing import ClassVar, Final

from sqlmodel import Field, Session, SQLModel, col, select

from newsletter.errors import NotFoundError, RefusedError
from newsletter.organisation.signatures import check_signature
from newsletter.organisation.units import check_name, check_unit_code, get_unit
from newsletter.translation import gettext as _

#: Code of the paper that ``init`` makes.
MAIN_PAPER: Final = "main"


class UnknownPaperError(NotFoundError):
    """No paper has this code."""

    code: ClassVar[str] = "unknown_paper"


class PaperExistsError(RefusedError):
    """The code is taken."""

    code: ClassVar[str] = "paper_exists"


class Paper(SQLModel, table=True):
    """A title; ``signature`` is what stands between 【 and 】 at the head of its messages."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True, max_length=40)
    name: str = Field(max_length=80)
    unit_id: int = Field(foreign_key="unit.id")
    signature: str = Field(max_length=8)
    audience_id: int | None = Field(default=None, foreign_key="audience.id")


def add_paper(session: Session, *, code: str, name: str, unit: str, signature: str) -> Paper:
    """Add a paper owned by ``unit``.

    Raises:
        PaperExistsError: the code is taken.
        UnknownUnitError: no such unit.
        InputError: a malformed code, name or signature.
    """
    code = check_unit_code(code)
    if session.exec(select(Paper).where(Paper.code == code)).first():
        raise PaperExistsError(_("There is already a paper {code}.").format(code=code))
    owner = get_unit(session, unit)
    paper = Paper(code=code, name=check_name(name), unit_id=owner.id or 0, signature=check_signature(signature))
    session.add(paper)
    session.flush()
    return paper


def get_paper(session: Session, code: str) -> Paper:
    """The paper with this code.

    Raises:
        UnknownPaperError: there is none.
    """
    paper = session.exec(select(Paper).where(Paper.code == code)).first()
    if paper is None:
        raise UnknownPaperError(
            _("There is no paper {code}.").format(code=code), hint=_("See them: newsletter papers list")
        )
    return paper


def list_papers(session: Session) -> Sequence[Paper]:
    """All papers, oldest first."""
    return session.exec(select(Paper).order_by(col(Paper.id))).all()
