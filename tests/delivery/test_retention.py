"""What is kept no longer: who left, what was handled, whose a delivery was; and no figure is another for it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from newsletter.delivery import retention
from newsletter.delivery.models import Delivery, LinkToken, Reply
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.subscribers.event_records import EventKind, MemberEvent
from newsletter.subscribers.models import Subscriber
from tests.acceptance.furnished import copy_of, furnish
from tests.clocks import Clock
from tests.command_line import CommandLine, settings_changed
from tests.crash.dying import run_and_die
from tests.delivery.conftest import EDITION, MEMBERS
from tests.delivery.editions import a_signed_edition, add_members
from tests.texts import number_of

TABLE = "[retention]\nleft_days = 365\nreplies_days = 90\ndeliveries_days = 183"
STATISTICS = (
    ("stats", "unsubscribes", "--by", "edition", "--format", "json"),
    ("stats", "unsubscribes", "--by", "unit", "--by", "month", "--format", "json"),
    ("stats", "delivery"),
    ("status", EDITION),
)


@pytest.fixture(scope="module")
def sent_once(founded_ready: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition sent; two left by reply, one moved away, one reply was handled and one waits."""
    said = ((1, "T"), (2, "退订"), (3, "别再发给我老婆了"), (4, "别再发给我了吧"))
    replies = [("zhao", ("sandbox", "reply", number_of(member), text)) for member, text in said]
    lines = [("zhao", ("send", EDITION, "--yes")), *replies, ("zhao", ("reconcile", EDITION))]
    root = furnish(
        founded_ready, tmp_path_factory.mktemp("sent"), [*lines, ("li", ("subscribers", "update", 6, "--left"))]
    )
    newsroom = open_newsroom(root / "newsroom", environment={"NEWSLETTER_KEYS_DIR": str(root / "keys")})
    with newsroom.writing() as session:
        handled = session.exec(select(Reply).order_by(col(Reply.id))).first()
        assert handled is not None
        handled.verdict, handled.handled_at, handled.handled_by = "none", newsroom.now(), 1
        session.add_all([handled, LinkToken(token="abcdefghjkmn", edition_id=EDITION, number_key="x")])
        session.commit()
    newsroom.engine.dispose()
    return root


@pytest.fixture
def sent(sent_once: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """This test's own copy of it."""
    return CommandLine(copy_of(sent_once, tmp_path), capsys)


@pytest.fixture
def ready(sent: CommandLine) -> Iterator[Newsroom]:
    """The same, opened."""
    opened = open_newsroom(sent.directory, actor="zhao")
    yield opened
    opened.engine.dispose()


def due(shell: CommandLine, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = shell.ask("retention", *words, by="sun")
    return found


def counts(found: dict[str, Any]) -> tuple[int, int, int]:
    return found["people"], found["replies"], found["deliveries"]


def test_without_settings_everything_is_kept(sent: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch).move(days=4000)
    assert counts(due(sent, "--yes")) == (0, 0, 0)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(1, (0, 0, 0)), (91, (0, 1, 0)), (184, (0, 1, MEMBERS)), (366, (1, 1, MEMBERS))],
)
def test_each_thing_is_due_in_its_time(
    sent: CommandLine, monkeypatch: pytest.MonkeyPatch, days: int, expected: tuple[int, int, int]
) -> None:
    Clock(monkeypatch).move(days=days)
    with settings_changed(sent.directory, TABLE):
        assert counts(due(sent, "--dry-run")) == expected
        assert counts(due(sent, "--yes")) == expected
        assert counts(due(sent, "--yes")) == (0, 0, 0)


def test_no_figure_changes(sent: CommandLine, ready: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch).move(days=390)
    before = [sent.ask(*words, by="chen") for words in STATISTICS]
    messages = len(sent.ask("sandbox", "messages", by="zhao")["messages"])
    with ready.reading() as session:
        keys = {row.number_key for row in session.exec(select(Delivery))}
    with settings_changed(sent.directory, TABLE):
        done = due(sent, "--yes")
    assert done["wiped"] is True
    assert [sent.ask(*words, by="chen") for words in STATISTICS] == before
    assert len(sent.ask("sandbox", "messages", by="zhao")["messages"]) == messages
    with ready.reading() as session:
        rows = list(session.exec(select(Delivery)))
        assert not keys & {row.number_key for row in rows}
        assert all(row.subscriber_id < 0 and not row.message_id for row in rows)
        assert len({row.number_key for row in rows}) == MEMBERS
        assert not session.exec(select(LinkToken)).all()
        assert len(session.exec(select(Reply)).all()) == 1
        last = session.exec(select(MemberEvent).where(MemberEvent.subscriber_id == 6)).all()[-1]
        assert (last.kind, last.source) == (EventKind.ERASED, "retention")
        assert session.get(Subscriber, 6) is None
    (word,) = [word for word in sent.ask("audit", "show", by="sun")["statements"] if word["verb"] == "purge"]
    assert (word["details"]["people"], word["details"]["deliveries"]) == (1, MEMBERS)
    assert sent.ask("audit", "verify", by="sun")["problems"] == []


