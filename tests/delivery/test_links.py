"""Links to leave by: one place that differs between recipients, everything else as it was signed; whose is whose."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col, select

from newsletter.capabilities import Capabilities, opt_out_hint
from newsletter.delivery import sending
from newsletter.delivery.gateways.sandbox import open_sandbox
from newsletter.delivery.links import find_link, write_tokens
from newsletter.delivery.models import LinkToken
from newsletter.delivery.sending import send_edition
from newsletter.delivery.signed_texts import signed_texts
from newsletter.editions.link_marks import PLACEHOLDER, find_mark
from newsletter.editions.models import Edition, Piece, PieceName
from newsletter.editions.records import lock_edition
from newsletter.editions.sms_parts import split_sms
from newsletter.errors import OutsideError
from newsletter.keys import LINK_ALPHABET, LINK_TOKEN_LENGTH, DataKeys
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.workflow.approval import ChangedSinceError
from newsletter.workflow.gates import verify_approval
from tests.command_line import CommandLine
from tests.delivery.editions import number_keys
from tests.delivery.gateways import ObedientGateway, accepted, is_down
from tests.delivery.ledgers import totals
from tests.web.newsrooms import BASE_URL, EDITION, MEMBERS, found_linked

UseGateway = Callable[[ObedientGateway], ObedientGateway]
KEYS = DataKeys("0" * 16, {1: bytes(32)})


@pytest.fixture(scope="module")
def founded_linked(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return found_linked(founded, tmp_path_factory.mktemp("linked") / "root")


@pytest.fixture
def newsroom_directory(founded_linked: Path, tmp_path: Path) -> Path:
    for name in ("newsroom", "keys"):
        shutil.copytree(founded_linked / name, tmp_path / name)
    return tmp_path / "newsroom"


@pytest.fixture
def linked(newsroom_directory: Path) -> Iterator[Newsroom]:
    opened = open_newsroom(newsroom_directory, actor="zhao")
    yield opened
    opened.engine.dispose()


def stored_text(newsroom: Newsroom, name: PieceName = PieceName.SMS) -> str:
    with newsroom.reading() as session:
        return session.get_one(Piece, (EDITION, name)).data.decode()


def tokens(newsroom: Newsroom) -> dict[str, str]:
    """Number key → token, as they are written down."""
    with newsroom.reading() as session:
        return {row.number_key: row.token for row in session.exec(select(LinkToken))}


def test_the_text_ends_with_a_link_that_holds_a_placeholder(linked: Newsroom) -> None:
    assert stored_text(linked).endswith(f"\n拒收请回复R或点 {BASE_URL}/u/{PLACEHOLDER}")


def test_the_manifest_marks_the_place(linked: Newsroom) -> None:
    with linked.reading() as session:
        manifest = json.loads(session.get_one(Edition, EDITION).manifest)
    offset = len(stored_text(linked)) - LINK_TOKEN_LENGTH
    assert manifest["link_token"] == {"piece": "sms", "offset": offset, "length": 12, "placeholder": PLACEHOLDER}


def test_everybody_gets_what_was_signed_but_for_their_token(linked: Newsroom, use_gateway: UseGateway) -> None:
    gateway = use_gateway(ObedientGateway())
    report = send_edition(linked, EDITION)
    text, written = stored_text(linked), tokens(linked)
    assert len(written) == len(set(written.values())) == MEMBERS
    for message in gateway.messages:
        token = written[message.number_key]
        assert message.text == text.removesuffix(PLACEHOLDER) + token
        assert (message.token, message.token_at) == (token, len(text) - 12)
        assert len(split_sms(message.text).parts) * MEMBERS == report.parts


def test_whose_link_is_whose_is_known_before_anything_leaves(linked: Newsroom, use_gateway: UseGateway) -> None:
    gateway = use_gateway(ObedientGateway(is_down))
    with pytest.raises(OutsideError):
        send_edition(linked, EDITION)
    assert totals(linked, EDITION) == {"unknown": MEMBERS}
    before = tokens(linked)
    assert before.keys() == set(number_keys(linked))
    gateway.answer = lambda message: accepted(message.reference)
    send_edition(linked, EDITION)
    assert tokens(linked) == before, "whatever was handed over twice carries the same link"


def test_only_claimed_rows_have_tokens(
    linked: Newsroom, use_gateway: UseGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "claim_limit", lambda *_: 5)
    use_gateway(ObedientGateway(is_down))
    with pytest.raises(OutsideError):
        send_edition(linked, EDITION)
    assert len(tokens(linked)) == 5


def test_a_token_that_is_taken_lets_nobody_leave_for_another(
    linked: Newsroom, use_gateway: UseGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once in many million editions two are the same: the second is not sent, lest it strike off the first."""
    first, second = number_keys(linked)[:2]
    derive = DataKeys.link_token

    def collide(keys: DataKeys, edition_id: int, number_key: str) -> str:
        return derive(keys, edition_id, first if number_key == second else number_key)

    monkeypatch.setattr(DataKeys, "link_token", collide)
    use_gateway(ObedientGateway())
    with linked.writing() as session:
        write_tokens(session, linked.data_keys, EDITION, [first])
        session.commit()
    report = send_edition(linked, EDITION)
    assert (report.ledger["accepted"], report.ledger["failed"]) == (MEMBERS - 1, 1)
    assert second not in tokens(linked)


