"""What the journal says when members' data is shown, written to a file, erased or encrypted anew; who may say it.

Such a statement names the person, their role, what was done to how many, of what, and why; never a member.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar, Final

from sqlmodel import Session, col, select

from newsletter.errors import InputError
from newsletter.journal.remarks import RemarkError, check_remark
from newsletter.journal.statements import Verb, Word, append_statement
from newsletter.newsroom import Newsroom
from newsletter.organisation.grants import is_held
from newsletter.organisation.roles import RIGHTS, Right, Role, role_label
from newsletter.organisation.staff import NoRightError, list_grants, require_staff
from newsletter.organisation.units import ROOT, Unit, ancestor_codes, get_unit
from newsletter.translation import gettext as _

#: Verb -> the rights that let somebody do it; the roles that have one of them may say it.
DISCLOSING_RIGHTS: Final[Mapping[Verb, tuple[Right, ...]]] = {
    Verb.REVEAL: (Right.REVEAL, Right.DEPARTURES, Right.REPLIES, Right.CONSENT),
    Verb.EXPORT: (Right.EXPORT, Right.DEPARTURES, Right.CONSENT),
    Verb.ERASE: (Right.ERASE,),
    Verb.PURGE: (Right.RETENTION,),
    Verb.REKEY: (Right.DATA_KEY,),
}
LONGEST_PURPOSE: Final = 200
_PURPOSE, _COUNT = "purpose", "count"
#: ``subscribers``, ``subscriber:12``, ``unit:chengguan``: a word, and an id or a unit's code.
_SUBJECT: Final = re.compile(r"[a-z][a-z-]{0,30}(?::[^\s,/]{1,40})?")
#: Ids stay below this, telephone and identity numbers above it, with or without their country's code.
_LARGEST_NUMBER: Final = 2_147_483_647
#: A number key, or a longer hash, in hexadecimal: it would tie the journal to a member for good.
_KEY: Final = re.compile(r"[0-9a-fA-F]{32,}")
#: A region's code, with or without the word before it: 6, 9 or 12 digits, as no telephone number has (FACTS).
_REGION: Final = re.compile(r"(?:[a-z-]+:)?[1-8][0-9]{5}(?:[0-9]{3}){0,2}")
#: Levels of lists in the details.
_DEPTH: Final = 3


class PurposeError(InputError):
    """It is not said for what members' data is needed."""

    code: ClassVar[str] = "purpose"


class NotForJournalError(InputError):
    """Details of a statement that would keep something of a member for good; a mistake of the program, not of users."""

    code: ClassVar[str] = "not_for_journal"


def check_purpose(purpose: str) -> str:
    """A purpose (用途) as it is kept for good.

    Raises:
        PurposeError: none, or too long.
        RemarkError: it holds a number.
    """
    purpose = " ".join(purpose.split())
    if not purpose or len(purpose) > LONGEST_PURPOSE:
        raise PurposeError(
            _("Say what members' data is needed for, in {most} characters at most.").format(most=LONGEST_PURPOSE),
            hint=_("For instance: --purpose 'checking the list with the branch'"),
        )
    check_remark(purpose)
    return purpose


def journal_disclosure(
    session: Session,
    newsroom: Newsroom,
    verb: Verb,
    *,
    subject: str,
    purpose: str,
    count: int,
    details: Mapping[str, Any] | None = None,
    unit_id: int | None = None,
) -> Word:
    """Say in the journal that members' data was shown, exported, erased, purged or encrypted anew.

    The caller has checked its own right (``require_right``) and unlocked the key (``unlock_key``), and commits before
    anything is shown.

    Args:
        session: a writing one.
        newsroom: says who acts.
        verb: one of ``DISCLOSING_RIGHTS``.
        subject: ``subscribers``, ``subscriber:12``, ``unit:CODE``, ``optouts``.
        purpose: in the person's words; no numbers, at most 200 characters.
        count: of people, or of rows where no people are meant.
        details: what was looked at: words, unit codes, ids as numbers; never a number, key or name.
        unit_id: the unit it is done for; None: the whole newsroom, else whichever unit their role is for.

    Raises:
        PurposeError, RemarkError: no purpose, or one with a number in it.
        NotForJournalError: the details hold what looks like a member's.
        NoRightError: none of the person's roles lets them.
    """
    purpose = check_purpose(purpose)
    role, unit = _speaking_role(session, newsroom, verb, unit_id)
    said = {**(details or {}), _PURPOSE: purpose, _COUNT: count}
    if not _SUBJECT.fullmatch(subject) or not is_anonymous([subject, said], _unit_codes(session)):
        raise NotForJournalError(_("The journal must not hold a member's number, name or key."))
    return append_statement(session, newsroom, verb=verb, subject=subject, role=role, unit=unit, details=said)


