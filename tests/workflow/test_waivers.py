"""Waivers: who may accept a finding as it stands, which, and that nothing but the journal says so."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from newsletter.editions.findings import edition_findings
from newsletter.editions.records import get_edition
from newsletter.journal.chain import read_journal
from newsletter.journal.statements import JournalBrokenError, Statement, Verb
from newsletter.newsroom import Newsroom, open_newsroom
from newsletter.organisation.staff import Grant, get_staff
from tests.acceptance.furnished import copy_of, furnish
from tests.command_line import CommandLine
from tests.texts import an_article_file

TERMS = "用语,应为,类别,级别,说明\n父母官,,leader,禁用,封建色彩\n内部传阅,,secrecy,禁用,\n涉及到,涉及,grammar,提醒,\n"
BODY = "老人说：“他是咱们的父母官。”会上涉及到清淤的事。"
SECRET = "这份材料内部传阅，请勿外传。"
EMOJI = "今天丰收😀。"


@pytest.fixture(scope="module")
def furnished(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Editions 1 to 3, one article each: what is wrong is waived, is secret, cannot be printed."""
    root = tmp_path_factory.mktemp("waivers")
    lines: list[tuple[str, Sequence[object]]] = []
    for number, body in enumerate((BODY, SECRET, EMOJI), start=1):
        lines += [("li", ("submit", an_article_file(root, f"第{number}篇稿件", body=body))), ("li", ("draft", number))]
    return furnish(founded, root / "furnished", lines)