def test_links_switched_off_after_signing_still_lead_somewhere(
    linked: Newsroom, newsroom_directory: Path, use_gateway: UseGateway
) -> None:
    path = newsroom_directory / "newsletter.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("opt_out_link = true", ""), encoding="utf-8")
    gateway = use_gateway(ObedientGateway())
    send_edition(open_newsroom(newsroom_directory, actor="zhao"), EDITION)
    assert not any(PLACEHOLDER in message.text for message in gateway.messages)


@pytest.mark.parametrize(
    "change",
    [
        {"offset": 0},
        {"offset": -12},
        {"offset": 40},
        {"length": 5},
        {"length": 0, "placeholder": ""},
        {"placeholder": "手机报"},
    ],
    ids=str,
)
def test_a_mark_where_no_placeholder_stands_is_refused(linked: Newsroom, change: dict[str, Any]) -> None:
    with linked.writing() as session:
        edition = lock_edition(session, EDITION)
        manifest = verify_approval(session, linked, edition)
        assert signed_texts(session, edition, manifest)["sms"].mark is not None
        manifest["link_token"] |= change
        with pytest.raises(ChangedSinceError, match="not where it was"):
            signed_texts(session, edition, manifest)


_TEXT = "CAST(data AS TEXT)"
_LINK = f"'{BASE_URL}/u/{PLACEHOLDER}'"
_ELSEWHERE = f"'https://evil.example/u/{PLACEHOLDER}'"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE piece SET data = CAST({_LINK} || {_TEXT} AS BLOB) WHERE name = 'sms'",
        f"UPDATE piece SET data = CAST({_TEXT} || {_LINK} AS BLOB) WHERE name = 'sms'",
        f"UPDATE piece SET data = CAST(replace({_TEXT}, {_LINK}, {_ELSEWHERE}) AS BLOB) WHERE name = 'sms'",
        f"UPDATE piece SET data = CAST(replace({_TEXT}, '{PLACEHOLDER}', 'abcdefghjkmn') AS BLOB) WHERE name = 'sms'",
        "UPDATE piece SET data = CAST(CAST(data AS TEXT) || '改' AS BLOB) WHERE name = 'sms-full'",
        "UPDATE piece SET data = (SELECT data FROM piece WHERE name = 'sms') WHERE name = 'sms-full'",
        "DELETE FROM piece WHERE name = 'sms-full'",
        "UPDATE piece SET name = 'sms-x' WHERE name = 'sms-full'",
    ],
)
def test_a_link_that_was_moved_or_altered_does_not_leave(
    shell: CommandLine, newsroom_directory: Path, statement: str
) -> None:
    """Behind the program's back, the row's own hash included: the manifest is made anew from the bytes."""
    connection = sqlite3.connect(newsroom_directory / "newsletter.db")
    with connection:
        connection.create_function("sha", 1, lambda data: __import__("hashlib").sha256(data).hexdigest())
        connection.execute(statement)
        connection.execute("UPDATE piece SET sha256 = sha(data)")
    connection.close()
    assert shell.ask("send", 1, "--yes", by="zhao", code=4)["error"]["code"] == "changed_since_approval"
    told = shell.ask("audit", "verify", by="sun", code=4)
    assert "changed_since_approval" in json.dumps(told)
    assert "piece sms" in json.dumps(told)
    assert shell.ask("sandbox", "messages", by="zhao") == {"messages": []}


def test_a_manifest_altered_beside_the_edition_is_told_of(shell: CommandLine, newsroom_directory: Path) -> None:
    connection = sqlite3.connect(newsroom_directory / "newsletter.db")
    with connection:
        connection.execute("""UPDATE edition SET manifest = replace(manifest, '"offset":', '"offset":1')""")
    connection.close()
    assert "copy_differs" in json.dumps(shell.ask("audit", "verify", by="sun", code=4))


