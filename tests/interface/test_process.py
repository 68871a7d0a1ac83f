"""The installed program in a process of its own: pipes that close, disks that are full, names that are no text."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.texts import BODY

PROGRAM = [sys.executable, "-m", "newsletter.cli"]


def run(directory: Path, *words: object, **more: object) -> subprocess.CompletedProcess[bytes]:
    line = [*PROGRAM, "--newsroom", str(directory), "--as", "li", "--language", "en"]
    options: dict[str, object] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    encoded = [os.fsencode(word) if isinstance(word, Path) else str(word).encode() for word in words]
    return subprocess.run([*map(str.encode, line), *encoded], check=False, **options | more)  # type: ignore[call-overload, no-any-return]


def test_a_reader_who_goes_away_is_no_error_to_tell_of(newsroom_directory: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    result = run(newsroom_directory, "units", "list", stdout=write)
    os.close(write)
    assert (result.returncode, result.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("words", [("units", "list"), ("units", "list", "--json")], ids=" ".join)
def test_a_full_disk_under_the_output_is_outside_trouble(newsroom_directory: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        result = run(newsroom_directory, *words, stdout=full)
    assert result.returncode == 5
    assert result.stderr.startswith(b"Error: Cannot go on: No space left on device.\n")
    assert b"Traceback" not in result.stderr


def test_a_file_name_that_is_no_text_is_taken(newsroom_directory: Path, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + "/板凳会.txt".encode("gb18030")))
    path.write_text(f"标题\n{BODY}", encoding="utf-8")
    result = run(newsroom_directory, "submit", path, "--contributor", "陆小满", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["articles"][0]["article"] == 1


def test_a_terminal_that_speaks_no_chinese_gets_escapes(newsroom_directory: Path) -> None:
    result = run(newsroom_directory, "units", "list", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert result.returncode == 0, result.stderr
    assert b"\\u642c\\u7ecf\\u9547" in result.stdout


def test_an_interruption_is_one_line_and_changes_nothing(newsroom_directory: Path) -> None:
    line = [*PROGRAM, "--newsroom", str(newsroom_directory), "--as", "li", "--language", "en", "sms"]
    with subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, b"", b"Interrupted.\n")
