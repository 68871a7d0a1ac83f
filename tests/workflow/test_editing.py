"""Two editors and one article: nobody overwrites anybody, and nobody waits longer than half an hour."""

import shlex
import stat
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from newsletter.articles.differences import Kind, Run
from newsletter.articles.locks import ArticleLockedError, lock_in_force
from newsletter.articles.manuscripts import Manuscript, read_manuscript
from newsletter.articles.records import list_revisions
from newsletter.commands.article_documents import paint
from newsletter.newsroom import Newsroom
from newsletter.organisation.staff import NoRightError, Staff
from newsletter.workflow.editing import (
    StaleRevisionError,
    begin_editing,
    edit_article,
    end_editing,
    unlock_article,
)
from tests.command_line import CommandLine
from tests.texts import BODY, an_article_file


def with_two_editors(shell: CommandLine, directory: Path) -> CommandLine:
    """One article; ``qian`` edits beside ``li``."""
    shell.ask("submit", an_article_file(directory), by="li")
    shell.ask("staff", "add", "qian", "--role", "editor", "--no-passphrase", by="sun")
    return shell


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    return with_two_editors(shell, tmp_path)


@pytest.fixture
def article(any_shell: CommandLine, any_newsroom: Newsroom, tmp_path: Path) -> Newsroom:
    """On either database, since the locks are rows."""
    with_two_editors(any_shell, tmp_path)
    return any_newsroom


def a_text(directory: Path, words: str) -> Manuscript:
    return read_manuscript(an_article_file(directory, body=f"{BODY}\n\n{words}", name=f"{words}.md"))


def later(newsroom: Newsroom, minutes: float) -> Newsroom:
    moment: datetime = newsroom.now() + timedelta(minutes=minutes)
    return replace(newsroom, clock=lambda: moment)


def holder_of(newsroom: Newsroom) -> str | None:
    with newsroom.reading() as session:
        lock = lock_in_force(session, 1, newsroom.now())
        return session.get_one(Staff, lock.staff_id).name if lock else None


def test_an_open_article_is_refused_to_others_with_who_and_until_when(article: Newsroom, tmp_path: Path) -> None:
    begin_editing(article.acting_as("li"), 1)
    until = f"{(article.now() + timedelta(minutes=30)).astimezone(article.timezone):%H:%M}"
    with pytest.raises(ArticleLockedError, match=f"Article 1 is open in the editor of li until {until}") as refusal:
        begin_editing(article.acting_as("qian"), 1)
    assert "newsletter edit 1 --unlock" in refusal.value.hint
    with pytest.raises(ArticleLockedError):
        edit_article(article.acting_as("qian"), 1, a_text(tmp_path, "抢先"))


def test_the_holder_may_open_it_again_and_others_once_it_is_free(article: Newsroom) -> None:
    begin_editing(article.acting_as("li"), 1)
    begin_editing(article.acting_as("li"), 1)
    assert holder_of(article) == "li"
    end_editing(article.acting_as("li"), 1)
    assert holder_of(article) is None
    begin_editing(article.acting_as("qian"), 1)
    assert holder_of(article) == "qian"


@pytest.mark.parametrize(("minutes", "is_free"), [(29.9, False), (30.1, True)])
def test_a_lock_runs_out_after_half_an_hour(article: Newsroom, minutes: float, is_free: bool) -> None:
    begin_editing(article.acting_as("li"), 1)
    somebody = later(article, minutes).acting_as("qian")
    if not is_free:
        with pytest.raises(ArticleLockedError):
            begin_editing(somebody, 1)
        return
    begin_editing(somebody, 1)
    end_editing(later(article, minutes).acting_as("li"), 1)
    with pytest.raises(ArticleLockedError, match="qian"):
        begin_editing(later(article, minutes).acting_as("li"), 1)


def test_whoever_saves_on_an_old_revision_is_refused(article: Newsroom, tmp_path: Path) -> None:
    begin_editing(article.acting_as("li"), 1)
    begin_editing(later(article, 31).acting_as("qian"), 1)
    edit_article(later(article, 32).acting_as("qian"), 1, a_text(tmp_path, "后来"), base=1)
    end_editing(later(article, 32).acting_as("qian"), 1)
    with pytest.raises(StaleRevisionError, match="edited meanwhile by qian: revision 2 is newer than 1") as refusal:
        edit_article(later(article, 33).acting_as("li"), 1, a_text(tmp_path, "先前"), base=1)
    assert "show 1 --diff --against 1" in refusal.value.hint


