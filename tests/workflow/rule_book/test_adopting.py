"""A new rule book comes into force by an admin's signed word, for editions begun after it."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from newsletter.editions.models import Edition
from newsletter.editions.rule_books import manifest_lines
from newsletter.journal.canonical import sha256_text
from newsletter.journal.chain import read_journal
from newsletter.journal.statements import Verb
from newsletter.newsroom import Newsroom
from newsletter.workflow.rule_book.adopting import RuleBookAlteredError, read_version
from newsletter.workflow.rule_book.reading import default_text
from tests.command_line import CommandLine
from tests.texts import an_article_file


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "规则.toml"
    path.write_text(default_text().replace("after = 40", "after = 50", 1), encoding="utf-8")
    return path


def test_the_shipped_one_is_in_force_from_the_first_day(shell: CommandLine) -> None:
    found = shell.ask("penalties", "rules", by="chen")
    assert (found["version"], found["adopted_by"], found["rules"]["errors"]["typo"]["after"]) == (1, None, 0.5)
    assert found["digest"] == sha256_text(default_text())


def test_the_template_can_be_adopted_once_it_is_changed(
    any_shell: CommandLine, any_newsroom: Newsroom, tmp_path: Path
) -> None:
    book = tmp_path / "规则.toml"
    template = any_shell.ask("penalties", "rules", "--template", by="li")["template"]
    book.write_text(template, encoding="utf-8")
    refused = any_shell.ask("penalties", "rules", "--adopt", book, by="sun", code=4)["error"]
    assert refused["message"] == f"{book} is what is in force: version 1."

    book.write_text(template.replace("after = 40", "after = 50", 1), encoding="utf-8")
    adopted = any_shell.ask("penalties", "rules", "--adopt", book, by="sun")

    assert (adopted["version"], adopted["adopted_by"]) == (2, "sun")
    assert any_shell.ask("penalties", "rules", by="chen")["rules"]["errors"]["orientation"]["after"] == 50
    with any_newsroom.reading() as session:
        word = read_journal(session, any_newsroom)[-1]
    assert (word.verb, word.subject, word.digest) == (Verb.ADOPT, "rule-book:2", adopted["digest"])
    with pytest.raises(DBAPIError, match="append-only"), any_newsroom.engine.begin() as connection:
        connection.execute(text("UPDATE rule_book SET text = 'x'"))


def test_only_an_admin_adopts(shell: CommandLine, book: Path) -> None:
    assert "li may not do this" in shell.ask("penalties", "rules", "--adopt", book, by="li", code=4)["error"]["message"]
    assert shell.ask("penalties", "rules", by="li")["version"] == 1


def test_a_wrong_line_changes_nothing(shell: CommandLine, book: Path) -> None:
    book.write_text(book.read_text(encoding="utf-8").replace("limit = 3", "limit = 3;", 1), encoding="utf-8")
    error = shell.type("penalties", "rules", "--adopt", book, by="sun", code=2).err.splitlines()
    line = book.read_text(encoding="utf-8")[: book.read_text(encoding="utf-8").index("limit = 3;")].count("\n") + 1
    assert error[0].startswith(f"Error: {book}, line {line}: not valid TOML")
    assert shell.ask("penalties", "rules", by="li")["version"] == 1
    missing = shell.ask("penalties", "rules", "--adopt", book.parent / "没有.toml", by="sun", code=2)["error"]
    assert missing["message"].startswith("There is no file")
    both = shell.ask("penalties", "rules", "--adopt", book, "--template", by="sun", code=2)["error"]
    assert both["message"] == "Give --template or --adopt, not both."


def test_an_edition_keeps_the_rule_book_it_was_begun_under(
    shell: CommandLine, newsroom: Newsroom, book: Path, tmp_path: Path
) -> None:
    shell.ask("submit", an_article_file(tmp_path), an_article_file(tmp_path, "河道清淤"), by="li")
    shell.ask("draft", 1, by="li")
    adopted = shell.ask("penalties", "rules", "--adopt", book, by="sun")
    shell.ask("draft", 2, by="li")
    shell.ask("draft", "--edition", 1, "--submit", by="li")
    with newsroom.reading() as session:
        old, new = (json.loads(session.get_one(Edition, number).manifest) for number in (1, 2))
    assert old["rule_book"] == 1
    assert "rule_book_digest" not in old
    assert (new["rule_book"], new["rule_book_digest"]) == (2, adopted["digest"])


def test_a_meddled_rule_book_is_not_read(newsroom: Newsroom, shell: CommandLine, book: Path) -> None:
    shell.ask("penalties", "rules", "--adopt", book, by="sun")
    with newsroom.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER rule_book_refuse_update"))
        connection.execute(text("UPDATE rule_book SET text = text || '#'"))
    with newsroom.reading() as session:
        with pytest.raises(RuleBookAlteredError, match="Version 2"):
            read_version(session)
        assert manifest_lines(session, 2)["rule_book_digest"] == sha256_text(book.read_text(encoding="utf-8") + "#")
