"""A sender killed at the worst moments: resumed, every member has the edition once, and the ledger says so."""

import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest

from newsletter.delivery.gateways.sandbox import SANDBOX_FILE
from newsletter.newsroom import Newsroom, open_newsroom
from tests.command_line import CommandLine
from tests.crash.dying import run_and_die
from tests.delivery.editions import add_members, an_approved_edition

MEMBERS = 7
SENDING = "newsletter.delivery.sending"
POINTS = [
    ("newsletter.workflow.gates:make_archive_copy", "before", 1),
    (f"{SENDING}:sign_edition", "after", 1),
    (f"{SENDING}:plan_sending", "after", 1),
    (f"{SENDING}:_begin", "after", 1),
    (f"{SENDING}:claim_rows", "after", 1),
    (f"{SENDING}:_Run._hand_over_all", "before", 1),
    ("newsletter.delivery.gateways.sandbox:SandboxGateway.send", "before", 4),
    (f"{SENDING}:record_outcomes", "before", 1),
    (f"{SENDING}:record_outcomes", "after", 1),
    (f"{SENDING}:_Run._record", "after", 1),
    ("newsletter.delivery.receipts:record_receipts", "before", 1),
    ("newsletter.delivery.receipts:record_receipts", "after", 1),
    (f"{SENDING}:take_receipts", "after", 1),
    ("newsletter.delivery.finishing:_publish_articles", "after", 1),
]


@pytest.fixture(scope="module")
def founded_approved(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Members, and an edition that waits for the issuer; copied, never changed."""
    root = tmp_path_factory.mktemp("approved") / "root"
    shutil.copytree(founded, root)
    newsroom = open_newsroom(root / "newsroom", environment={"NEWSLETTER_KEYS_DIR": str(root / "keys")})
    add_members(newsroom, MEMBERS)
    an_approved_edition(newsroom)
    newsroom.engine.dispose()
    return root


@pytest.fixture
def desk(founded_approved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """This test's own copy, at the command line."""
    for name in ("newsroom", "keys"):
        shutil.copytree(founded_approved / name, tmp_path / name)
    return CommandLine(tmp_path / "newsroom", capsys)


def handed_over(directory: Path) -> Counter[str]:
    """Number key → messages, by what the sandbox holds."""
    connection = sqlite3.connect(directory / SANDBOX_FILE)
    keys = [row[0] for row in connection.execute("SELECT number_key FROM message")]
    connection.close()
    return Counter(keys)


@pytest.mark.slow
@pytest.mark.parametrize(("target", "when", "call"), POINTS)
def test_a_killed_sending_resumes_where_it_stopped(desk: CommandLine, target: str, when: str, call: int) -> None:
    line = ("--newsroom", desk.directory, "--as", "zhao", "send", 1, "--yes")
    run_and_die(target, *line, when=when, call=call)
    sent = desk.ask("send", 1, "--yes", by="zhao")
    assert (sent["stage"], sent["ledger"]["delivered"]) == ("sent", MEMBERS)
    assert sum(sent["ledger"].values()) == MEMBERS
    assert list(handed_over(desk.directory).values()) == [1] * MEMBERS
    statements = desk.ask("status", 1, by="zhao")["statements"]
    assert [said["verb"] for said in statements] == ["submit", "approve", "sign"]


@pytest.mark.slow
def test_receipts_of_a_dead_sender_do_not_hide_what_it_left(desk: CommandLine) -> None:
    line = ("--newsroom", desk.directory, "--as", "zhao", "send", 1, "--yes")
    run_and_die("newsletter.delivery.gateways.sandbox:SandboxGateway.send", *line, call=4)
    assert desk.ask("sandbox", "receipts", by="zhao")["receipts"] == 3
    assert desk.ask("reconcile", 1, by="zhao")["ledger"]["queued"] == MEMBERS - 3
    assert desk.ask("send", 1, "--yes", by="zhao")["ledger"]["delivered"] == MEMBERS
    assert list(handed_over(desk.directory).values()) == [1] * MEMBERS


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize(("target", "when", "call"), POINTS[4:10])
def test_a_killed_sending_resumes_on_postgres(
    newsroom_directory_on_postgres: Path, capsys: pytest.CaptureFixture[str], target: str, when: str, call: int
) -> None:
    newsroom: Newsroom = open_newsroom(newsroom_directory_on_postgres)
    add_members(newsroom, MEMBERS)
    an_approved_edition(newsroom)
    newsroom.engine.dispose()
    desk = CommandLine(newsroom.directory, capsys)
    run_and_die(target, "--newsroom", desk.directory, "--as", "zhao", "send", 1, "--yes", when=when, call=call)
    assert desk.ask("send", 1, "--yes", by="zhao")["ledger"]["delivered"] == MEMBERS
    assert list(handed_over(desk.directory).values()) == [1] * MEMBERS