def test_only_the_holder_and_an_admin_free_it(article: Newsroom) -> None:
    begin_editing(article.acting_as("li"), 1)
    for stranger in ("qian", "wang"):
        with pytest.raises(NoRightError):
            unlock_article(article.acting_as(stranger), 1)
    holder = unlock_article(article.acting_as("sun"), 1)
    assert holder is not None
    assert holder.name == "li"
    begin_editing(article.acting_as("qian"), 1)
    assert unlock_article(article.acting_as("qian"), 1) is not None
    assert unlock_article(article.acting_as("qian"), 1) is None


def test_no_file_is_taken_on_another_revision_than_it_was_written_on(desk: CommandLine, tmp_path: Path) -> None:
    first, second = (an_article_file(tmp_path, body=f"{BODY}{n}", name=f"{n}.md") for n in "一二")
    assert desk.ask("edit", 1, "--file", first, "--base", 1, by="li")["revision"] == 2
    error = desk.ask("edit", 1, "--file", second, "--base", 1, by="qian", code=4)["error"]
    assert error["code"] == "stale_revision"
    assert desk.ask("edit", 1, "--file", second, "--base", 9, by="qian", code=3)["error"]["code"] == "unknown_article"
    assert desk.ask("edit", 1, "--file", second, "--base", 2, by="qian")["revision"] == 3
    assert desk.ask("edit", 1, "--base", 2, by="qian", code=2)["error"]["code"] == "bad_input"


