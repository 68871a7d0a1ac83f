"""What is taken for good: the names and keys of everybody who is, or ever was, on staff."""

from typing import ClassVar

from sqlmodel import Session, col, select

from newsletter.errors import RefusedError
from newsletter.instants import to_iso
from newsletter.journal.statements import Statement
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import Staff
from newsletter.organisation.units import check_unit_code
from newsletter.translation import gettext as _


class StaffExistsError(RefusedError):
    """The name is taken."""

    code: ClassVar[str] = "staff_exists"


class KeyInUseError(RefusedError):
    """Somebody has, or had, this very key."""

    code: ClassVar[str] = "key_in_use"


class KeyExistsError(RefusedError):
    """A key of this name lies on this machine already; it is never written over."""

    code: ClassVar[str] = "key_exists"


class RetiredError(RefusedError):
    """The person left for good, and nobody gets their name again."""

    code: ClassVar[str] = "retired"


def require_new_name(session: Session, newsroom: Newsroom, name: str) -> str:
    """A name nobody on staff has or had.

    Raises:
        StaffExistsError, RetiredError: somebody has it, or had it.
        InputError: it is no name for a command line.
    """
    name = check_unit_code(name)
    found = session.exec(select(Staff).where(Staff.name == name)).first()
    if found:
        raise_if_retired(newsroom, found)
        raise StaffExistsError(
            _("There is already somebody named {name} on staff.").format(name=name),
            hint=_("Give them another role: newsletter staff grant {name} --role ROLE").format(name=name),
        )
    return name


def raise_if_retired(newsroom: Newsroom, staff: Staff) -> None:
    """Refuse to do anything for somebody who has left.

    Raises:
        RetiredError: says when they did.
    """
    if staff.retired_at is not None:
        day = (to_iso(staff.retired_at, newsroom.timezone) or "")[:10]
        raise RetiredError(
            _("{name} left on {date}, and the name is never given again.").format(name=staff.name, date=day),
            hint=_("Choose another name: newsletter staff add NAME --role ROLE"),
        )


def raise_if_key_in_use(session: Session, public_key: str) -> None:
    """Refuse a key that the journal has ever named: one key in two hands would be one person at two gates.

    Raises:
        KeyInUseError: it has.
    """
    if session.exec(select(Statement).where(col(Statement.body).contains(public_key)).limit(1)).first():
        raise KeyInUseError(
            _("The journal knows this key already."), hint=_("Everybody makes a key of their own, and a new one each.")
        )