def test_the_sandbox_keeps_the_common_text_once_and_shows_each_as_sent(linked: Newsroom) -> None:
    send_edition(linked, EDITION)
    gateway = open_sandbox(linked)
    shown = {key: text for key, _number, _edition, text, _at in gateway.messages(EDITION)}
    gateway.close()
    text = stored_text(linked).removesuffix(PLACEHOLDER)
    assert shown == {key: text + token for key, token in tokens(linked).items()}
    connection = sqlite3.connect(linked.directory / "sandbox.db")
    assert connection.execute("SELECT count(*) FROM body").fetchone() == (1,)
    connection.close()


def test_a_sandbox_of_an_earlier_version_is_taken_on(linked: Newsroom) -> None:
    connection = sqlite3.connect(linked.directory / "sandbox.db")
    with connection:
        connection.executescript("""
            CREATE TABLE body (id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, text TEXT NOT NULL);
            CREATE TABLE message (id INTEGER PRIMARY KEY, reference TEXT NOT NULL, edition INTEGER NOT NULL,
                number_key TEXT NOT NULL, number TEXT NOT NULL, body_id INTEGER NOT NULL, at INTEGER NOT NULL,
                state TEXT NOT NULL, code TEXT NOT NULL);
            INSERT INTO body VALUES (1, '', '【如皋手机报】旧报');
            INSERT INTO message VALUES (1, '9-1-1', 9, 'k', '139****0001', 1, 0, 'delivered', '');
        """)
    connection.close()
    gateway = open_sandbox(linked)
    assert [text for _key, _number, _edition, text, _at in gateway.messages(9)] == ["【如皋手机报】旧报"]
    gateway.close()


def test_the_link_of_every_recipient_leads_to_them_and_no_other(linked: Newsroom, use_gateway: UseGateway) -> None:
    use_gateway(ObedientGateway())
    send_edition(linked, EDITION)
    with linked.reading() as session:
        for number_key, token in tokens(linked).items():
            found = find_link(session, linked.data_keys, token)
            assert found is not None
            assert (found.edition_id, found.number_key) == (EDITION, number_key)
        assert find_link(session, linked.data_keys, "") is None


def test_tokens_of_an_edition_taken_back_are_written_for_nobody(linked: Newsroom) -> None:
    with linked.writing() as session:
        assert write_tokens(session, linked.data_keys, EDITION, []) == {}
        assert session.exec(select(LinkToken).order_by(col(LinkToken.token))).all() == []


@given(edition=st.integers(1, 2**31 - 1), number_key=st.text("0123456789abcdef", min_size=32, max_size=32))
def test_a_token_is_twelve_plain_characters_and_always_the_same(edition: int, number_key: str) -> None:
    token = KEYS.link_token(edition, number_key)
    assert len(token) == LINK_TOKEN_LENGTH
    assert set(token) <= set(LINK_ALPHABET)
    assert token == DataKeys(KEYS.newsroom, {**KEYS.secrets, 2: bytes([1]) * 32}).link_token(edition, number_key)
    assert token != KEYS.link_token(edition + 1, number_key)
    assert token != DataKeys("1" * 16, KEYS.secrets).link_token(edition, number_key)


def test_the_letters_of_tokens_are_not_taken_for_one_another() -> None:
    assert len(LINK_ALPHABET) == len(set(LINK_ALPHABET)) == 31
    assert not set(LINK_ALPHABET) & set("01oil" + "ABCXYZ-_")


@given(text=st.text("拒收请点 /ux\nhtps:.2", max_size=60))
def test_only_a_link_at_the_very_end_is_marked(text: str) -> None:
    marked = find_mark(text)
    assert (marked is not None) is text.endswith(f"/u/{PLACEHOLDER}")
    ended = find_mark(f"{text}/u/{PLACEHOLDER}")
    assert ended is not None
    assert ended.stands_in(f"{text}/u/{PLACEHOLDER}")
    assert ended.put(f"{text}/u/{PLACEHOLDER}", "23456789abcd") == f"{text}/u/23456789abcd"


@pytest.mark.parametrize(
    ("inbound", "urls", "telephone", "expected"),
    [
        (True, True, "", "拒收请回复R或点 L"),
        (True, False, "0513", "拒收请回复R"),
        (False, True, "", "退订请点 L"),
        (False, True, "0513", "退订请电0513或点 L"),
        (False, False, "0513", "退订请电0513"),
        (False, False, "", ""),
    ],
)
def test_readers_are_told_of_the_ways_the_gateway_can_honour(
    monkeypatch: pytest.MonkeyPatch, inbound: bool, urls: bool, telephone: str, expected: str
) -> None:
    can = Capabilities(has_sms=True, has_mms=False, has_inbound=inbound, allows_urls=urls, max_units=1600, max_parts=24)
    monkeypatch.setattr("newsletter.capabilities.capabilities_of", lambda _gateway: can)
    assert opt_out_hint("any", telephone, "L") == expected