def an_editor(directory: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Set EDITOR to a shell script that is handed the file as ``$1``."""
    path = directory / "editor.sh"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("EDITOR", str(path))
    monkeypatch.delenv("VISUAL", raising=False)


def typed(desk: CommandLine, *words: object) -> str:
    """A command line for the shell, of this very program in this very newsroom."""
    line = [sys.executable, "-m", "newsletter.cli", "--newsroom", str(desk.directory), *map(str, words)]
    return shlex.join(line)


@pytest.mark.slow
def test_an_open_editor_keeps_others_out_and_shows_who_is_at_it(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = an_article_file(tmp_path, body="别的话。", name="other.md")
    script = (
        f"{typed(desk, '--as', 'qian', 'edit', 1, '--file', other, '--json')} > {tmp_path}/answer\n"
        f"{typed(desk, '--as', 'wang', 'show', 1)} > {tmp_path}/shown\n"
        f"{typed(desk, '--as', 'qian', 'hold', 1, '--reason', '等')} 2> {tmp_path}/held\n"
        'echo 又及 >> "$1"'
    )
    an_editor(tmp_path, monkeypatch, script)
    assert desk.ask("edit", 1, by="li")["revision"] == 2
    assert '"article_locked"' in (tmp_path / "answer").read_text(encoding="utf-8")
    assert "Open in the editor of li until" in (tmp_path / "shown").read_text(encoding="utf-8")
    assert "open in the editor of li" in (tmp_path / "held").read_text(encoding="utf-8")
    assert desk.ask("show", 1, by="li")["lock"] is None, "saving frees it"


@pytest.mark.slow
def test_what_was_typed_is_kept_if_somebody_saved_meanwhile(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = an_article_file(tmp_path, body="别的话。", name="other.md")
    script = (
        f"{typed(desk, '--as', 'li', 'edit', 1, '--unlock')}\n"
        f"{typed(desk, '--as', 'qian', 'edit', 1, '--file', other)}\n"
        'echo 一小时的工作 >> "$1"'
    )
    an_editor(tmp_path, monkeypatch, script)
    error = desk.ask("edit", 1, by="li", code=4)["error"]
    assert error["code"] == "stale_revision"
    (kept,) = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert f"kept in {kept}" in error["hint"]
    assert "一小时的工作" in kept.read_text(encoding="utf-8")
    assert desk.ask("show", 1, by="li")["body"] == "别的话。"


@pytest.mark.parametrize(("script", "code"), [("exit 1", 5), ("true", 0), ('printf "" > "$1"', 2)])
def test_the_article_is_free_again_whatever_came_of_it(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: int
) -> None:
    an_editor(tmp_path, monkeypatch, script)
    desk.ask("edit", 1, by="li", code=code)
    shown = desk.ask("show", 1, by="qian")
    assert (shown["lock"], shown["revisions"]) == (None, 1)


def test_who_may_not_edit_is_told_before_the_editor_opens(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    an_editor(tmp_path, monkeypatch, f"touch {tmp_path}/opened")
    assert desk.ask("edit", 1, by="wang", code=4)["error"]["code"] == "no_right"
    desk.ask("decline", 1, "--reason", "过时", by="li")
    assert desk.ask("edit", 1, by="li", code=4)["error"]["code"] == "article_stage"
    assert not (tmp_path / "opened").exists()


def test_unlocking_says_whose_it_was(desk: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    begin_editing(newsroom.acting_as("li"), 1)
    assert desk.ask("edit", 1, "--unlock", by="sun") == {"article": 1, "unlocked": True, "holder": "li"}
    assert desk.ask("edit", 1, "--unlock", by="sun") == {"article": 1, "unlocked": False, "holder": None}
    assert "is open in no editor" in desk.type("edit", 1, "--unlock", by="li").out
    file = an_article_file(tmp_path, name="x.md")
    assert desk.ask("edit", 1, "--unlock", "--file", file, by="li", code=2)["error"]["code"] == "bad_input"
    assert desk.ask("show", 1, by="li")["revisions"] == 1


def test_an_article_given_back_is_the_contributors_when_it_is_sent_again(
    desk: CommandLine, newsroom: Newsroom, tmp_path: Path
) -> None:
    answer = desk.ask("give-back", 1, "--reason", "请补数字", by="li")
    assert answer == {"article": 1, "stage": "returned", "reason": "请补数字"}
    assert desk.ask("draft", 1, by="li", code=4)["error"]["code"] == "article_stage"
    again = an_article_file(tmp_path, body=BODY + "共三千六百米。", name="again.md")
    told = desk.type("edit", 1, "--file", again, by="li").out
    assert told == "Article 1 has revision 2, as its contributor sent it again.\n"
    desk.ask("edit", 1, "--file", an_article_file(tmp_path, body=BODY, name="desk.md"), by="li")
    with newsroom.reading() as session:
        revisions = list_revisions(session, [1])
        assert [revision.contributor_id is None for revision in revisions] == [False, False, True]
    assert desk.ask("show", 1, by="li")["stage"] == "editing"


@pytest.mark.parametrize("verb", ["hold", "decline", "withdraw", "give-back"])
def test_a_reason_is_a_line_and_no_longer(desk: CommandLine, verb: str) -> None:
    error = desk.ask(verb, 1, "--reason", "长" * 201, by="li", code=2)["error"]
    assert error["message"] == "The reason has 201 characters; at most 200 fit."
    assert desk.ask(verb, 1, "--reason", f" {'长' * 200} ", by="li")["reason"] == "长" * 200


def test_an_article_is_given_back_with_a_reason_and_from_the_desk_only(desk: CommandLine) -> None:
    desk.ask("give-back", 1, "--reason", " ", by="li", code=2)
    desk.ask("give-back", 1, "--reason", "电话 13912345678", by="li", code=2)
    desk.ask("give-back", 1, "--reason", "请补", by="wang", code=4)
    desk.ask("draft", 1, by="li")
    assert desk.ask("give-back", 1, "--reason", "请补", by="li", code=4)["error"]["code"] == "stands_in_edition"


def test_a_difference_can_be_asked_for_against_any_revision(desk: CommandLine, tmp_path: Path) -> None:
    for number, words in enumerate(("三段", "四段", "五段")):
        text = an_article_file(tmp_path, f"清淤{number}题", body=f"定下{words}河道。", name="n.md")
        desk.ask("edit", 1, "--file", text, by="li")
    shown = desk.ask("show", 1, "--diff", by="li")
    assert (shown["against"], shown["title_diff"], shown["diff"]) == (
        3,
        "清淤[-1-]{+2+}题",
        "定下[-四-]{+五+}段河道。",
    )
    shown = desk.ask("show", 1, "--against", 2, by="li")
    assert (shown["against"], shown["diff"]) == (2, "定下[-三-]{+五+}段河道。")
    assert "定下[-三-]{+五+}段河道。" in desk.type("show", 1, "--against", 2, by="li").out
    assert desk.ask("show", 1, "--revision", 2, "--against", 3, by="li")["diff"] == "定下[-四-]{+三+}段河道。"
    assert desk.ask("show", 1, "--against", 7, by="li", code=3)["error"]["code"] == "unknown_article"
    assert "diff" not in desk.ask("show", 1, by="li")


def test_colours_are_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [Run(Kind.SAME, "定下"), Run(Kind.GONE, "三"), Run(Kind.NEW, "四")]
    assert paint(runs) == "定下[-三-]{+四+}"
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert paint(runs) == "定下\x1b[31;9m三\x1b[0m\x1b[32;4m四\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert paint(runs) == "定下[-三-]{+四+}"
