"""Erasing somebody: gone from every file, still not written to, and no count is another for it."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from newsletter.delivery.forgetting import erase_subscribers
from newsletter.delivery.gateways.port import Message
from newsletter.delivery.models import Reply
from newsletter.delivery.sending import send_edition
from newsletter.newsroom import Newsroom
from newsletter.subscribers.event_records import EventKind, MemberEvent
from newsletter.subscribers.leaving.consent_records import ConsentEvent, ConsentProof
from newsletter.subscribers.models import OptOutEvent, OptOutNote, Subscriber
from tests.command_line import CommandLine
from tests.delivery.conftest import EDITION, MEMBERS
from tests.delivery.gateways import ObedientGateway, accepted
from tests.delivery.ledgers import claim, plan, rows, totals
from tests.texts import a_subscriber_file, number_of

UseGateway = Callable[[ObedientGateway], ObedientGateway]
WHY = ("--reason", "本人要求", "--yes")


def sealed(directory: Path) -> list[bytes]:
    """Every ciphertext in the newsroom's database."""
    connection = sqlite3.connect(directory / "newsletter.db")
    found = [cell for row in connection.execute("SELECT number, name, place FROM subscriber") for cell in row if cell]
    for query in ("SELECT text FROM reply", "SELECT note FROM optout_note", "SELECT proof FROM consent_proof"):
        found += [row[0] for row in connection.execute(query)]
    connection.close()
    return found


def bytes_of(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(directory.glob("*.db*")))


def words_on(newsroom: Newsroom, number: str) -> None:
    """A reply, a note, a proof and a present place on a number."""
    keys = newsroom.data_keys
    key = keys.number_key("+86" + number)
    now = newsroom.now()
    with newsroom.writing() as session:
        out = OptOutEvent(number_key=key, kind="out", paper_id=0, source="desk", is_effective=False, at=now)
        given = ConsentEvent(number_key=key, kind="given", channel="form", at=now, recorded_at=now)
        session.add_all([out, given])
        session.flush()
        session.add(OptOutNote(event_id=out.id or 0, note=keys.encrypt("太多", f"optout/{key}")))
        session.add(ConsentProof(event_id=given.id or 0, proof=keys.encrypt("表三", f"consent/{key}")))
        session.add(
            Reply(number_key=key, text=keys.encrypt("怎么退", f"reply/{key}"), gateway_id="sandbox/1", received_at=now)
        )
        for person in session.exec(select(Subscriber).where(Subscriber.number_key == key)):
            person.place = keys.encrypt("苏州", f"place/{key}")
            session.add(person)
        session.commit()


@pytest.mark.parametrize("with_copies", [False, True])
def test_nothing_of_them_is_left_in_any_file(
    shell: CommandLine, newsroom: Newsroom, tmp_path: Path, *, with_copies: bool
) -> None:
    """Another program keeps the log alive; ``with_copies``: pages given back hold old copies of what they held."""
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path, 400), by="li")
    words_on(newsroom, number_of(7))
    before = sealed(newsroom.directory)
    newsroom.engine.dispose()
    with contextlib.closing(sqlite3.connect(newsroom.directory / "newsletter.db")) as other:
        other.execute("SELECT count(*) FROM subscriber").fetchone()
        if with_copies:
            other.executescript("CREATE TABLE old AS SELECT number, name FROM subscriber; DROP TABLE old;")
        done = shell.ask("subscribers", "erase", number_of(7), *WHY, by="sun")
        assert (done["subscribers"], done["wiped"]) == ([8], True)
        gone = set(before) - set(sealed(newsroom.directory))
        assert len(gone) == 6  # number, name, place; reply, note, proof
        content = bytes_of(newsroom.directory)
    assert not [cell for cell in gone if cell[1:13] in content]
    assert all(cell in content for cell in set(before) - gone)


def test_ids_of_the_erased_are_never_given_again(shell: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path, 3), by="li")
    shell.ask("subscribers", "erase", "--id", 3, *WHY, by="sun")
    assert shell.ask("subscribers", "show", 3, by="sun", code=3)["error"]["code"] == "unknown_subscriber"
    assert [p["subscriber"] for p in shell.ask("subscribers", "list", "--status", "all", by="sun")["subscribers"]] == [
        1,
        2,
    ]
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path, 3), by="li")
    again = shell.ask("subscribers", "find", number_of(2), by="sun")["subscribers"]
    assert [p["subscriber"] for p in again] == [4]
    shell.ask("subscribers", "erase", "--id", 1, *WHY, by="sun")
    with newsroom.reading() as session:
        assert set(session.exec(select(Subscriber.id))) == {2, 4}


