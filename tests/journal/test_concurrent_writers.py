"""Several processes write at once: the chain never forks, and no number is lost."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from newsletter.journal.chain import read_journal
from newsletter.journal.heads import read_head
from newsletter.newsroom import Newsroom

EACH = 12
PEOPLE = ("li", "wang", "zhao")


@pytest.mark.slow
def test_processes_that_append_at_once_make_one_chain(any_newsroom: Newsroom) -> None:
    with any_newsroom.reading() as session:
        before = len(read_journal(session, any_newsroom))
    command = [sys.executable, "-m", "tests.journal.appending", str(any_newsroom.directory)]
    root = Path(__file__).parents[2]
    writers = [
        subprocess.Popen(
            [*command, person, str(EACH)], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for person in PEOPLE
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    times = []
    for writer in writers:
        times.append(tuple(map(float, writer.communicate(timeout=60)[0].split())))
        assert writer.returncode == 0
    assert max(begun for begun, _ended in times) < min(ended for _begun, ended in times), "they did not write at once"
    with any_newsroom.reading() as session:
        words = read_journal(session, any_newsroom)
    assert [word.place for word in words] == list(range(1, before + EACH * len(PEOPLE) + 1))
    assert Counter(word.person for word in words[before:]) == dict.fromkeys(PEOPLE, EACH)
    head = read_head(any_newsroom.keys_directory)
    assert head is not None
    assert (head.place, head.hash) == (words[-1].place, words[-1].hash)
