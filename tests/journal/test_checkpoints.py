"""Signatures verified once on a machine are not verified again, and nothing else is taken on trust."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from newsletter.journal import chain
from newsletter.journal.canonical import sha256_text
from newsletter.journal.chain import read_journal
from newsletter.journal.checkpoints import CHECKPOINT_FILE
from newsletter.journal.staff_keys import verify_signature
from newsletter.journal.statements import JournalBrokenError, Statement, Verb, append_statement
from newsletter.newsroom import Newsroom


@pytest.fixture
def verified(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """A newsroom whose six statements were all verified here, and a seventh that was not."""
    monkeypatch.setattr("newsletter.journal.checkpoints.STRIDE", 4)
    read(newsroom)
    speak(newsroom)
    return newsroom


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every signature verified from here on."""
    signatures: list[str] = []

    def count(public_key: str, signature: str, message: bytes) -> bool:
        signatures.append(signature)
        return verify_signature(public_key, signature, message)

    monkeypatch.setattr(chain, "verify_signature", count)
    return signatures


def speak(newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        append_statement(session, newsroom, verb=Verb.RETURN, subject="edition:1", role="reviewer", unit="root")
        session.commit()


def read(newsroom: Newsroom, *, trust_checkpoint: bool = True) -> int:
    with newsroom.reading() as session:
        return len(read_journal(session, newsroom, trust_checkpoint=trust_checkpoint))


def noted(newsroom: Newsroom) -> int:
    place = json.loads((newsroom.keys_directory / CHECKPOINT_FILE).read_bytes())["place"]
    assert isinstance(place, int)
    return place


def meddle(newsroom: Newsroom, change: Callable[[list[Statement]], None]) -> None:
    """Alter rows of the journal behind the program's back."""
    with Session(newsroom.engine) as session:
        session.connection().execute(text("DROP TRIGGER statement_refuse_update"))
        change(list(session.exec(select(Statement).order_by(col(Statement.id)))))
        session.commit()


def test_only_new_signatures_are_verified(verified: Newsroom, counted: list[str]) -> None:
    assert read(verified) == 7
    assert len(counted) == 1


def test_who_looks_at_everything_verifies_all(verified: Newsroom, counted: list[str]) -> None:
    assert read(verified, trust_checkpoint=False) == 7
    assert len(counted) == 7


def test_the_note_follows_the_journal_in_strides(verified: Newsroom, counted: list[str]) -> None:
    assert noted(verified) == 6
    places = []
    for _ in range(6):
        read(verified)
        places.append(noted(verified))
        speak(verified)
    assert places == [6, 6, 6, 10, 10, 10]
    assert len(counted) == 1 + 2 + 3 + 4 + 1 + 2


def _alter_body(statements: list[Statement]) -> None:
    statements[2].body = statements[2].body.replace("reviewer", "operator")


def _alter_body_and_hash(statements: list[Statement]) -> None:
    _alter_body(statements)
    statements[2].hash = sha256_text(statements[2].body)


def _rewrite_all_that_follows(statements: list[Statement]) -> None:
    """The best a hand without keys can do: a chain without a flaw, but for its signatures."""
    _alter_body_and_hash(statements)
    for before, statement in pairwise(statements[2:]):
        statement.body = statement.body.replace(statement.previous, before.hash)
        statement.previous, statement.hash = before.hash, sha256_text(statement.body)


def _rewrite_up_to_the_checkpoint(statements: list[Statement]) -> None:
    kept = statements[5].hash
    _rewrite_all_that_follows(statements)
    statements[5].hash = kept


@pytest.mark.parametrize(
    "change", [_alter_body, _alter_body_and_hash, _rewrite_all_that_follows, _rewrite_up_to_the_checkpoint]
)
def test_an_old_statement_altered_is_refused_as_ever(
    verified: Newsroom, change: Callable[[list[Statement]], None]
) -> None:
    meddle(verified, change)
    with pytest.raises(JournalBrokenError):
        read(verified)


@pytest.mark.parametrize(("place", "is_found"), [(2, False), (5, False), (6, True)])
def test_a_signature_altered_is_found_among_the_new_ones_and_by_whoever_looks_at_everything(
    verified: Newsroom, place: int, is_found: bool
) -> None:
    def spoil(statements: list[Statement]) -> None:
        statements[place].signature = "0" * 128

    meddle(verified, spoil)
    if is_found:
        with pytest.raises(JournalBrokenError, match=f"statement {place + 1}"):
            read(verified)
    else:
        read(verified)
    with pytest.raises(JournalBrokenError, match=f"statement {place + 1}"):
        read(verified, trust_checkpoint=False)


def _open_to_others(path: Path) -> None:
    path.chmod(0o666)


def _of_another_admin(path: Path) -> None:
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"admin_key": "0" * 64}), encoding="utf-8")


def _beyond_the_end(path: Path) -> None:
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"place": 99}), encoding="utf-8")


def _of_another_statement(path: Path) -> None:
    path.write_text(json.dumps(json.loads(path.read_bytes()) | {"place": 7}), encoding="utf-8")


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


def _gone(path: Path) -> None:
    path.unlink()


def _no_record(path: Path) -> None:
    path.write_bytes(b"[6]")


@pytest.mark.parametrize(
    "spoil",
    [_open_to_others, _of_another_admin, _beyond_the_end, _of_another_statement, _nothing, _gone, _no_record],
)
def test_a_note_that_cannot_be_believed_has_everything_verified(
    verified: Newsroom, counted: list[str], spoil: Callable[[Path], None]
) -> None:
    spoil(verified.keys_directory / CHECKPOINT_FILE)
    assert read(verified) == 7
    assert len(counted) == 7
    assert read(verified) == 7
    assert noted(verified) == 7


def test_what_is_not_committed_is_not_noted(verified: Newsroom) -> None:
    (verified.keys_directory / CHECKPOINT_FILE).unlink()
    with verified.writing() as session:
        append_statement(session, verified, verb=Verb.RETURN, subject="edition:1", role="reviewer", unit="root")
        assert len(read_journal(session, verified, trust_checkpoint=True)) == 8
    assert noted(verified) == 7


def test_a_short_journal_is_not_worth_a_note(newsroom: Newsroom) -> None:
    read(newsroom)
    assert not (newsroom.keys_directory / CHECKPOINT_FILE).exists()
