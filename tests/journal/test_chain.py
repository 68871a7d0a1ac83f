"""The journal is whole or refused: whatever a hand in the database does to a statement, it shows."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from newsletter.journal.canonical import canonical_json, sha256_text
from newsletter.journal.chain import SharedKeyError, check_chain, journal_head, read_journal
from newsletter.journal.staff_keys import create_staff_key, load_staff_key, public_half
from newsletter.journal.statements import (
    GENESIS,
    JournalBrokenError,
    Statement,
    Verb,
    WrongKeyError,
    append_statement,
)
from newsletter.newsroom import Newsroom

COLUMNS = ("id", "previous", "hash", "subject", "body", "signature")


@pytest.fixture
def statements(newsroom: Newsroom) -> list[Statement]:
    """The founded newsroom's own journal: six people enrolled; detached from the database, to be tampered with."""
    with newsroom.reading() as session:
        found = list(session.exec(select(Statement).order_by(col(Statement.id))))
        session.expunge_all()
    return found


def check(newsroom: Newsroom, statements: list[Statement]) -> None:
    check_chain(statements, newsroom_id=newsroom.id, admin_key=newsroom.settings.trust.admin_key)


def sign_anew(newsroom: Newsroom, statement: Statement, signer: str, **changes: Any) -> None:
    """Rewrite a statement and sign it with ``signer``'s key, hash and all: the best a forger with that key can do."""
    body = json.loads(statement.body) | changes
    statement.body = canonical_json(body)
    statement.hash = sha256_text(statement.body)
    statement.previous, statement.subject, statement.id = body["previous"], body["subject"], body["number"]
    statement.signature = load_staff_key(newsroom, signer).sign(statement.body.encode()).hex()


def test_an_untouched_journal_is_read(newsroom: Newsroom, statements: list[Statement]) -> None:
    words = check_chain(statements, newsroom_id=newsroom.id, admin_key=newsroom.settings.trust.admin_key)
    assert [word.place for word in words] == list(range(1, len(statements) + 1))
    assert {word.person for word in words} == {"sun"}
    assert statements[0].previous == GENESIS


@pytest.mark.parametrize("place", [0, 2, -1])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_in_any_column_shows(newsroom: Newsroom, statements: list[Statement], column: str, place: int) -> None:
    value = getattr(statements[place], column)
    changed = value + 1 if isinstance(value, int) else value[:-2] + ("0" if value[-2] != "0" else "1") + value[-1]
    setattr(statements[place], column, changed)
    with pytest.raises(JournalBrokenError):
        check(newsroom, statements)


@pytest.mark.parametrize(
    "field", ["details", "digest", "key_store", "newsroom", "person", "role", "time", "unit", "verb"]
)
def test_a_change_of_any_field_shows_even_with_the_hash_made_anew(
    newsroom: Newsroom, statements: list[Statement], field: str
) -> None:
    body = json.loads(statements[-1].body)
    body[field] = {"verb": "sign", "time": "2026-01-01T00:00:00+00:00", "details": {}}.get(field, "other")
    statements[-1].body = canonical_json(body)
    statements[-1].hash = sha256_text(statements[-1].body)
    with pytest.raises(JournalBrokenError, match=f"statement {len(statements)}"):
        check(newsroom, statements)


def _remove_one(statements: list[Statement]) -> None:
    del statements[2]


def _remove_and_renumber(statements: list[Statement]) -> None:
    del statements[2]
    for number, statement in enumerate(statements, start=1):
        statement.id = number


def _swap(statements: list[Statement]) -> None:
    statements[2], statements[3] = statements[3], statements[2]


def _repeat(statements: list[Statement]) -> None:
    statements.insert(3, statements[2])


def _drop_first(statements: list[Statement]) -> None:
    del statements[0]


@pytest.mark.parametrize("tamper", [_remove_one, _remove_and_renumber, _swap, _repeat, _drop_first])
def test_order_and_completeness_show(
    newsroom: Newsroom, statements: list[Statement], tamper: Callable[[list[Statement]], None]
) -> None:
    tamper(statements)
    with pytest.raises(JournalBrokenError):
        check(newsroom, statements)


def test_somebody_elses_signature_shows(newsroom: Newsroom, statements: list[Statement]) -> None:
    sign_anew(newsroom, statements[-1], "li")
    with pytest.raises(JournalBrokenError):
        check(newsroom, statements)


