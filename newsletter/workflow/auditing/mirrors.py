"""Whether the tables of staff and grants say what the journal says: they are its mirror, and the journal decides."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from newsletter.journal.statements import Verb, Word
from newsletter.organisation.staff import Grant, Staff
from newsletter.organisation.units import Unit
from newsletter.translation import gettext as _
from newsletter.workflow.auditing.problems import Problem


def audit_mirrors(session: Session, journal: Sequence[Word], admin_key: str) -> list[Problem]:
    """What differs between the journal and the tables of staff and grants, staff first."""
    staff = list(session.exec(select(Staff).order_by(col(Staff.id))))
    return [*_audit_staff(staff, journal, admin_key), *_audit_grants(session, staff, journal)]


def _audit_staff(staff: Sequence[Staff], journal: Sequence[Word], admin_key: str) -> Iterator[Problem]:
    keys, retired = _people(journal, admin_key)
    for person in staff:
        if person.name not in keys:
            yield _problem(_("staff {name}").format(name=person.name), _("the journal enrols nobody of this name"))
            continue
        if person.public_key != keys[person.name]:
            yield _problem(_column(person.name, "public_key"), _("the journal knows another key"))
        if not is_same_moment(person.retired_at, retired.get(person.name)):
            yield _problem(_column(person.name, "retired_at"), _("the journal says otherwise"))
    for name in keys.keys() - {person.name for person in staff}:
        yield _problem(_("staff {name}").format(name=name), _("the journal enrols them, and the row is gone"))


def _people(journal: Sequence[Word], admin_key: str) -> tuple[dict[str, str], dict[str, datetime]]:
    """Everybody ever enrolled with their present key, and when those who left did."""
    keys: dict[str, str] = {}
    retired: dict[str, datetime] = {}
    for word in journal:
        person = str(word.details.get("person", word.person))
        if word.verb is Verb.GRANT:
            keys.setdefault(person, str(word.details.get("public_key", admin_key)))
        elif word.verb is Verb.ROTATE:
            keys[person] = str(word.details["public_key"])
        elif word.verb is Verb.RETIRE:
            retired[person] = word.time
    return keys, retired


def _audit_grants(session: Session, staff: Sequence[Staff], journal: Sequence[Word]) -> Iterator[Problem]:
    names = {person.id: person.name for person in staff}
    codes = {unit.id: unit.code for unit in session.exec(select(Unit))}
    expected = {word.place: word for word in journal if word.verb is Verb.GRANT}
    seen: set[int] = set()
    for grant in session.exec(select(Grant).order_by(col(Grant.id))):
        where = _("grant {grant} of {name}").format(grant=grant.id, name=names.get(grant.staff_id, "?"))
        word = expected.get(grant.statement_id)
        if word is None or word.place in seen:
            yield _problem(where, _("the journal holds no such grant"))
            continue
        seen.add(word.place)
        if _columns_of(grant, names, codes) != _columns_said(word):
            yield _problem(where, _("it is not what was granted"))
        elif not is_same_moment(grant.granted_at, word.time):
            yield _problem(where, _("it was granted at another time"))
        elif not is_same_moment(grant.revoked_at, _end_of(word, journal)):
            yield _problem(where, _("it was revoked, or not, otherwise"))
    for place in expected.keys() - seen:
        said = _("statement {number}").format(number=place)
        yield _problem(said, _("the grant it made has no row"))


def _columns_of(grant: Grant, names: dict[int | None, str], codes: dict[int | None, str]) -> dict[str, Any]:
    return {
        "person": names.get(grant.staff_id),
        "role": grant.role,
        "unit": codes.get(grant.unit_id),
        "from": grant.valid_from.isoformat() if grant.valid_from else None,
        "until": grant.valid_until.isoformat() if grant.valid_until else None,
    }


def _columns_said(word: Word) -> dict[str, Any]:
    return {name: word.details.get(name) for name in ("person", "role", "unit", "from", "until")}


def _end_of(grant: Word, journal: Sequence[Word]) -> datetime | None:
    """When a grant ended: with the first revocation of that role there, or when the person left."""
    for word in journal[grant.place :]:
        details = word.details
        if word.verb is Verb.RETIRE and details["person"] == grant.details["person"]:
            return word.time
        same = all(details.get(name) == grant.details[name] for name in ("person", "role", "unit"))
        if word.verb is Verb.REVOKE and same:
            return word.time
    return None


def is_same_moment(stored: datetime | None, said: datetime | None) -> bool:
    """Whether two moments are the same to the millisecond, as finely as they are stored."""
    if stored is None or said is None:
        return stored is said
    return int(stored.timestamp() * 1000) == int(said.timestamp() * 1000)


def _column(name: str, column: str) -> str:
    return _("staff {name}, column {column}").format(name=name, column=column)


def _problem(where: str, why: str) -> Problem:
    return Problem(code="mirror", where=where, message=_("{where}: {why}.").format(where=where, why=why))