def test_nothing_of_the_gateways_own_record_says_whose_it_was(
    sent: CommandLine, ready: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).move(days=390)
    key = ready.data_keys.number_key("+86" + number_of(5))
    with settings_changed(sent.directory, TABLE):
        due(sent, "--yes")
    assert {found["number_key"] for found in sent.ask("sandbox", "messages", by="zhao")["messages"]} == {""}
    assert key.encode() not in b"".join(path.read_bytes() for path in sent.directory.glob("sandbox.db*"))


def test_somebody_who_came_back_is_kept(sent: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    clock.move(days=360)
    sent.ask("subscribers", "update", 6, "--back", by="li")
    clock.move(days=20)
    with settings_changed(sent.directory, TABLE):
        assert due(sent, "--dry-run")["people"] == 0
        sent.ask("subscribers", "update", 6, "--left", by="li")
        clock.move(days=300)
        assert due(sent, "--dry-run")["people"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("target", ["_erase_page", "anonymise_page", "_tidy_sandbox", "rewrite"])
def test_killed_half_way_it_goes_on(sent: CommandLine, ready: Newsroom, target: str) -> None:
    with ready.writing() as session:  # as if all of it were long ago
        session.connection().exec_driver_sql("UPDATE dispatch SET finished_at = 1")
        session.connection().exec_driver_sql("UPDATE reply SET handled_at = 1 WHERE handled_at > 0")
        session.commit()
    path = sent.directory / "newsletter.toml"
    path.write_text(f"{path.read_text('utf-8')}\n{TABLE}\n", "utf-8")
    words = ("--newsroom", sent.directory, "--as", "sun", "retention", "--yes")
    place = f"newsletter.delivery.retention:{target}"
    run_and_die(place, *words)
    done = due(sent, "--yes")
    assert done["deliveries"] in (0, MEMBERS)
    assert counts(due(sent, "--yes")) == (0, 0, 0)
    with ready.reading() as session:
        assert len(session.exec(select(Delivery)).all()) == MEMBERS
        assert all(row.subscriber_id < 0 for row in session.exec(select(Delivery)))


def test_rows_page_by_page_stay_apart(sent: CommandLine, ready: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsletter.delivery import anonymising

    monkeypatch.setattr(anonymising, "PAGE_ROWS", 5)
    moment = ready.now() + timedelta(days=1)
    with ready.reading() as session:
        assert anonymising.old_editions(session, moment) == [EDITION]
    assert retention._page_by_page(ready, retention._anonymising(EDITION), lambda _count: None) == MEMBERS
    with ready.reading() as session:
        assert sorted(row.subscriber_id for row in session.exec(select(Delivery))) == list(range(-MEMBERS, 0))


def test_only_an_admin_of_the_whole_newsroom_may(sent: CommandLine) -> None:
    assert sent.ask("retention", "--yes", by="zhao", code=4)["error"]["code"] == "no_right"


@pytest.mark.slow
def test_on_either_database(any_newsroom: Newsroom, any_shell: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    add_members(any_newsroom, 3)
    edition = a_signed_edition(any_newsroom)
    any_shell.ask("send", edition, "--yes", by="zhao")
    any_shell.ask("subscribers", "update", 2, "--left", by="li")
    own = any_newsroom.directory.parent / "own.json"
    any_shell.ask("subscribers", "export", "--id", 2, "--purpose", "本人查阅", "--out", own, "--yes", by="sun")
    Clock(monkeypatch).move(days=390)
    with settings_changed(any_shell.directory, TABLE):
        assert counts(due(any_shell, "--yes")) == (1, 0, 3)
        assert counts(due(any_shell, "--yes")) == (0, 0, 0)
    assert any_shell.ask("status", edition, by="zhao")["ledger"]["delivered"] == 3
    assert any_shell.ask("audit", "verify", by="sun")["problems"] == []