def test_another_admin_key_in_the_settings_shows(newsroom: Newsroom, statements: list[Statement]) -> None:
    forged = create_staff_key(newsroom.keys_directory, "forger", None)
    with pytest.raises(JournalBrokenError, match="statement 1"):
        check_chain(statements, newsroom_id=newsroom.id, admin_key=forged)
    with pytest.raises(JournalBrokenError, match="statement 1"):
        check_chain(statements, newsroom_id=newsroom.id, admin_key="")


def test_a_role_given_by_somebody_who_is_no_admin_shows(newsroom: Newsroom, statements: list[Statement]) -> None:
    head = statements[-1]
    forged = Statement(id=0, previous="", hash="", subject="", body=head.body, signature="")
    place = len(statements) + 1
    details = {"person": "puppet", "role": "reviewer", "unit": "root", "public_key": "0" * 64}
    changes = {"person": "li", "previous": head.hash, "number": place, "subject": "staff:puppet", "details": details}
    sign_anew(newsroom, forged, "li", **changes)
    with pytest.raises(JournalBrokenError, match=f"statement {place}"):
        check(newsroom, [*statements, forged])
    sign_anew(newsroom, forged, "sun", person="sun")
    check(newsroom, [*statements, forged])


@pytest.mark.parametrize("body", ["", "{}", "null", "[]", '{"number": 1}', "no json"])
def test_a_body_that_is_none_shows(newsroom: Newsroom, statements: list[Statement], body: str) -> None:
    statements[1].body, statements[1].hash = body, sha256_text(body)
    with pytest.raises(JournalBrokenError):
        check(newsroom, statements)


def _append(session: Session, newsroom: Newsroom) -> None:
    append_statement(session, newsroom, verb=Verb.SUBMIT, subject="edition:1", role="editor", unit="root", digest="d")


def test_a_new_word_hangs_on_the_head(newsroom: Newsroom) -> None:
    with newsroom.writing() as session:
        head = journal_head(session)
        _append(session, newsroom.acting_as("li"))
        last = session.exec(select(Statement).order_by(col(Statement.id).desc())).first()
        assert last is not None
        assert last.previous == head
        assert journal_head(session) == last.hash
        assert read_journal(session, newsroom)[-1].person == "li"


def test_an_empty_journal_has_the_genesis_for_a_head(newsroom: Newsroom) -> None:
    assert check_chain([], newsroom_id=newsroom.id, admin_key=newsroom.settings.trust.admin_key) == []


def test_a_key_put_in_anothers_place_cannot_speak(newsroom: Newsroom) -> None:
    (newsroom.keys_directory / "staff" / "li.key").unlink()
    create_staff_key(newsroom.keys_directory, "li", None)
    with newsroom.writing() as session, pytest.raises(WrongKeyError, match="li"):
        _append(session, newsroom.acting_as("li"))


def extend(newsroom: Newsroom, statements: list[Statement], signer: str, **said: Any) -> list[Statement]:
    """The journal with one more statement, all in order but for what is ``said``, signed with ``signer``'s key."""
    head, place = statements[-1], len(statements) + 1
    forged = Statement(id=0, previous="", hash="", subject="", body=head.body, signature="")
    said = {"previous": head.hash, "number": place, "person": signer, **said}
    sign_anew(newsroom, forged, signer, **said)
    return [*statements, forged]


def test_a_time_before_the_statement_before_shows(newsroom: Newsroom, statements: list[Statement]) -> None:
    newest = datetime.fromisoformat(json.loads(statements[-1].body)["time"])
    said = {"verb": "return", "subject": "edition:1", "details": {}}
    check(newsroom, extend(newsroom, statements, "wang", time=newest.isoformat(), **said))
    for time in (newest - timedelta(microseconds=1), newest.replace(tzinfo=None)):
        with pytest.raises(JournalBrokenError):
            check(newsroom, extend(newsroom, statements, "wang", time=time.isoformat(), **said))


def a_rotation(public_key: str, person: str = "li") -> dict[str, Any]:
    details = {"person": person, "public_key": public_key, "passphrase": False}
    return {"verb": "rotate", "subject": f"staff:{person}", "details": details}


WORD = {"verb": "submit", "subject": "edition:1", "details": {}}


