"""Changing the encryption key: nothing is lost, nothing is left of the old one, wherever it is interrupted."""

import dataclasses
import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from newsletter.delivery.data_key import rotate_data_key
from newsletter.delivery.key_status import key_status
from newsletter.keys import DataKeys, MissingKeyError, StaleKeyError, load_data_keys
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.subscribers.models import OptOutEvent
from newsletter.subscribers.privacy.rekeying import PLACES, SANDBOX_PLACES, Place
from tests.command_line import CommandLine
from tests.crash.dying import run_and_die
from tests.texts import a_subscriber_file, an_article_file, number_of

COUNT = 600
_ROTATING = "newsletter.delivery.data_key:"


def everything(newsroom: Newsroom) -> dict[str, dict[int, str]]:
    """Every ciphertext of the newsroom's database, decrypted with the key file as it is."""
    keys = load_data_keys(newsroom.keys_directory, newsroom.id)
    found: dict[str, dict[int, str]] = {}
    with newsroom.reading() as session:
        for place in PLACES:
            query = f"SELECT t.{place.key}, t.{place.column}, {place.number_key} FROM {place.source}"
            rows = session.connection().execute(text(f"{query} WHERE length(t.{place.column}) > 0"))
            found[place.name] = {row[0]: keys.decrypt(bytes(row[1]), place.context + row[2]) for row in rows}
    return found


def furnish(shell: CommandLine, newsroom: Newsroom, directory: Path, count: int = COUNT) -> None:
    """Members, a reply, a note, a proof, a present place, a contributor's number: something of every kind."""
    shell.ask("subscribers", "import", a_subscriber_file(directory, count), by="li")
    shell.ask("submit", an_article_file(directory), by="li")
    keys = newsroom.data_keys
    key = keys.number_key("+86" + number_of(3))
    with newsroom.writing() as session:
        run = session.connection().execute
        run(
            text("UPDATE subscriber SET place = :c WHERE number_key = :k"),
            {"c": keys.encrypt("苏州", f"place/{key}"), "k": key},
        )
        run(
            text("UPDATE contributor SET number = :c, number_key = :k WHERE id = 1"),
            {"c": keys.encrypt("+8613900000003", f"contributor/{key}"), "k": key},
        )
        run(
            text("INSERT INTO reply (number_key, text, gateway_id, received_at) VALUES (:k, :c, 'sandbox/1', 0)"),
            {"c": keys.encrypt("怎么退", f"reply/{key}"), "k": key},
        )
        event = OptOutEvent(
            id=90, number_key=key, kind="out", paper_id=0, source="desk", is_effective=False, at=newsroom.now()
        )
        session.add(event)
        session.flush()
        run(
            text("INSERT INTO optout_note (event_id, note) VALUES (90, :c)"),
            {"c": keys.encrypt("太多", f"optout/{key}")},
        )
        run(
            text(
                "INSERT INTO consent_event (id, number_key, kind, channel, at, recorded_at)"
                " VALUES (90, :k, 'given', 'form', 0, 0)"
            ),
            {"k": key},
        )
        run(
            text("INSERT INTO consent_proof (event_id, proof) VALUES (90, :c)"),
            {"c": keys.encrypt("表三", f"consent/{key}")},
        )
        session.commit()


def old_ciphertexts(newsroom: Newsroom) -> int:
    return key_status(newsroom).left


def test_everything_is_encrypted_anew_and_the_old_secret_is_gone(
    any_shell: CommandLine, any_newsroom: Newsroom, tmp_path: Path
) -> None:
    furnish(any_shell, any_newsroom, tmp_path)
    before = everything(any_newsroom)
    assert all(before.values())
    number_key = any_newsroom.data_keys.number_key("+8613900000003")
    token = any_newsroom.data_keys.link_token(1, number_key)

    done = any_shell.ask("keys", "rotate", "--yes", by="sun")

    assert (done["version"], done["unreadable"], done["resumed"]) == (2, [], False)
    assert done["renewed"] == sum(len(rows) for rows in before.values())
    keys = load_data_keys(any_newsroom.keys_directory, any_newsroom.id)
    assert list(keys.secrets) == [2]
    assert everything(any_newsroom) == before
    assert old_ciphertexts(any_newsroom) == 0
    assert (keys.number_key("+8613900000003"), keys.link_token(1, number_key)) == (number_key, token)
    assert (any_newsroom.keys_directory / "data.key").stat().st_mode & 0o777 == 0o600
    words = [word for word in any_shell.ask("audit", "show", by="sun")["statements"] if word["verb"] == "rekey"]
    assert [word["details"]["step"] for word in words] == ["begun", "ended"]
    assert any_shell.ask("audit", "verify", by="sun")["problems"] == []


