"""Staff keys on this machine: made for a newcomer, brought from a backup or another machine, and looked at."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Final

from sqlmodel import Session, select

from newsletter.errors import InputError
from newsletter.journal.public_keys import fingerprint
from newsletter.journal.rotation import finish_rotation
from newsletter.journal.staff_keys import (
    create_staff_key,
    has_passphrase,
    load_staff_key,
    open_key,
    public_half,
    public_line,
    staff_key_path,
    store_staff_key,
    with_public_line,
)
from newsletter.journal.statements import WrongKeyError, enrolled_key
from newsletter.keys import MissingKeyError, read_secret_file
from newsletter.newsroom import Newsroom
from newsletter.organisation.passphrases import raise_if_passphrase_wanted
from newsletter.organisation.staff import Staff, UnknownStaffError
from newsletter.organisation.taken import KeyExistsError, raise_if_retired
from newsletter.organisation.units import check_unit_code
from newsletter.text_files import read_bytes
from newsletter.translation import gettext as _

#: A private key in PEM takes some hundred bytes; a file much larger is another one.
_LARGEST_FILE: Final = 10_000


class KeyFileError(InputError):
    """The file holds no private staff key."""

    code: ClassVar[str] = "key_file"


class KeyState(StrEnum):
    """What the journal says of a key."""

    CURRENT = "current"
    #: The journal knows another key of this person.
    OTHER = "other"
    NOT_ENROLLED = "not_enrolled"
    #: The journal knows it, and it lies on another machine.
    ELSEWHERE = "elsewhere"
    RETIRED = "retired"


@dataclass(frozen=True, kw_only=True)
class KeyReport:
    """One person's key.

    Attributes:
        public_key: of the file here; if there is none, as the journal has it.
        journal_key: as the journal has it; empty for nobody it knows.
        path: of the file here, if there is one.
        has_passphrase: None without a file.
    """

    name: str
    public_key: str
    journal_key: str
    state: KeyState
    path: Path | None
    has_passphrase: bool | None

    def as_document(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "name": self.name,
            "public_key": self.public_key,
            "fingerprint": fingerprint(self.public_key),
            "state": self.state,
            "journal_key": self.journal_key or None,
            "path": str(self.path) if self.path else None,
            "passphrase": self.has_passphrase,
        }


def make_key(newsroom: Newsroom, name: str, *, passphrase: str | None, may_lack_passphrase: bool) -> KeyReport:
    """Make a key here for somebody who is not on staff yet, or whose key is lost; an admin then enrols it.

    Raises:
        PassphraseWantedError: no passphrase, and nobody said that it may lack one: the role is not known yet.
        KeyExistsError: a key of that name lies here.
        RetiredError: the name was somebody's who left.
        OutsideError: it cannot be written.
    """
    name = check_unit_code(name)
    raise_if_key_here(newsroom, name)
    raise_if_passphrase_wanted(passphrase, "", may_lack_passphrase=may_lack_passphrase)
    create_staff_key(newsroom.keys_directory, name, passphrase)
    return report_key(newsroom, name)


def raise_if_key_here(newsroom: Newsroom, name: str) -> None:
    """Refuse where a key of ``name`` can neither be made nor brought.

    Raises:
        KeyExistsError: one lies here.
        RetiredError: the name was somebody's who left.
    """
    with newsroom.reading() as session:
        staff = _find_staff(session, name)
        if staff is not None:
            raise_if_retired(newsroom, staff)
    path = staff_key_path(newsroom.keys_directory, name)
    if path.exists():
        raise KeyExistsError(
            _("A key of {name} lies here already: {path}.").format(name=name, path=path),
            hint=_("Look at it: newsletter staff key show {name}. If it is good for nothing, move it away.").format(
                name=name
            ),
        )


def import_key(newsroom: Newsroom, name: str, source: Path) -> KeyReport:
    """Bring a private key from a backup or another machine; it keeps its passphrase, or its lack of one.

    Raises:
        KeyFileError: it is no Ed25519 private key in PEM.
        InputError, OutsideError: it cannot be read.
        WrongPassphraseError: its passphrase does not open it.
        WrongKeyError: the journal knows another key of this person.
        KeyExistsError: another key of that name lies here.
    """
    name = check_unit_code(name)
    encoded = read_bytes(source, most=_LARGEST_FILE)
    key = open_key(newsroom, name, encoded)
    if key is None:
        raise KeyFileError(
            _("{path} is not a key file.").format(path=source),
            hint=_("It is a private key in PEM, as staff/{name}.key in the keys directory.").format(name=name),
        )
    public_key = public_half(key)
    with newsroom.reading() as session:
        enrolled = enrolled_key(session, newsroom, name)
    if enrolled not in ("", public_key):
        raise WrongKeyError(
            _("{path} is not the key that the journal knows of {name}.").format(path=source, name=name),
            hint=_("Find the newest backup; if the key is lost, an admin replaces it: newsletter staff key rotate"),
        )
    if not _lies_here(newsroom, name, public_key):
        raise_if_key_here(newsroom, name)
        store_staff_key(newsroom.keys_directory, name, with_public_line(encoded, public_key))
    return report_key(newsroom, name)


def _lies_here(newsroom: Newsroom, name: str, public_key: str) -> bool:
    try:
        return _public_key_of(newsroom, name) == public_key
    except MissingKeyError:
        return False


def report_key(newsroom: Newsroom, name: str) -> KeyReport:
    """What is known of a person's key, here and in the journal.

    Raises:
        UnknownStaffError: there is none here, and the journal knows nobody of this name.
        MissingKeyError, WrongPassphraseError: the file cannot be read.
    """
    path = staff_key_path(newsroom.keys_directory, name)
    with newsroom.reading() as session:
        staff = _find_staff(session, name)
        journal_key = enrolled_key(session, newsroom, name)
    finish_rotation(newsroom, name, journal_key)
    is_here = path.exists()
    if not is_here and not journal_key:
        raise UnknownStaffError(
            _("There is no key of {name} here, and nobody of that name is on staff.").format(name=name),
            hint=_("Make one: newsletter staff key new {name}").format(name=name),
        )
    public_key = _public_key_of(newsroom, name) if is_here else journal_key
    return KeyReport(
        name=name,
        public_key=public_key,
        journal_key=journal_key,
        state=_state_of(staff, public_key, journal_key, is_here=is_here),
        path=path if is_here else None,
        has_passphrase=has_passphrase(read_secret_file(path)) if is_here else None,
    )


def _state_of(staff: Staff | None, public_key: str, journal_key: str, *, is_here: bool) -> KeyState:
    if staff is not None and staff.retired_at is not None:
        return KeyState.RETIRED
    if not journal_key:
        return KeyState.NOT_ENROLLED
    if not is_here:
        return KeyState.ELSEWHERE
    return KeyState.CURRENT if public_key == journal_key else KeyState.OTHER


def _public_key_of(newsroom: Newsroom, name: str) -> str:
    """The public half of a key here; its file says it, or is opened."""
    encoded = read_secret_file(staff_key_path(newsroom.keys_directory, name))
    return public_line(encoded) or public_half(load_staff_key(newsroom, name))


def _find_staff(session: Session, name: str) -> Staff | None:
    return session.exec(select(Staff).where(Staff.name == name)).first()
