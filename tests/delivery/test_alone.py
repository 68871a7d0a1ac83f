"""Nobody else at work can change, or double, what is being sent: locks on either database, bytes that were signed."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from newsletter.database import SimultaneousChangeError
from newsletter.delivery.gateways.port import Message, Outcome
from newsletter.delivery.lock import LockLostError, SenderBusyError, sole_sender
from newsletter.delivery.sending import send_edition
from newsletter.delivery.signed_texts import signed_texts
from newsletter.editions.models import Piece, PieceName
from newsletter.editions.records import lock_edition
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.organisation.units import UnitKind, add_unit
from newsletter.workflow.approval import ChangedSinceError
from newsletter.workflow.gates import verify_approval
from tests.delivery.editions import a_signed_edition, add_members, number_keys
from tests.delivery.gateways import ObedientGateway, accepted

EDITION = 1
UseGateway = Callable[[ObedientGateway], ObedientGateway]


@pytest.fixture
def signed(any_newsroom: Newsroom) -> Newsroom:
    """Twelve members and a signed edition, with the issuer at the desk."""
    add_members(any_newsroom, 12)
    assert a_signed_edition(any_newsroom) == EDITION
    return any_newsroom.acting_as("zhao")


def test_bytes_put_in_after_the_check_are_not_sent(signed: Newsroom) -> None:
    with signed.writing() as session:
        edition = lock_edition(session, EDITION)
        manifest = verify_approval(session, signed, edition)
        piece = session.get_one(Piece, (EDITION, PieceName.SMS))
        piece.data = "【如皋手机报】假消息".encode()
        session.add(piece)
        session.flush()
        with pytest.raises(ChangedSinceError, match="after it was signed"):
            signed_texts(session, edition, manifest)


def test_an_edition_being_written_waits_for_its_turn(signed: Newsroom) -> None:
    """A draft that renders while somebody sends would otherwise change what was just verified."""
    order: list[str] = []
    held = threading.Event()

    def second() -> None:
        held.wait(10)
        with signed.writing() as session:
            lock_edition(session, EDITION)
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with signed.writing() as session:
        lock_edition(session, EDITION)
        held.set()
        thread.join(0.5)
        order.append("first")
        session.commit()
    thread.join(10)
    assert order == ["first", "second"]


def test_two_senders_are_one_too_many(signed: Newsroom) -> None:
    with sole_sender(signed), pytest.raises(SenderBusyError), sole_sender(signed):
        pass


def test_a_sender_that_lost_its_lock_stops(signed: Newsroom, use_gateway: UseGateway) -> None:
    if signed.engine.dialect.name != "postgresql":
        pytest.skip("the system's own lock cannot be lost while its holder lives")
    other = open_newsroom(signed.directory, actor="zhao")
    ended: list[bool] = []

    def answer(message: Message) -> Outcome:
        if not ended:
            ended.append(True)
            with other.engine.begin() as connection:
                holders = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                connection.execute(text(holders))
        return accepted(message.reference)

    gateway = use_gateway(ObedientGateway(answer))
    with pytest.raises(LockLostError):
        send_edition(signed, EDITION, rate=0.05)
    signed.engine.dispose()
    gateway.answer = lambda message: accepted(message.reference)
    assert send_edition(signed, EDITION).stage == "sent"
    assert sorted(message.number_key for message in gateway.messages) == sorted(number_keys(signed))
    other.engine.dispose()


def test_the_same_thing_made_twice_at_once_is_refused_in_one_line(any_newsroom: Newsroom) -> None:
    if any_newsroom.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    with any_newsroom.writing() as first:
        add_unit(first, code="x", name="某村", kind=UnitKind.VILLAGE)
        failed: list[Exception] = []

        def twin() -> None:
            try:
                with any_newsroom.writing() as second:
                    add_unit(second, code="x", name="某村", kind=UnitKind.VILLAGE)
                    second.commit()
            except SimultaneousChangeError as error:
                failed.append(error)

        thread = threading.Thread(target=twin)
        thread.start()
        thread.join(0.5)
        first.commit()
    thread.join(10)
    assert len(failed) == 1
    with any_newsroom.reading() as session:
        assert session.connection().execute(text("SELECT count(*) FROM unit WHERE code = 'x'")).scalar() == 1
