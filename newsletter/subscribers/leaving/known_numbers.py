"""Which numbers, known elsewhere by their key alone, stand on the register, and what they are."""

from collections.abc import Iterable
from typing import Final

from sqlmodel import Session, col, select

from newsletter.keys import DataKeys
from newsletter.subscribers.models import Status, Subscriber
from newsletter.subscribers.phones import mask_number

#: Keys asked for in one statement.
_KEYS_AT_ONCE: Final = 500


def read_numbers(session: Session, keys: DataKeys, number_keys: Iterable[str]) -> dict[str, str]:
    """Number key → number, E.164; only those on the register, whatever became of the person.

    Raises:
        MissingKeyError: the key is not here, or is not the one that hid them.
    """
    wanted = sorted(set(number_keys))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        query = select(Subscriber.number_key, Subscriber.number).where(
            col(Subscriber.number_key).in_(wanted[start : start + _KEYS_AT_ONCE]),
            Subscriber.status != Status.NUMBERLESS,
        )
        for number_key, number in session.exec(query):
            if number_key not in found and number:
                found[number_key] = keys.decrypt(number, f"number/{number_key}")
    return found


def mask_numbers(session: Session, keys: DataKeys, number_keys: Iterable[str]) -> dict[str, str]:
    """Number key → masked number; only those on the register.

    Raises:
        MissingKeyError: the key is not here, or is not the one that hid them.
    """
    return {key: mask_number(number) for key, number in read_numbers(session, keys, number_keys).items()}