@pytest.fixture
def desk(furnished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """A copy of it, with the house's list of wordings."""
    directory = copy_of(furnished, tmp_path)
    (directory / "terms.csv").write_text(TERMS, encoding="utf-8")
    return CommandLine(directory, capsys)


@pytest.fixture
def newsroom(desk: CommandLine) -> Iterator[Newsroom]:
    opened = open_newsroom(desk.directory, actor="sun")
    yield opened
    opened.engine.dispose()


def look(desk: CommandLine, edition: int = 1) -> dict[str, Any]:
    document: dict[str, Any] = desk.ask("draft", "--edition", edition, by="li")
    return document


def of_check(document: dict[str, Any], check: str = "terms", code: str = "leader") -> dict[str, Any]:
    (found,) = (one for one in document["findings"] if (one["check"], one["code"]) == (check, code))
    return dict(found)


def test_a_waived_finding_no_longer_blocks_and_says_who_waived_it(desk: CommandLine) -> None:
    edition = look(desk)
    key = of_check(edition)["key"]
    refused = desk.ask("draft", "--edition", 1, "--submit", by="li", code=4)
    assert refused["error"]["code"] == "blocked"
    answer = desk.ask("waive", 1, key, "--reason", "老人原话", by="li")
    assert (answer["edition"], answer["stage"], answer["digest"]) == (1, "drafted", edition["digest"])
    assert answer["finding"] == of_check(edition) | {"waived": {"by": "li", "reason": "老人原话"}}
    submitted = desk.ask("draft", "--edition", 1, "--submit", by="li")
    assert submitted["stage"] == "submitted"
    assert of_check(submitted)["waived"] == {"by": "li", "reason": "老人原话"}
    assert of_check(submitted, code="grammar")["waived"] is None


def test_a_waiver_is_a_signed_word_in_the_journal(desk: CommandLine, newsroom: Newsroom) -> None:
    key = of_check(look(desk))["key"]
    desk.ask("waive", 1, key, "--reason", "老人原话", by="wang")
    with newsroom.reading() as session:
        word = read_journal(session, newsroom)[-1]
    assert (word.verb, word.subject, word.person, word.role) == (Verb.WAIVE, "edition:1", "wang", "reviewer")
    said = {name: word.details[name] for name in ("finding", "check", "code", "quote", "reason")}
    quote = hashlib.sha256("父母官".encode()).hexdigest()
    assert said == {"finding": key, "check": "terms", "code": "leader", "quote": quote, "reason": "老人原话"}


def test_no_word_of_a_secret_reaches_the_journal(desk: CommandLine, newsroom: Newsroom, tmp_path: Path) -> None:
    finding = of_check(look(desk, 2), code="secrecy")
    assert finding["quote"] == "内部传阅"
    desk.ask("waive", 2, finding["key"], "--reason", "已公开", by="wang")
    with newsroom.reading() as session:
        assert "传阅" not in "".join(session.exec(select(Statement.body)))
    desk.ask("audit", "export", tmp_path / "journal.jsonl", by="sun")
    assert "传阅" not in (tmp_path / "journal.jsonl").read_text(encoding="utf-8")


def test_findings_are_printed_with_key_article_and_waiver(desk: CommandLine) -> None:
    key = of_check(look(desk))["key"]
    line = f"  [leader] {key} article 1: 父母官 must not be used. 封建色彩"
    printed = desk.type("draft", "--edition", 1, by="li").out
    assert f"{line} (keeps it from review)\n" in printed
    waived = desk.type("waive", 1, key.upper(), "--reason", "老人原话", by="li").out
    assert waived == f"{line} (waived by li: 老人原话)\n"
    assert "→ 涉及\n" in printed


def test_a_waiver_survives_edits_elsewhere_but_not_of_its_sentence(desk: CommandLine, tmp_path: Path) -> None:
    key = of_check(look(desk))["key"]
    desk.ask("waive", 1, key, "--reason", "老人原话", by="li")
    desk.ask("edit", 1, "--file", an_article_file(tmp_path, "第1篇稿件", body=f"先写一段。\n\n{BODY}"), by="li")
    assert of_check(desk.ask("draft", "--edition", 1, 1, by="li"))["waived"]
    changed = BODY.replace("他是咱们的", "他真是一位")
    desk.ask("edit", 1, "--file", an_article_file(tmp_path, "第1篇稿件", body=changed), by="li")
    assert of_check(desk.ask("draft", "--edition", 1, 1, by="li"))["waived"] is None


def test_a_waiver_counts_in_its_own_edition_only(desk: CommandLine) -> None:
    key = of_check(look(desk))["key"]
    desk.ask("waive", 1, key, "--reason", "老人原话", by="li")
    assert of_check(desk.ask("draft", 1, by="li"))["waived"] is None


def test_what_cannot_be_printed_cannot_be_waived(desk: CommandLine) -> None:
    edition = look(desk, 3)
    refused = desk.ask("waive", 3, of_check(edition, "glyphs", "style")["key"], "--reason", "好看", by="wang", code=4)
    assert refused["error"]["code"] == "not_waivable"
    assert desk.ask("waive", 3, "empty_audience", "--reason", "以后再导入", by="wang", code=4)["error"]["hint"]


def test_an_unknown_key_is_not_found(desk: CommandLine) -> None:
    assert desk.ask("waive", 1, "deadbeef", "--reason", "无", by="li", code=3)["error"]["code"] == "unknown_finding"
    assert desk.ask("waive", 9, "deadbeef", "--reason", "无", by="li", code=3)["error"]["code"] == "unknown_edition"


@pytest.mark.parametrize("reason", ["  ", "电话 13912345678 核实过"])
def test_a_reason_is_words(desk: CommandLine, reason: str) -> None:
    key = of_check(look(desk))["key"]
    desk.ask("waive", 1, key, "--reason", reason, by="li", code=2)


def test_only_editors_and_reviewers_waive_and_only_once(desk: CommandLine) -> None:
    key = of_check(look(desk))["key"]
    for person in ("zhao", "ma", "sun"):
        assert desk.ask("waive", 1, key, "--reason", "老人原话", by=person, code=4)["error"]["code"] == "no_right"
    desk.ask("waive", 1, key, "--reason", "老人原话", by="li")
    again = desk.ask("waive", 1, key, "--reason", "老人原话", by="wang", code=4)
    assert "li" in again["error"]["message"]


def test_a_secret_takes_a_reviewer_who_did_not_compose_the_edition(desk: CommandLine) -> None:
    key = of_check(look(desk, 2), code="secrecy")["key"]
    assert desk.ask("waive", 2, key, "--reason", "已公开", by="li", code=4)["error"]["code"] == "no_right"
    desk.ask("staff", "grant", "li", "--role", "reviewer", by="sun")
    refused = desk.ask("waive", 2, key, "--reason", "已公开", by="li", code=4)
    assert refused["error"]["code"] == "not_waivable"
    assert desk.ask("waive", 2, key, "--reason", "已公开", by="wang")["finding"]["waived"]["by"] == "wang"


def test_an_edition_that_is_signed_takes_no_more_waivers(desk: CommandLine) -> None:
    key = of_check(look(desk), code="grammar")["key"]
    desk.ask("waive", 1, of_check(look(desk))["key"], "--reason", "老人原话", by="li")
    desk.ask("draft", "--edition", 1, "--submit", by="li")
    desk.ask("approve", 1, by="wang")
    desk.ask("sign", 1, by="zhao")
    assert desk.ask("waive", 1, key, "--reason", "原话", by="li", code=4)["error"]["code"] == "not_waivable"


def test_a_waiver_is_no_review_what_changed_before_it_is_shown_all_the_same(desk: CommandLine, tmp_path: Path) -> None:
    desk.ask("waive", 1, of_check(look(desk))["key"], "--reason", "原话", by="li")
    desk.ask("draft", "--edition", 1, "--submit", by="li")
    desk.ask("return", 1, "--reason", "再核实", by="wang")
    desk.ask("edit", 1, "--file", an_article_file(tmp_path, "第1篇稿件", body=f"{BODY}\n\n又及。"), by="li")
    again = desk.ask("draft", "--edition", 1, 1, "--submit", by="li")
    desk.ask("waive", 1, of_check(again, code="grammar")["key"], "--reason", "原话", by="wang")
    answer = desk.ask("approve", 1, by="wang")
    assert answer["changes"] == {"added": [], "revised": [1], "dropped": []}
    assert "{+" in answer["differences"][0]["body"]


def test_who_only_waived_has_not_reviewed(desk: CommandLine) -> None:
    desk.ask("waive", 1, of_check(look(desk))["key"], "--reason", "原话", by="wang")
    desk.ask("draft", "--edition", 1, "--submit", by="li")
    assert desk.ask("approve", 1, by="wang")["changes"] is None


def test_a_blocked_draft_says_what_is_in_the_way_where_it_is_kept_and_how_to_go_on(
    desk: CommandLine, tmp_path: Path
) -> None:
    desk.ask("submit", an_article_file(tmp_path, "新稿", body=BODY), by="li")
    error = desk.ask("draft", 4, "--submit", by="li", code=4)["error"]
    key = of_check(look(desk, 4))["key"]
    assert error["message"].startswith(f"Edition 4 cannot be submitted (1 in the way): article 4, finding {key}: ")
    assert error["hint"] == (
        "Edition 4 is kept. Mend it: newsletter edit 4, then newsletter draft --edition 4 4 --submit; "
        f"or, if it is right as it stands: newsletter waive 4 {key} --reason REASON, "
        "then newsletter draft --edition 4 --submit"
    )
    desk.ask("waive", 4, key, "--reason", "原话", by="li")
    assert desk.ask("draft", "--edition", 4, "--submit", by="li")["stage"] == "submitted"
    assert len(desk.ask("editions", by="li")["editions"]) == 4


def test_nobody_is_told_to_waive_what_cannot_be_waived(desk: CommandLine) -> None:
    error = desk.ask("draft", "--edition", 3, "--submit", by="li", code=4)["error"]
    assert "newsletter edit 3" in error["hint"]
    assert "waive" not in error["hint"]


def test_a_role_slipped_into_the_tables_makes_no_waiver(desk: CommandLine, newsroom: Newsroom) -> None:
    key = of_check(look(desk))["key"]
    with newsroom.writing() as session:
        real = session.exec(select(Grant)).first()
        assert real
        session.add(
            Grant(
                staff_id=get_staff(session, "ma").id or 0,
                role="reviewer",
                unit_id=real.unit_id,
                granted_at=real.granted_at,
                statement_id=real.statement_id,
            )
        )
        session.commit()
    refused = desk.ask("waive", 1, key, "--reason", "无妨", by="ma", code=4)
    assert refused["error"]["code"] == "role_lost"
    assert of_check(look(desk))["waived"] is None


def test_an_altered_waiver_breaks_the_journal(desk: CommandLine, newsroom: Newsroom) -> None:
    key = of_check(look(desk))["key"]
    desk.ask("waive", 1, key, "--reason", "老人原话", by="li")
    with newsroom.reading() as session:
        statement = session.exec(select(Statement).where(Statement.subject == "edition:1")).one()
        statement.body = statement.body.replace("老人原话", "青天")
        with session.no_autoflush, pytest.raises(JournalBrokenError):
            edition_findings(session, newsroom, get_edition(session, 1))