def test_it_can_be_changed_again_and_again(shell: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    furnish(shell, newsroom, tmp_path, 20)
    before = everything(newsroom)
    for version in (2, 3, 4):
        assert shell.ask("keys", "rotate", "--yes", by="sun")["version"] == version
    assert everything(newsroom) == before
    status = shell.ask("keys", "status", by="sun")
    assert (status["versions"], status["left"], status["unknown"]) == ([4], 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    "death",
    [
        (_ROTATING + "_write_keys", "before", 1),
        (_ROTATING + "_write_keys", "after", 1),
        (_ROTATING + "_journal", "after", 1),
        (_ROTATING + "write_page", "after", 2),
        (_ROTATING + "renew_page", "before", 4),
        (_ROTATING + "_Sweep._end", "before", 1),
        (_ROTATING + "_Sweep._end", "after", 1),
        (_ROTATING + "_write_keys", "after", 2),
    ],
)
def test_wherever_it_is_killed_it_goes_on(
    shell: CommandLine, newsroom: Newsroom, tmp_path: Path, death: tuple[str, str, int]
) -> None:
    target, when, call = death
    furnish(shell, newsroom, tmp_path)
    before = everything(newsroom)
    run_and_die(target, "--newsroom", shell.directory, "--as", "sun", "keys", "rotate", "--yes", when=when, call=call)
    assert everything(newsroom) == before  # in between, everything can be read
    assert shell.ask("subscribers", "list", by="li")["subscribers"]
    done = shell.ask("keys", "rotate", "--yes", by="sun")
    is_over = death == (_ROTATING + "_write_keys", "after", 2)
    assert done["version"] == (3 if is_over else 2)
    assert everything(newsroom) == before
    assert list(load_data_keys(newsroom.keys_directory, newsroom.id).secrets) == [done["version"]]
    assert old_ciphertexts(newsroom) == 0
    assert shell.ask("audit", "verify", by="sun")["problems"] == []


def test_who_has_held_the_keys_since_before_writes_with_the_new_one(newsroom: Newsroom) -> None:
    serving = open_newsroom(newsroom.directory, actor="li")
    assert serving.data_keys.encrypt("张三", "here")[0] == 1
    serving.data_keys.take_used()
    rotate_data_key(newsroom)
    hidden = serving.data_keys.encrypt("张三", "here")
    assert hidden[0] == 2
    assert load_data_keys(newsroom.keys_directory, newsroom.id).decrypt(hidden, "here") == "张三"
    serving.engine.dispose()


def test_what_was_encrypted_before_the_change_cannot_be_written_after_it(
    any_newsroom: Newsroom, any_shell: CommandLine, tmp_path: Path
) -> None:
    """A straggler: it encrypted with the old key, and comes to write when nothing of that key may be left."""
    any_shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    straggler = open_newsroom(any_newsroom.directory, actor="li")
    hidden = straggler.data_keys.encrypt("张三", "name/x")
    rotate_data_key(any_newsroom)
    with straggler.writing() as session:
        session.connection().execute(text("UPDATE subscriber SET name = :name WHERE id = 1"), {"name": hidden})
        with pytest.raises(StaleKeyError, match="was not written"):
            session.commit()
    assert old_ciphertexts(any_newsroom) == 0
    with straggler.writing() as session:  # and is not refused for ever
        straggler.data_keys.encrypt("张三", "name/x")
        session.commit()
    straggler.engine.dispose()


def test_what_is_written_while_the_key_changes_is_swept_too(
    shell: CommandLine, newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that began with the old key ends after the sweep has passed its row."""
    furnish(shell, newsroom, tmp_path, 20)
    from newsletter.delivery import data_key

    writer = open_newsroom(newsroom.directory, actor="li")
    with writer.reading() as session:
        key = session.connection().execute(text("SELECT number_key FROM subscriber WHERE id = 1")).scalar_one()
    late = writer.data_keys.encrypt("迟到者", f"name/{key}")
    end, ends = data_key._Sweep._end, list[bool]()

    def write_late(sweep: data_key._Sweep) -> bool:
        if not ends:
            with writer.writing() as session:
                session.connection().execute(text("UPDATE subscriber SET name = :n WHERE id = 1"), {"n": late})
                session.commit()
        ends.append(end(sweep))
        return ends[-1]

    monkeypatch.setattr(data_key._Sweep, "_end", write_late)
    rotate_data_key(newsroom)
    assert ends == [False, True]
    assert everything(newsroom)["subscriber.name"][1] == "迟到者"
    assert old_ciphertexts(newsroom) == 0
    writer.engine.dispose()


def test_an_old_copy_of_the_key_says_what_to_do(shell: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    path = newsroom.keys_directory / "data.key"
    old = path.read_bytes()
    shell.ask("keys", "rotate", "--yes", by="sun")
    new = path.read_bytes()
    path.write_bytes(old)
    answer = shell.ask("subscribers", "list", by="li", code=5)["error"]
    assert answer["code"] == "stale_key"
    assert "Copy data.key" in answer["hint"]
    assert shell.ask("keys", "rotate", "--yes", by="sun", code=5)["error"]["code"] == "stale_key"
    file = a_subscriber_file(tmp_path, 1, first=77)
    assert shell.ask("subscribers", "import", file, by="li", code=5)["error"]["code"] == "stale_key"
    assert shell.ask("keys", "status", by="sun")["unknown"] == 24
    path.write_bytes(new)
    assert shell.ask("subscribers", "import", file, by="li")["added"] == 1


def test_only_an_admin_of_the_whole_newsroom_may(shell: CommandLine) -> None:
    assert shell.ask("keys", "rotate", "--yes", by="li", code=4)["error"]["code"] == "no_right"
    assert shell.ask("keys", "rotate", by="sun", code=4)["error"]["code"] == "refused"


def test_an_entry_nobody_can_read_is_told_and_stops_nothing(
    shell: CommandLine, newsroom: Newsroom, tmp_path: Path
) -> None:
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    connection = sqlite3.connect(newsroom.directory / "newsletter.db")
    with connection:
        connection.execute("UPDATE subscriber SET number = X'01020304' WHERE id = 3")
    connection.close()
    done = shell.ask("keys", "rotate", "--yes", by="sun", code=6)
    assert done["unreadable"] == ["subscriber.number 3"]


@pytest.mark.parametrize("place", [*PLACES, *SANDBOX_PLACES], ids=lambda place: place.name + place.context)
def test_a_ciphertext_moved_to_another_row_is_refused(place: Place) -> None:
    keys = DataKeys("0123456789abcdef", {1: bytes(32)})
    hidden = keys.encrypt("+8613900000001", place.context + "a" * 32)
    with pytest.raises(MissingKeyError):
        keys.decrypt(hidden, place.context + "b" * 32)
    with pytest.raises(MissingKeyError):
        dataclasses.replace(keys, newsroom="f" * 16).decrypt(hidden, place.context + "a" * 32)


def test_numbers_swapped_between_rows_are_noticed(shell: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    connection = sqlite3.connect(newsroom.directory / "newsletter.db")
    with connection:
        connection.execute("UPDATE subscriber SET number = (SELECT number FROM subscriber WHERE id = 2) WHERE id = 1")
    connection.close()
    assert shell.ask("subscribers", "show", 1, by="li", code=5)["error"]["code"] == "missing_key"


def test_every_encrypted_column_is_known() -> None:
    """A column of bytes that is neither here nor known to be open would be left with the old key."""
    from newsletter.tables import metadata

    open_columns = {("piece", "data"), ("picture", "data")}
    bytes_columns = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if column.type.python_type is bytes
    }
    assert bytes_columns - open_columns == {(place.table, place.column) for place in PLACES}


def test_the_keys_are_in_no_repr() -> None:
    keys = DataKeys("0123456789abcdef", {1: b"S" * 32}, {"number": b"N" * 32})
    assert "SSS" not in repr(keys)
    assert "NNN" not in repr(keys)
    assert json.dumps(keys.fingerprint)


def test_a_reply_hidden_by_an_old_copy_of_the_key_is_not_written(
    shell: CommandLine, newsroom: Newsroom, tmp_path: Path
) -> None:
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    path = newsroom.keys_directory / "data.key"
    old = path.read_bytes()
    shell.ask("keys", "rotate", "--yes", by="sun")
    new = path.read_bytes()
    path.write_bytes(old)
    assert shell.ask("sandbox", "reply", number_of(1), "TD", by="zhao", code=5)["error"]["code"] == "stale_key"
    path.write_bytes(new)
    assert shell.ask("sandbox", "reply", number_of(2), "TD", by="zhao")["meaning"] == "out"
    with newsroom.reading() as session:
        assert len(session.exec(select(OptOutEvent)).all()) == 1


def test_a_reply_nobody_can_read_waits_for_a_person_and_holds_up_no_other(
    shell: CommandLine, newsroom: Newsroom, tmp_path: Path
) -> None:
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    shell.ask("sandbox", "reply", number_of(1), "收到", by="zhao")
    connection = sqlite3.connect(newsroom.directory / "sandbox.db")
    with connection:
        connection.execute(
            "INSERT INTO reply (number_key, text, at) SELECT number_key, X'01020304', at + 1 FROM reply WHERE id = 1"
        )
    connection.close()
    said = shell.type("sandbox", "reply", number_of(2), "TD", by="zhao")
    assert "1 replies could not be read" in said.err
    (waiting,) = shell.ask("replies", "list", by="zhao")["replies"]
    assert (waiting["number"], waiting["text"], waiting["is_readable"]) == ("139****0001", "", False)
    assert "cannot be read" in shell.type("replies", "list", by="zhao").out
    assert shell.ask("replies", "handle", waiting["reply"], "--as", "out", by="zhao")["verdict"] == "out"
    shell.ask("keys", "rotate", "--yes", by="sun", code=6)
    assert "could not be read" not in shell.type("sandbox", "reply", number_of(3), "TD", by="zhao").err


def test_a_reply_that_is_no_text_is_refused(shell: CommandLine) -> None:
    assert "UTF-8" in shell.type("sandbox", "reply", number_of(1), "退订\udcff", by="zhao", code=2).err
