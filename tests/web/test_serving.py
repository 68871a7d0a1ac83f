"""``serve`` as a process of its own: it listens, answers, logs nobody's link, and ends when told to."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.newsroom import Newsroom
from tests.command_line import CommandLine


@contextmanager
def served(directory: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Serve a newsroom; its address, and the process."""
    program = "from newsletter.cli import run; run()"
    line = [sys.executable, "-c", program, "--newsroom", str(directory), "serve", "--port", "0", "--json"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        line, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", text=True
    )
    assert process.stdout is not None
    try:
        document = ""
        while not document.endswith("}\n"):
            document += process.stdout.readline() or pytest.fail("it ended")
        yield json.loads(document)["address"], process
    finally:
        process.kill()
        process.communicate()


def status_of(url: str, *, data: bytes | None = None) -> int:
    try:
        with urllib.request.urlopen(url, data=data, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.slow
def test_it_answers_logs_nobodys_link_and_ends(linked: Newsroom, tokens: list[str]) -> None:
    shutil.rmtree(linked.keys_directory / "staff")
    with served(linked.directory) as (address, process):
        assert status_of(f"{address}/healthz") == 200
        assert status_of(f"{address}/u/{tokens[0]}", data=b"reason=cost") == 200
        assert status_of(f"{address}/u/{'2' * 12}") == 404
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (out, err, process.returncode) == ("", "Interrupted.\n", 130)


def test_it_needs_the_data_key_and_nobodys_own(shell: CommandLine, newsroom: Newsroom) -> None:
    (newsroom.keys_directory / "data.key").unlink()
    assert shell.ask("serve", "--port", 0, code=5)["error"]["code"] == "missing_key"


def test_a_port_in_use_is_said_so(shell: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = shell.type("serve", "--port", taken.getsockname()[1], code=5).err
    assert "Cannot listen on 127.0.0.1" in said
    assert "public_base_url is not set" in said
    assert "Staff keys lie in the same place" in said
