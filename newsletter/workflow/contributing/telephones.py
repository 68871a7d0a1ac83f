"""Contributors' telephone numbers: how they are taken in, kept (encrypted, with a keyed hash) and shown (masked)."""

from sqlmodel import Session

from newsletter.keys import DataKeys, MissingKeyError
from newsletter.newsroom import Newsroom
from newsletter.organisation.contributors import Contributor, get_contributor
from newsletter.organisation.roles import Right
from newsletter.organisation.staff import require_right
from newsletter.subscribers.phones import mask_number, normalise_number

#: What is shown of a number where the key that hides it is not at hand.
_HIDDEN = "****"


def give_number(newsroom: Newsroom, who: str, raw: str | None) -> Contributor:
    """Record a contributor's telephone number, or, with None, forget it.

    Raises:
        UnknownContributorError, AmbiguousContributorError: looked up in vain.
        NumberError: no mobile number of mainland China.
        NoRightError: the acting person is neither admin nor editor of the contributor's unit.
        MissingKeyError: the key that hides numbers is not on this machine.
    """
    with newsroom.writing() as session:
        contributor = get_contributor(session, who)
        require_right(session, newsroom, Right.IMPORT, contributor.unit_id)
        set_number(session, newsroom, contributor, raw)
        session.commit()
    return contributor


def set_number(session: Session, newsroom: Newsroom, contributor: Contributor, raw: str | None) -> None:
    """Put a number on a contributor's record, encrypted; None takes it off. The caller commits.

    Raises:
        NumberError: no mobile number of mainland China.
        MissingKeyError: the key that hides numbers is not on this machine.
    """
    if raw is None:
        contributor.number_key = contributor.number = contributor.number_since = None
    else:
        number = normalise_number(raw)
        contributor.number_key = newsroom.data_keys.number_key(number)
        contributor.number = newsroom.data_keys.encrypt(number, number_context(contributor.number_key))
        contributor.number_since = contributor.number_since or newsroom.now()
    session.add(contributor)


def number_context(number_key: str) -> str:
    """What a contributor's encrypted number is bound to."""
    return f"contributor/{number_key}"


def reveal_number(keys: DataKeys, contributor: Contributor) -> str:
    """The number itself, for the gateway and nowhere else; the contributor must have one.

    Raises:
        MissingKeyError: these keys did not hide it, or it was moved here from another record.
    """
    return keys.decrypt(contributor.number or b"", number_context(contributor.number_key or ""))


def masked_number(newsroom: Newsroom, contributor: Contributor) -> str | None:
    """``138****5678``; None without a number, stars alone where the key is missing."""
    if contributor.number_key is None:
        return None
    try:
        return mask_number(reveal_number(newsroom.data_keys, contributor))
    except MissingKeyError:
        return _HIDDEN