@pytest.mark.parametrize("speaker", ["li", "sun"])
def test_after_a_rotation_the_new_key_alone_speaks(
    newsroom: Newsroom, statements: list[Statement], speaker: str
) -> None:
    new_key = create_staff_key(newsroom.keys_directory, "li-new", None)
    rotated = extend(newsroom, statements, speaker, **a_rotation(new_key))
    check(newsroom, extend(newsroom, rotated, "li-new", person="li", **WORD))
    with pytest.raises(JournalBrokenError, match=f"statement {len(rotated) + 1}"):
        check(newsroom, extend(newsroom, rotated, "li", **WORD))
    again = extend(newsroom, rotated, "li-new", person="li", **a_rotation(load_key(newsroom, "li")))
    check(newsroom, extend(newsroom, again, "li", **WORD))


def load_key(newsroom: Newsroom, name: str) -> str:
    return public_half(load_staff_key(newsroom, name))


@pytest.mark.parametrize(("speaker", "person"), [("wang", "li"), ("li", "sun"), ("sun", "nobody")])
def test_a_rotation_by_whoever_may_not_shows(
    newsroom: Newsroom, statements: list[Statement], speaker: str, person: str
) -> None:
    new_key = create_staff_key(newsroom.keys_directory, "new", None)
    with pytest.raises(JournalBrokenError):
        check(newsroom, extend(newsroom, statements, speaker, **a_rotation(new_key, person)))


def test_a_rotation_under_anothers_subject_shows(newsroom: Newsroom, statements: list[Statement]) -> None:
    new_key = create_staff_key(newsroom.keys_directory, "new", None)
    said = a_rotation(new_key) | {"subject": "staff:wang"}
    with pytest.raises(JournalBrokenError):
        check(newsroom, extend(newsroom, statements, "li", **said))


@pytest.mark.parametrize("verb", ["retire", "restore", "revoke"])
def test_what_only_admins_say_shows_from_others(newsroom: Newsroom, statements: list[Statement], verb: str) -> None:
    subject = "journal" if verb == "restore" else "staff:wang"
    said = {"verb": verb, "subject": subject, "details": {"person": "wang", "role": "reviewer", "unit": "root"}}
    check(newsroom, extend(newsroom, statements, "sun", **said))
    with pytest.raises(JournalBrokenError):
        check(newsroom, extend(newsroom, statements, "li", **said))


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"person": "li"},
        {"person": "li", "role": "editor"},
        {"person": "li", "role": "editor", "unit": "root", "from": "gestern"},
        {"person": "li", "role": "editor", "unit": "root", "until": "2026-12-01", "timezone": "Mars"},
    ],
)
def test_a_grant_that_says_nothing_clear_shows(
    newsroom: Newsroom, statements: list[Statement], details: dict[str, str]
) -> None:
    with pytest.raises(JournalBrokenError):
        check(newsroom, extend(newsroom, statements, "sun", verb="grant", subject="staff:li", details=details))


def a_grant(newsroom: Newsroom, last: Statement, name: str, public_key: str, verb: Verb = Verb.GRANT) -> Statement:
    """What the admin could say of a key with a program of their own."""
    said = Statement(id=last.id + 1, previous="", hash="", subject="", body=last.body, signature="")
    changes = {"number": last.id + 1, "previous": last.hash, "verb": str(verb), "subject": f"staff:{name}"}
    details = {"person": name, "public_key": public_key, "role": "editor", "unit": "root"}
    sign_anew(newsroom, said, "sun", **changes, details=details)
    return said


@pytest.mark.parametrize(("verb", "name"), [(Verb.GRANT, "zhou"), (Verb.ROTATE, "li")])
@pytest.mark.parametrize("spelling", [str.lower, str.upper])
def test_a_key_known_under_two_names_shows(
    newsroom: Newsroom, statements: list[Statement], verb: Verb, name: str, spelling: Callable[[str], str]
) -> None:
    wangs = spelling(public_half(load_staff_key(newsroom, "wang")))
    with pytest.raises(SharedKeyError, match=f"gives {name} a key that is wang's"):
        check(newsroom, [*statements, a_grant(newsroom, statements[-1], name, wangs, verb)])


def test_a_key_of_nobody_else_is_fine(newsroom: Newsroom, statements: list[Statement]) -> None:
    own = create_staff_key(newsroom.keys_directory, "zhou", None)
    first = a_grant(newsroom, statements[-1], "zhou", own)
    again = a_grant(newsroom, first, "zhou", own)
    check(newsroom, [*statements, first, again])
