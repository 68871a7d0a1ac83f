"""Who agreed to be written to: the ledger of consent, and the basis it amounts to on the register.

Of several words on a number the one given last counts, whenever it was written down; on one day, the one recorded
last. While it is "given", everybody on that number has the basis ``express``, else ``membership``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from sqlalchemy import Connection, bindparam, insert, text
from sqlmodel import Session, col, func, select

from newsletter.errors import InputError, NotFoundError
from newsletter.keys import DataKeys
from newsletter.subscribers.leaving.consent_records import ConsentEvent, ConsentKind, ConsentProof, ConsentWording
from newsletter.translation import gettext as _

EXPRESS: Final = "express"
MEMBERSHIP: Final = "membership"
#: How a consent can reach the newsroom; those that readers give by themselves are recorded by themselves.
DESK_CHANNELS: Final = ("form", "phone", "visit", "desk")
OWN_CHANNELS: Final = ("reply", "link")
#: Characters of the longest proof and of the longest wording.
LONGEST_PROOF: Final = 500
LONGEST_WORDING: Final = 2_000
#: Keys asked for in one statement.
_KEYS_AT_ONCE: Final = 500
_PROJECT: Final = text("""
UPDATE subscriber SET basis = CASE (
    SELECT kind FROM consent_event WHERE consent_event.number_key = subscriber.number_key
    ORDER BY at DESC, id DESC LIMIT 1
) WHEN 'given' THEN 'express' ELSE 'membership' END
WHERE number_key IN :keys
AND EXISTS (SELECT 1 FROM consent_event WHERE consent_event.number_key = subscriber.number_key)
""").bindparams(bindparam("keys", expanding=True))


class UnknownWordingError(NotFoundError):
    """No wording has this version."""

    code: ClassVar[str] = "unknown_wording"


class ProofError(InputError):
    """It is not said what shows the consent."""

    code: ClassVar[str] = "proof"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """A word on being written to.

    Attributes:
        number_key: whose.
        channel: how it came, one of ``DESK_CHANNELS`` or ``OWN_CHANNELS``.
        at: when it was given, as far as known, aware.
        wording_version: what they agreed to; None: withdrawn, or words of their own.
        proof: what shows it, hidden by ``hide_proof``; empty: nothing is kept.
        staff_id: who recorded it; None: a machine.
    """

    number_key: str
    channel: str
    at: datetime
    kind: ConsentKind = ConsentKind.GIVEN
    wording_version: int | None = None
    proof: bytes = b""
    staff_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class ConsentCount:
    """How many numbers' last word is this one."""

    kind: str
    wording: int | None
    channel: str
    numbers: int


def record_consents(session: Session, consents: Sequence[Consent], *, recorded_at: datetime) -> list[int]:
    """Record words on being written to, and bring the register's basis to them. The caller commits.

    Returns:
        The events' ids, in the same order.
    """
    if not consents:
        return []
    statement = insert(ConsentEvent).returning(col(ConsentEvent.id), sort_by_parameter_order=True)
    ids = [int(found) for found in session.execute(statement, [_row(c, recorded_at) for c in consents]).scalars()]
    proofs = [
        {"event_id": event_id, "proof": consent.proof}
        for event_id, consent in zip(ids, consents, strict=True)
        if consent.proof
    ]
    if proofs:
        session.execute(insert(ConsentProof), proofs)
    apply_consents(session.connection(), [consent.number_key for consent in consents])
    return ids


def _row(consent: Consent, recorded_at: datetime) -> dict[str, object]:
    return {
        "number_key": consent.number_key,
        "kind": consent.kind.value,
        "wording_version": consent.wording_version,
        "channel": consent.channel,
        "staff_id": consent.staff_id,
        "at": consent.at,
        "recorded_at": recorded_at,
    }


def apply_consents(connection: Connection, number_keys: Iterable[str]) -> None:
    """Bring the basis of all people on these numbers to what the ledger says; numbers it does not know are left alone.

    For whoever puts people on a number: an import, the desk. The caller commits.
    """
    for keys in _batches(number_keys):
        connection.execute(_PROJECT, {"keys": keys})


def latest_consents(session: Session, number_keys: Iterable[str]) -> dict[str, ConsentEvent]:
    """Number key → the word that counts; only numbers that have one."""
    found: dict[str, ConsentEvent] = {}
    for keys in _batches(number_keys):
        query = select(ConsentEvent).where(col(ConsentEvent.number_key).in_(keys))
        for event in session.exec(query.order_by(col(ConsentEvent.at), col(ConsentEvent.id))):
            found[event.number_key] = event
    return found


def count_consents(session: Session) -> list[ConsentCount]:
    """How many numbers' last word is which: given to which wording, by which way, or withdrawn."""
    newest_first = (col(ConsentEvent.at).desc(), col(ConsentEvent.id).desc())
    rank = func.row_number().over(partition_by=col(ConsentEvent.number_key), order_by=newest_first)
    last = select(ConsentEvent.kind, ConsentEvent.wording_version, ConsentEvent.channel, rank.label("rank")).subquery()
    groups = (last.c.kind, last.c.wording_version, last.c.channel)
    query = select(*groups, func.count()).where(last.c.rank == 1).group_by(*groups)
    rows = session.connection().execute(query)
    counts = [ConsentCount(kind=kind, wording=wording, channel=way, numbers=n) for kind, wording, way, n in rows]
    return sorted(counts, key=lambda count: (count.kind, count.wording or 0, count.channel))


def list_wordings(session: Session) -> Sequence[ConsentWording]:
    """All wordings, oldest first."""
    return session.exec(select(ConsentWording).order_by(col(ConsentWording.version))).all()


def get_wording(session: Session, version: int) -> ConsentWording:
    """The wording of this version.

    Raises:
        UnknownWordingError: there is none.
    """
    found = session.get(ConsentWording, version)
    if found is None:
        raise UnknownWordingError(
            _("There is no wording {version}.").format(version=version),
            hint=_("See them: newsletter consent wording list"),
        )
    return found


def hide_proof(keys: DataKeys, number_key: str, proof: str) -> bytes:
    """What shows a consent, as it is kept; empty for nothing."""
    return keys.encrypt(proof, f"consent/{number_key}") if proof else b""


def check_proof(proof: str) -> str:
    """What shows a consent, with its spaces in order; it is kept encrypted, so it may hold names.

    Raises:
        ProofError: nothing, or more than ``LONGEST_PROOF`` characters.
    """
    proof = " ".join(proof.split())
    if not 1 <= len(proof) <= LONGEST_PROOF:
        raise ProofError(
            _("Say what shows it, in 1 to {limit} characters.").format(limit=LONGEST_PROOF),
            hint=_("For instance where the signed form is kept, or who was telephoned with, and when."),
        )
    return proof


def _batches(number_keys: Iterable[str]) -> Iterator[list[str]]:
    keys = sorted(set(number_keys))
    return (keys[start : start + _KEYS_AT_ONCE] for start in range(0, len(keys), _KEYS_AT_ONCE))