def test_who_left_stays_left_after_erasure_and_import(shell: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    file = a_subscriber_file(tmp_path, 3)
    shell.ask("subscribers", "import", file, by="li")
    shell.ask("optout", number_of(1), "--reason", "太多", by="zhao")
    shell.ask("subscribers", "erase", number_of(1), *WHY, by="sun")
    assert shell.ask("subscribers", "find", number_of(1), by="sun")["subscribers"] == []
    again = shell.ask("subscribers", "import", file, by="li")
    assert (again["added"], again["unchanged"], again["suppressed"]) == (1, 2, 1)
    with newsroom.reading() as session:
        kinds = list(session.exec(select(MemberEvent.kind).where(MemberEvent.subscriber_id == 2)))
    assert kinds == [EventKind.JOINED, EventKind.ERASED]


def test_what_hangs_on_a_shared_number_stays_while_somebody_has_it(
    shell: CommandLine, newsroom: Newsroom, tmp_path: Path
) -> None:
    path = tmp_path / "two.csv"
    path.write_text("手机号,姓名,单位\n13900000001,张三,banjing\n13900000001,李四,baipu\n", "utf-8")
    shell.ask("subscribers", "import", path, by="li")
    words_on(newsroom, "13900000001")
    shell.ask("subscribers", "erase", "--id", 1, *WHY, by="sun")
    with newsroom.reading() as session:
        assert session.exec(select(Reply)).all()
        assert session.exec(select(OptOutNote)).all()
    shell.ask("subscribers", "erase", "13900000001", *WHY, by="sun")
    with newsroom.reading() as session:
        assert not session.exec(select(Reply)).all()
        assert not session.exec(select(OptOutNote)).all()
        assert not session.exec(select(ConsentProof)).all()
        assert session.exec(select(OptOutEvent)).all()


@pytest.mark.parametrize(
    ("words", "by", "refusal"),
    [
        (("13900000001", "--reason", "本人要求"), "sun", (4, "refused")),
        (("13900000001", *WHY), "li", (4, "no_right")),
        (("13900000001", "--reason", "电话13900000001", "--yes"), "sun", (2, "number_in_remark")),
        (("13900000001", "--reason", "", "--yes"), "sun", (2, "purpose")),
        (("13800000001", *WHY), "sun", (3, "unknown_number")),
        (("--id", 99, *WHY), "sun", (3, "unknown_subscriber")),
        (WHY, "sun", (2, "bad_input")),
    ],
)
def test_refusals(
    shell: CommandLine, tmp_path: Path, words: tuple[object, ...], by: str, refusal: tuple[int, str]
) -> None:
    code, error = refusal
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path, 3), by="li")
    answer = shell.type("subscribers", "erase", *words, "--json", by=by, code=code)
    assert answer.json["error"]["code"] == error
    assert "13900000001" not in answer.out + answer.err
    assert len(shell.ask("subscribers", "list", by="li")["subscribers"]) == 3


def test_the_answer_does_not_tell_whether_they_had_left(shell: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path, 3), by="li")
    words_on(newsroom, number_of(0))
    told = [shell.ask("subscribers", "erase", number_of(n), *WHY, by="sun") for n in (0, 1)]
    assert [{**one, "statement": 0, "subscribers": []} for one in told] == [
        {"subscribers": [], "wiped": True, "statement": 0}
    ] * 2


def test_erased_while_their_message_is_under_way(ready: Newsroom, use_gateway: UseGateway) -> None:
    erased: list[int] = []

    def answer(message: Message) -> object:
        if not erased:
            erased.extend([1, 2, MEMBERS])
            erase_subscribers(ready.acting_as("sun"), erased, reason="本人要求")
        return accepted(message.reference)

    use_gateway(ObedientGateway(answer))  # type: ignore[arg-type]
    report = send_edition(ready, EDITION)
    assert (report.stage, report.ledger["accepted"]) == (
        "sent",
        MEMBERS,
    )  # all were claimed: they end as they were told
    assert len(rows(ready, EDITION)) == MEMBERS


def test_erased_after_planning_or_after_a_sender_died(ready: Newsroom, use_gateway: UseGateway) -> None:
    plan(ready, EDITION)
    claim(ready, EDITION, limit=5)  # and then the sender dies
    erase_subscribers(ready.acting_as("sun"), [1, 10, MEMBERS], reason="本人要求")
    gateway = use_gateway(ObedientGateway(lambda message: accepted(message.reference)))
    report = send_edition(ready, EDITION)
    assert report.stage == "sent"
    assert totals(ready, EDITION) == {"accepted": MEMBERS - 3, "cancelled": 3}
    assert len(gateway.messages) == MEMBERS - 3


def test_on_either_database(any_shell: CommandLine, any_newsroom: Newsroom, tmp_path: Path) -> None:
    any_shell.ask("subscribers", "import", a_subscriber_file(tmp_path, 3), by="li")
    words_on(any_newsroom, number_of(1))
    done = any_shell.ask("subscribers", "erase", number_of(1), *WHY, by="sun")
    assert done["subscribers"] == [2]
    assert len(any_shell.ask("subscribers", "list", "--status", "all", by="li")["subscribers"]) == 2
    assert any_shell.ask("audit", "verify", by="sun")["problems"] == []
