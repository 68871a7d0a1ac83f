"""What is kept of a manuscript beside its text: whose it is, who released it, where it was taken from, its pictures."""

from pathlib import Path
from typing import Any

import docx
import pytest
from sqlmodel import select

from newsletter.articles.bylines import bylines_of
from newsletter.articles.models import Article, Picture, Revision
from newsletter.articles.reprints import is_reprint
from newsletter.database import open_engine, sqlite_url, writing
from newsletter.migrations.running import migration_configuration
from newsletter.newsroom import Newsroom
from tests.articles.documents import a_document, a_picture, save
from tests.command_line import CommandLine
from tests.texts import an_article_file

JOINT = "---\ntitle: 题目在此\ncontributors: [顾春禾, 陆小满, 顾春禾]\ncleared: 丁主任\n---\n正文。\n"


def submitted(shell: CommandLine, *words: object) -> dict[str, Any]:
    answer = shell.ask("submit", *words, by="li")["articles"]
    assert len(answer) == 1
    shown: dict[str, Any] = shell.ask("show", answer[0]["article"], by="li")
    return shown


def test_a_joint_byline_is_kept_in_order_and_the_first_owns_it(any_shell: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(JOINT, encoding="utf-8")
    shown = submitted(any_shell, tmp_path / "a.md")
    assert (shown["contributor"], shown["contributors"]) == ("顾春禾", ["顾春禾", "陆小满"])
    assert (shown["unit"], shown["cleared_by"]) == ("nyj", "丁主任")


def test_contributors_named_at_submission_win(shell: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(JOINT, encoding="utf-8")
    one = submitted(shell, tmp_path / "a.md", "--contributor", "陆小满")
    assert (one["contributors"], one["unit"]) == (["陆小满"], "banjing")
    two = submitted(shell, tmp_path / "a.md", "--contributor", "陆小满", "--contributor", "顾春禾")
    assert two["contributors"] == ["陆小满", "顾春禾"]
    assert "陆小满, 顾春禾" in shell.type("articles", by="li").out


def test_a_text_that_is_in_already_is_told_and_taken_all_the_same(any_shell: CommandLine, tmp_path: Path) -> None:
    first, again = an_article_file(tmp_path, name="a.md"), an_article_file(tmp_path, name="b.md")
    answer = any_shell.ask("submit", first, again, an_article_file(tmp_path, "另一篇"), by="li")["articles"]
    assert [one["same_as"] for one in answer] == [None, 1, None]
    told = any_shell.type("submit", again, by="li")
    assert "Article 4 says the same as article 1." in told.err
    theirs = any_shell.ask("submit", again, "--contributor", "顾春禾", by="li")["articles"]
    assert theirs[0]["same_as"] is None, "the same text from somebody else is for the originality check to judge"


def test_an_unknown_second_name_stops_the_whole_call(shell: CommandLine, tmp_path: Path) -> None:
    words = ("submit", an_article_file(tmp_path), "--contributor", "陆小满", "--contributor", "无此人")
    assert "无此人" in shell.ask(*words, by="li", code=3)["error"]["message"]
    assert shell.ask("articles", by="li")["articles"] == []


def test_articles_of_before_have_a_byline_of_one(tmp_path: Path) -> None:
    """The migration is run on a database that stands where it stood before, with two articles in it."""
    from alembic import command
    from sqlalchemy import text

    engine = open_engine(sqlite_url(tmp_path / "old.db"))
    configuration = migration_configuration()
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "0002")
        connection.execute(text("INSERT INTO unit (id, code, name, kind) VALUES (1, 'root', '如皋', 'organisation')"))
        connection.execute(text("INSERT INTO contributor (id, name, unit_id) VALUES (4, '甲', 1), (5, '乙', 1)"))
        connection.execute(
            text(
                "INSERT INTO article (id, contributor_id, unit_id, stage, revision, created_at, reason)"
                " VALUES (1, 5, 1, 'editing', 1, 0, ''), (2, 4, 1, 'editing', 1, 0, '')"
            )
        )
        command.upgrade(configuration, "head")
    with writing(engine) as session:
        assert bylines_of(session, [1, 2, 3]) == {1: [5], 2: [4], 3: []}
        assert session.get_one(Article, 1).cleared_by is None
    engine.dispose()


def test_who_released_it_is_kept_and_its_absence_warned_of(shell: CommandLine, tmp_path: Path) -> None:
    plain = an_article_file(tmp_path)
    answer = shell.type("submit", plain, by="li")
    assert "Article 1: it is not said who in the unit released it (--cleared-by NAME)." in answer.err
    answer = shell.type("submit", an_article_file(tmp_path, "另一篇"), "--cleared-by", " 丁主任 ", by="li")
    assert answer.err == ""
    assert [row["cleared_by"] for row in shell.ask("articles", by="li")["articles"]] == ["丁主任", None]
    assert "Released by 丁主任" in shell.type("show", 2, by="li").out


@pytest.mark.parametrize("name", ["名" * 81, "丁主任 13912345678"])
def test_a_name_that_is_none_is_refused(shell: CommandLine, tmp_path: Path, name: str) -> None:
    shell.ask("submit", an_article_file(tmp_path), "--cleared-by", name, by="li", code=2)


def test_a_reprint_says_so(shell: CommandLine, tmp_path: Path) -> None:
    shown = submitted(shell, an_article_file(tmp_path), "--source", " 新华社 ")
    assert (shown["source"], shown["reprint"]) == ("新华社", True)
    assert "Reprint from 新华社" in shell.type("show", 1, by="li").out
    assert not submitted(shell, an_article_file(tmp_path))["reprint"]


@pytest.mark.parametrize(
    ("source", "expected"), [("", False), (" ", False), ("本报", False), ("本报讯", False), ("如皋日报", True)]
)
def test_what_a_reprint_is(source: str, expected: bool) -> None:
    revision = Revision(article_id=1, number=1, title="题", body="文", format="plain", source=source)  # type: ignore[call-arg]
    assert is_reprint(revision) is expected


def test_a_word_document_comes_in_with_its_pictures(
    any_shell: CommandLine, any_newsroom: Newsroom, tmp_path: Path
) -> None:
    document = docx.Document()
    document.add_heading("秋种进度", 1)
    document.add_paragraph("全镇已播").add_run("三万亩").bold = True
    pictures = [a_picture("red"), a_picture("green", "JPEG"), a_picture("red")]
    for picture in pictures:
        document.add_picture(picture)
    shown = submitted(any_shell, save(document, tmp_path), "--contributor", "陆小满")
    assert (shown["title"], shown["body"]) == ("秋种进度", "全镇已播**三万亩**")
    with any_newsroom.reading() as session:
        kept = {picture.sha256: picture.data for picture in session.exec(select(Picture))}
        assert len(kept) == 2
        assert [kept[sha256] for sha256 in shown["pictures"]] == [picture.getvalue() for picture in pictures]
    assert any_shell.ask("draft", 1, by="li")["findings"] != []


def test_a_document_without_pictures_leaves_the_former_ones(shell: CommandLine, tmp_path: Path) -> None:
    document = a_document("秋种进度", "第一稿。")
    document.add_picture(a_picture("red"))
    first = submitted(shell, save(document, tmp_path), "--contributor", "陆小满")
    shell.ask("edit", 1, "--file", save(a_document("秋种进度", "第二稿。"), tmp_path), by="li")
    second = shell.ask("show", 1, by="li")
    assert (second["body"], second["pictures"]) == ("第二稿。", first["pictures"])


@pytest.mark.parametrize("kind", ["GIF", "BMP"])
def test_a_picture_no_printer_takes_is_refused_by_its_number(shell: CommandLine, tmp_path: Path, kind: str) -> None:
    document = a_document("题", "文")
    document.add_picture(a_picture("red"))
    document.add_picture(a_picture("red", kind))
    words = ("submit", save(document, tmp_path), "--contributor", "陆小满")
    error = shell.ask(*words, by="li", code=2)["error"]
    assert error["code"] == "picture"
    assert "picture 2 in it is not a JPEG or PNG" in error["message"]
    assert shell.ask("articles", by="li")["articles"] == []
