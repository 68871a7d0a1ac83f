"""Every command works in a process of its own, where nothing another command loaded helps it along."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine
from tests.texts import a_subscriber_file, an_article_file, number_of

#: A day's commands, in order, as (who, words, exit code): those whose rooms differ.
DAY: tuple[tuple[str, tuple[str, ...], int], ...] = (
    ("sun", ("units", "add", "shizhuang", "石庄镇", "--kind", "town", "--region", "320682110"), 0),
    ("sun", ("staff", "add", "he", "--role", "editor"), 0),
    ("li", ("subscribers", "import", "MEMBERS"), 0),
    ("li", ("subscribers", "coverage"), 0),
    ("li", ("audience", "save", "全镇", "--unit", "banjing"), 0),
    ("li", ("submit", "ARTICLE"), 0),
    ("li", ("show", "1"), 0),
    ("li", ("draft", "1", "--audience", "全镇", "--submit"), 0),
    ("wang", ("approve", "1"), 0),
    ("zhao", ("send", "1", "--yes"), 0),
    ("zhao", ("optout", number_of(1), "--reason", "太多", "--source", "phone"), 0),
    ("zhao", ("sandbox", "reply", number_of(2), "退订"), 0),
    ("zhao", ("reconcile", "1"), 0),
    ("zhao", ("replies", "list"), 0),
    ("sun", ("keys", "status"), 0),
    ("chen", ("stats", "growth"), 0),
    ("li", ("preview", "1"), 0),
    ("li", ("status", "1"), 0),
    ("chen", ("stats", "unsubscribes", "--by", "unit"), 0),
    ("li", ("doctor",), 0),
    ("li", ("sms", "中文"), 0),
)


@pytest.mark.slow
def test_every_command_works_in_a_process_of_its_own(newsroom_directory: Path, tmp_path: Path) -> None:
    files = {"MEMBERS": str(a_subscriber_file(tmp_path)), "ARTICLE": str(an_article_file(tmp_path))}
    answers: list[Any] = []
    for who, words, code in DAY:
        line = [sys.executable, "-m", "newsletter.cli", "--newsroom", str(newsroom_directory), "--as", who]
        typed = [files.get(word, word) for word in words]
        done = subprocess.run([*line, *typed, "--json"], capture_output=True, text=True, check=False, env=os.environ)
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        answers.append(json.loads(done.stdout))
    unsubscribed = next(found for answer in answers if "unsubscribed" in (found := answer.get("total", {})))
    assert unsubscribed["unsubscribed"] == 2


def test_a_key_that_is_not_here_lets_nobody_act(shell: CommandLine, tmp_path: Path) -> None:
    (key,) = (tmp_path / "keys").glob("*/staff/zhao.key")
    key.rename(tmp_path / "zhao.key")
    answer = shell.ask("optout", number_of(1), "--reason", "太多", by="zhao", code=5)
    assert answer["error"]["code"] == "missing_key"
    assert shell.ask("articles", by="zhao") == {"articles": []}, "looking needs no key"