def _speaking_role(session: Session, newsroom: Newsroom, verb: Verb, unit_id: int | None) -> tuple[Role, str]:
    """The role that lets the acting person say ``verb``, and the code of the unit they say it for."""
    staff = require_staff(session, newsroom)
    roles = roles_for(verb)
    grants = [grant for grant in list_grants(session, newsroom, staff.id or 0) if grant.role in roles]
    homes = {session.get_one(Unit, grant.unit_id).code: Role(grant.role) for grant in grants}
    wanted = ancestor_codes(session, get_unit(session, ROOT).id or 0 if unit_id is None else unit_id)
    for code in wanted:
        if code in homes:
            return homes[code], wanted[0]
    if unit_id is None and homes:
        code = min(homes)
        return homes[code], code
    named = ", ".join(role_label(role) for role in sorted(roles))
    raise NoRightError(
        _("{name} may not do this: it needs the role {roles} for this unit.").format(name=staff.name, roles=named)
    )


def roles_for(verb: Verb) -> frozenset[Role]:
    """The roles in which ``verb`` may be said."""
    return frozenset(role for right in DISCLOSING_RIGHTS[verb] for role in RIGHTS[right])


def is_anonymous(value: object, codes: Collection[str] = (), depth: int = 0) -> bool:
    """Whether something may stand in the journal: no long number, no key; names it cannot tell.

    Args:
        value: what JSON can hold.
        codes: of units, which may look like numbers.
        depth: levels above it.
    """
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int):
        return 0 <= value <= _LARGEST_NUMBER
    if isinstance(value, str):
        return value.partition(":")[2] in codes or value in codes or _is_harmless(value)
    if isinstance(value, Mapping) and depth < _DEPTH:
        return all(isinstance(key, str) and is_anonymous(found, codes, depth + 1) for key, found in value.items())
    if isinstance(value, Sequence) and not isinstance(value, bytes) and depth < _DEPTH:
        return all(is_anonymous(found, codes, depth + 1) for found in value)
    return False


def _is_harmless(text: str) -> bool:
    if _REGION.fullmatch(text):
        return True
    try:
        check_remark(text)
    except RemarkError:
        return False
    return not _KEY.search(text)


def _unit_codes(session: Session) -> frozenset[str]:
    return frozenset(session.exec(select(Unit.code)))


def disclosure_fault(session: Session, word: Word, journal: Sequence[Word]) -> str:
    """Why a disclosure's statement is not one that its speaker could have made; empty if it is.

    Args:
        session: tells which units stand above the one spoken for.
        word: what was said.
        journal: what was said of roles up to there at least: they are judged at the statement's place.
    """
    purpose, count = word.details.get(_PURPOSE), word.details.get(_COUNT)
    if not isinstance(purpose, str) or not purpose.strip() or not isinstance(count, int) or count < 0:
        return _("it does not say for what purpose, or how many")
    if not is_anonymous([word.subject, word.details], _unit_codes(session)):
        return _("it holds what looks like a member's number or key")
    unit = session.exec(select(Unit).where(col(Unit.code) == word.unit)).first()
    units = ancestor_codes(session, unit.id or 0) if unit else [ROOT]
    is_right = word.role in roles_for(word.verb) and is_held(
        journal, person=word.person, role=word.role, units=units, place=word.place, moment=word.time
    )
    return "" if is_right else _("{person} did not hold a role that may do so").format(person=word.person)


def describe_disclosure(word: Word) -> str:
    """How many and for what, as a person reads it in the journal; empty for any other statement."""
    if word.verb not in DISCLOSING_RIGHTS:
        return ""
    sentence = _("{count}; {purpose}")
    return sentence.format(count=word.details.get(_COUNT, "?"), purpose=word.details.get(_PURPOSE, "?"))
