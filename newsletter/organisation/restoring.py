"""After a backup was restored: an admin states that newer statements are lost, and each machine goes on from there."""

from typing import ClassVar

from sqlmodel import Session

from newsletter.errors import RefusedError
from newsletter.journal.chain import read_chain
from newsletter.journal.heads import (
    JOURNAL,
    Head,
    TruncatedJournalError,
    head_of,
    pin_head,
    raise_if_lost,
    read_head,
    unseen_restore,
)
from newsletter.journal.statements import Verb, Word, append_statement, lock_journal, unlock_key
from newsletter.keys import MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.organisation.roles import Right, Role
from newsletter.organisation.staff import require_right, require_staff
from newsletter.organisation.units import ROOT, get_unit
from newsletter.translation import gettext as _


class NothingLostError(RefusedError):
    """The journal holds everything this machine has seen."""

    code: ClassVar[str] = "nothing_lost"


def accept_restored(newsroom: Newsroom) -> Word:
    """Go on with a journal that ends before what this machine has seen.

    The first to do so is an admin of the whole newsroom, who states it in the journal. On other machines that statement
    is found there, and whoever knows of the restored backup only confirms it: no machine takes it over unasked.

    Returns:
        The admin's statement, new or found.

    Raises:
        NothingLostError: nothing that was seen here is missing.
        NoRightError: no admin has stated it yet, and the acting person is none.
        JournalBrokenError: what is left was altered, too.
    """
    with newsroom.reading() as session:
        if _find_statement(session, newsroom) is None:
            require_right(session, newsroom, Right.AUDIT, get_unit(session, ROOT).id)
    unlock_key(newsroom)
    with newsroom.writing() as session:
        lock_journal(session)
        word = _find_statement(session, newsroom) or _state_loss(session, newsroom)
        session.commit()
        journal = read_chain(session, newsroom)
    pin_head(newsroom.keys_directory, head_of(journal))
    return word


def _find_statement(session: Session, newsroom: Newsroom) -> Word | None:
    """An admin's statement of which this machine has not known; None if nobody has made it yet.

    Raises:
        NothingLostError: nothing is missing.
    """
    require_staff(session, newsroom)
    journal, noted = read_chain(session, newsroom), _noted_head(newsroom)
    try:
        raise_if_lost(journal, noted)
    except TruncatedJournalError:
        return unseen_restore(journal, noted) if noted and noted.place else None
    raise NothingLostError(_("Nothing is missing: the journal holds everything that this machine has seen."))


def _noted_head(newsroom: Newsroom) -> Head | None:
    """What is noted here; a note that cannot be read stands for a head that nothing can match."""
    try:
        return read_head(newsroom.keys_directory)
    except MissingKeyError:
        return Head(0, "")


def _state_loss(session: Session, newsroom: Newsroom) -> Word:
    require_right(session, newsroom, Right.AUDIT, get_unit(session, ROOT).id)
    lost = _noted_head(newsroom)
    return append_statement(
        session,
        newsroom,
        verb=Verb.RESTORE,
        subject=JOURNAL,
        role=Role.ADMIN,
        unit=ROOT,
        details={"lost": {"place": lost.place, "hash": lost.hash} if lost else None},
    )
