"""Errors from the first glance to the last appeal, by command line."""

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.command_line import CommandLine
from tests.texts import an_article_file


@pytest.fixture
def desk(shell: CommandLine) -> CommandLine:
    return shell


def record(desk: CommandLine, code: str, quote: str, *options: object, by: str = "ma", article: int = 1) -> Any:
    words = ("penalties", "record", "--edition", 1, "--article", article, "--code", code, "--quote", quote)
    return desk.ask(*words, *options, by=by)


def refused(desk: CommandLine, *words: object, by: str, code: int = 4) -> str:
    error = desk.ask("penalties", *words, by=by, code=code)["error"]
    return str(error["message"])


def points(recorded: Any) -> dict[str, float]:
    return {entry["person"]["name"]: entry["points"] for entry in recorded["entries"]}


def listed(desk: CommandLine, *options: object, by: str = "sun") -> Any:
    return desk.ask("penalties", "list", *options, by=by)


def total_of(desk: CommandLine, name: str) -> float:
    totals = listed(desk)["totals"]
    return next((float(one["points"]) for one in totals if one["by"] == "person" and one["name"] == name), 0.0)


def test_what_a_reviewer_finds_is_on_record_and_costs_nothing(desk: CommandLine) -> None:
    desk.ask("draft", 3, "--submit", by="li")
    fault = ("--error", "typo", "--article", 3, "--quote", "今冬清淤")
    desk.ask("return", 2, "--reason", "有错字", *fault, by="wang")
    found = listed(desk)
    assert found["entries"] == []
    [kept] = found["records"]
    assert (kept["found"], kept["found_by"], kept["introduced_by"]["name"]) == ("before", "wang", "顾春禾")
    assert (kept["points"], kept["gates"]) == (0, {})


def test_a_fault_that_is_not_printed_leaves_the_edition_where_it_is(desk: CommandLine) -> None:
    desk.ask("draft", 3, "--submit", by="li")
    fault = ("--error", "typo", "--article", 3, "--quote", "没有这句")
    words = ("return", 2, "--reason", "有错字", *fault)
    assert desk.ask(*words, by="wang", code=4)["error"]["code"] == "quote_not_there"
    assert desk.ask("status", 2, by="wang")["stage"] == "submitted"
    assert listed(desk)["records"] == []


def test_a_contributor_s_slip_is_charged_to_them_and_to_the_gates(desk: CommandLine) -> None:
    found = record(desk, "place", "三段何道", "--note", "应为河道")
    assert points(found) == {"陆小满": 8, "li": 4, "wang": 4, "zhao": 4}
    assert (found["found"], found["method"], found["note"]) == ("after", "computed", "应为河道")
    assert found["gates"] == {"submit": "li", "approve": "wang", "sign": "zhao"}
    assert {entry["person"]["name"]: entry["unit"] for entry in found["entries"]} == {
        "陆小满": "banjing", "li": "root", "wang": "root", "zhao": "root",
    }  # fmt: skip


def test_an_editor_s_slip_costs_the_contributor_nothing(desk: CommandLine) -> None:
    assert points(record(desk, "leader", "王建囯")) == {"li": 15, "wang": 7.5, "zhao": 7.5}


def test_a_title_doubles_and_a_report_of_their_own_halves_what_they_pay(desk: CommandLine) -> None:
    assert points(record(desk, "typo", "座坛会")) == {"陆小满": 1, "li": 0.5, "wang": 0.5, "zhao": 0.5}
    own = record(desk, "data", "十一月十六日", "--self-report", by="li")
    assert own["self_reported"]["name"] == "li"
    assert points(own) == {"陆小满": 20, "li": 5, "wang": 10, "zhao": 10}


def test_nobody_reports_as_their_own_what_others_did(desk: CommandLine) -> None:
    words = ("record", "--edition", 1, "--article", 1, "--code", "leader", "--quote", "王建囯", "--self-report")
    assert refused(desk, *words, by="ma") == "ma had no hand in this error: it cannot be reported as theirs."
    message = "陆小满 had no hand in this error: it cannot be reported as theirs."
    assert refused(desk, *words, "--for", "陆小满", by="li") == message
    assert listed(desk)["records"] == []


def test_an_editor_of_their_unit_reports_for_a_contributor_who_alone_pays_half(desk: CommandLine) -> None:
    for name, unit in (("qian", "banjing"), ("zhou", "baipu")):
        desk.ask("staff", "add", name, "--role", "editor", "--unit", unit, by="sun")
    words = ("record", "--edition", 1, "--article", 1, "--code", "place", "--quote", "三段何道", "--for", "陆小满")
    assert "goes with --self-report" in refused(desk, *words, by="li", code=2)
    for who in ("ma", "chen", "zhou", "wang"):
        assert f"{who} may not do this" in refused(desk, *words, "--self-report", by=who)
    found = desk.ask("penalties", *words, "--self-report", by="qian")
    assert found["self_reported"]["name"] == "陆小满"
    assert points(found) == {"陆小满": 4, "li": 4, "wang": 4, "zhao": 4}
    assert points(record(desk, "data", "十一月十六日", "--self-report", "--for", "陆小满", by="li")) == {
        "陆小满": 10, "li": 10, "wang": 10, "zhao": 10,
    }  # fmt: skip
    assert desk.ask("penalties", "recompute", by="chen")["entries"] == 8


def test_each_place_of_the_same_words_is_recorded_once(desk: CommandLine) -> None:
    first, second = record(desk, "place", "板橙会"), record(desk, "place", "板橙会")
    assert first["position"] < second["position"]
    words = ("record", "--edition", 1, "--article", 1, "--code", "place", "--quote", "板橙会")
    assert refused(desk, *words, by="ma") == f"“板橙会” in article 1 is recorded already: record {second['record']}."


def test_words_that_are_not_printed_are_no_error(desk: CommandLine, tmp_path: Path) -> None:
    words = ("record", "--edition", 1, "--article", 1, "--code", "typo")
    message = "“板凳会” does not stand in article 1, revision 2."
    assert refused(desk, *words, "--quote", "板凳会", by="ma") == message
    assert "Quote 1 to 200 characters" in refused(desk, *words, "--quote", " ", by="ma", code=2)
    assert "tpyo is no kind of error" in refused(
        desk, "record", "--edition", 1, "--article", 1, "--code", "tpyo", "--quote", "板橙会", by="ma", code=2
    )
    assert refused(
        desk, "record", "--edition", 1, "--article", 3, "--code", "typo", "--quote", "板", by="ma", code=3
    ) == ("Article 3 does not stand in edition 1.")
    assert "say in which edition" in refused(
        desk, "record", "--article", 1, "--code", "typo", "--quote", "板橙会", by="ma", code=2
    )
    assert "must not hold a telephone" in refused(
        desk, *words, "--quote", "板橙会", "--note", "问 13900000001", by="ma", code=2
    )
    assert listed(desk)["records"] == []


def test_an_article_in_no_edition_yet_can_have_its_errors_recorded(desk: CommandLine) -> None:
    words = ("penalties", "record", "--article", 3, "--code", "typo", "--quote", "板凳会")
    found = desk.ask(*words, by="li")
    assert (found["edition"], found["found"], found["entries"]) == (None, "before", [])


def test_somebody_else_is_named_only_with_a_reason_and_by_somebody_else(desk: CommandLine) -> None:
    words = ("record", "--edition", 1, "--article", 1, "--code", "leader", "--quote", "王建囯")
    assert "the reason is empty" in refused(desk, *words, "--introduced-by", "陆小满", by="ma", code=2)
    assert "not who introduced" in refused(desk, *words, "--because", "电话口述", by="ma", code=2)
    assert "named 没有" in refused(desk, *words, "--introduced-by", "没有", "--because", "口述", by="ma", code=3)
    mine = ("--introduced-by", "陆小满", "--because", "电话里这样说的")
    assert refused(desk, *words, *mine, by="li") == (
        "By the revisions li introduced this error and cannot name somebody else."
    )
    found = record(desk, "leader", "王建囯", *mine)
    assert (found["method"], found["because"]) == ("overridden", "电话里这样说的")
    assert points(found) == {"陆小满": 15, "li": 7.5, "wang": 7.5, "zhao": 7.5}


def test_who_suggested_the_words_answers_for_them(desk: CommandLine) -> None:
    desk.ask("draft", 3, "--submit", by="li")
    desk.ask("return", 2, "--reason", "改一处", "--suggest", "今冬清淤", "今冬清于", by="wang")
    desk.ask("accept", 2, by="li")
    desk.ask("draft", "--edition", 2, "--submit", by="li")
    desk.ask("approve", 2, by="wang")
    desk.ask("send", 2, "--yes", by="zhao")
    words = ("penalties", "record", "--edition", 2, "--article", 3, "--code", "place", "--quote", "清于")
    found = desk.ask(*words, by="ma")
    assert found["introduced_by"]["name"] == "wang"
    assert points(found) == {"wang": 8, "li": 4, "zhao": 4}


def test_an_appeal_is_judged_by_somebody_outside_and_booked_back(desk: CommandLine) -> None:
    record(desk, "typo", "座坛会")
    number = record(desk, "leader", "王建囯", by="chen")["record"]
    assert total_of(desk, "li") == 15.5
    appeal = ("appeal", number, "--reason", "原件如此")
    assert refused(desk, "reverse", number, "--reason", "x", by="sun") == f"Nobody appealed against record {number}."
    assert refused(desk, *appeal, by="chen") == (
        f"Record {number} does not name chen, so chen cannot appeal against it."
    )
    assert "does not name 陆小满" in refused(desk, *appeal, "--for", "陆小满", by="li")
    desk.ask("penalties", *appeal, by="li")
    assert refused(desk, *appeal, by="wang") == f"There was an appeal against record {number} already."
    assert [one["record"] for one in listed(desk, "--open")["records"]] == [number]

    reverse = ("reverse", number, "--reason", "核实无误")
    assert refused(desk, *reverse, by="chen") == f"chen found the error of record {number} and cannot judge the appeal."
    assert (
        refused(desk, *reverse, by="wang") == f"wang let the error of record {number} pass and cannot judge the appeal."
    )
    assert "needs the role" in refused(desk, *reverse, by="ma")
    desk.ask("staff", "grant", "li", "--role", "reviewer", by="sun")
    assert refused(desk, *reverse, by="li") == f"li introduced the error of record {number} and cannot judge it."
    assert "the reason is empty" in refused(desk, "reverse", number, "--reason", " ", by="sun", code=2)
    assert total_of(desk, "li") == 15.5
    assert desk.ask("penalties", *reverse, by="sun") == {
        "record": number, "verdict": "reversed", "reason": "核实无误", "points": -30,
    }  # fmt: skip

    assert total_of(desk, "li") == 0.5
    found = listed(desk)
    assert [entry["points"] for entry in found["entries"] if entry["reversal_of"]] == [-15, -7.5, -7.5]
    assert refused(desk, *reverse, by="sun") == f"The appeal against record {number} was judged already: reversed."
    assert "was judged already" in refused(desk, "uphold", number, "--reason", "x", by="sun")
    assert desk.ask("penalties", "recompute", by="chen")["entries"] == 10


def test_an_appeal_for_a_contributor_may_be_dismissed(desk: CommandLine) -> None:
    number = record(desk, "place", "三段何道")["record"]
    desk.ask("penalties", "appeal", number, "--reason", "排版所致", "--for", "陆小满", by="chen")
    assert refused(desk, "uphold", number, "--reason", "x", by="chen") == (
        f"chen made the appeal against record {number} and cannot judge it."
    )
    assert desk.ask("penalties", "uphold", number, "--reason", "原稿即错", by="sun")["points"] == 0
    [kept] = listed(desk)["records"]
    assert (kept["ruling"]["verdict"], kept["waits_for"], total_of(desk, "陆小满")) == ("upheld", None, 8)


def test_a_grave_error_waits_for_an_issuer(desk: CommandLine) -> None:
    number = record(desk, "orientation", "三段何道")["record"]
    assert [one["waits_for"] for one in listed(desk, "--open")["records"]] == ["decision"]
    assert desk.ask("status", by="zhao")["errors_to_decide"] == [number]
    assert desk.ask("status", by="wang")["errors_to_decide"] == []
    assert f"Error record {number} waits for your decision" in desk.type("status", by="zhao").out
    decide = ("decide", number, "--no-retraction", "--reason", "已当面说明")
    assert "needs the role issuer" in refused(desk, *decide, by="wang")
    assert "Say what is decided" in refused(desk, "decide", number, "--reason", "x", by="zhao", code=2)
    desk.ask("penalties", *decide, by="zhao")
    assert listed(desk, "--open")["records"] == []
    assert refused(desk, *decide, by="zhao") == f"Record {number} waits for no decision."
    other = record(desk, "typo", "座坛会")["record"]
    assert refused(desk, "decide", other, "--no-retraction", "--reason", "x", by="zhao").endswith(
        "waits for no decision."
    )


def test_a_retraction_settles_a_grave_error(desk: CommandLine) -> None:
    record(desk, "orientation", "三段何道")
    words = ("correct", 1, "--kind", "retraction", "--article", 1, "--text", "该稿有误,现予撤回。", "--yes")
    made = desk.ask(*words, by="li")["edition"]
    assert listed(desk, "--open")["records"]
    desk.ask("approve", made, by="wang")
    desk.ask("sign", made, by="zhao")
    assert listed(desk, "--open")["records"] == []


def test_what_may_not_be_published_stops_the_edition_and_is_not_repeated(desk: CommandLine, tmp_path: Path) -> None:
    desk.ask("draft", 3, "--submit", by="li")
    desk.ask("approve", 2, by="wang")
    words = ("penalties", "record", "--edition", 2, "--article", 3, "--code", "secrecy", "--quote", "三段河道")
    found = desk.ask(*words, by="ma")
    assert (found["quote"], found["entries"]) == (None, [])
    for command, by in (("sign", "zhao"), ("send", "zhao")):
        answer = desk.ask(command, 2, *(["--yes"] if command == "send" else []), by=by, code=4)
        assert answer["error"]["code"] == "secret", command
    desk.ask("return", 2, "--reason", "有不宜公开的内容", by="wang")
    assert desk.ask("draft", "--edition", 2, "--submit", by="li", code=4)["error"]["code"] == "secret"
    mended = an_article_file(tmp_path, "秋粮入库", contributor="顾春禾", body="会后就定下了。", name="mended.md")
    desk.ask("edit", 3, "--file", mended, by="li")
    assert desk.ask("draft", 3, "--edition", 2, "--submit", by="li")["stage"] == "submitted"


def test_lists_are_by_person_unit_and_period(desk: CommandLine) -> None:
    record(desk, "place", "三段何道")
    record(desk, "leader", "王建囯")
    everything = listed(desk)
    assert {(one["by"], one["name"]): one["points"] for one in everything["totals"] if one["by"] != "month"} == {
        ("person", "陆小满"): 8, ("person", "li"): 19, ("person", "wang"): 11.5, ("person", "zhao"): 11.5,
        ("unit", "搬经镇"): 8, ("unit", "如皋党员手机报"): 42,
    }  # fmt: skip
    assert {entry["person"]["name"] for entry in listed(desk, "--person", "陆小满")["entries"]} == {"陆小满"}
    assert [one["record"] for one in listed(desk, "--unit", "banjing")["records"]] == [1]
    assert listed(desk, "--period", "2020Q4") == {"records": [], "entries": [], "totals": []}
    assert "is not a period" in refused(desk, "list", "--period", "2026Q5", by="sun", code=2)
    assert "named 没有" in refused(desk, "list", "--person", "没有", by="sun", code=3)


def test_a_town_sees_its_own_people_and_no_others(desk: CommandLine) -> None:
    for name, unit in (("qian", "banjing"), ("zhou", "baipu")):
        desk.ask("staff", "add", name, "--role", "editor", "--unit", unit, by="sun")
    record(desk, "place", "三段何道")
    record(desk, "leader", "王建囯")
    seen = listed(desk, by="qian")
    assert {entry["person"]["name"] for entry in seen["entries"]} == {"陆小满"}
    assert [one["record"] for one in seen["records"]] == [1]
    assert listed(desk, by="zhou")["records"] == []
    words = ("record", "--edition", 1, "--article", 2, "--code", "typo", "--quote", "河道")
    assert "zhou may not do this" in refused(desk, *words, by="zhou")


def test_a_record_one_may_not_see_is_none(desk: CommandLine) -> None:
    desk.ask("staff", "add", "zhou", "--role", "admin", "--unit", "baipu", by="sun")
    for role in ("editor", "issuer"):
        desk.ask("staff", "grant", "zhou", "--role", role, "--unit", "baipu", by="sun")
    number = record(desk, "leader", "王建囯")["record"]
    for words in (
        ("appeal", "--reason", "原件如此"),
        ("reverse", "--reason", "x"),
        ("decide", "--reason", "x", "--no-retraction"),
    ):
        command, *options = words
        for which in (number, 99):
            assert refused(desk, command, which, *options, by="zhou", code=3) == f"There is no error record {which}."


def test_many_records_are_listed_as_ever(desk: CommandLine) -> None:
    for quote in ("座坛会", "板橙会", "板橙会", "三段何道"):
        record(desk, "typo", quote)
    this_year = datetime.now(ZoneInfo("Asia/Shanghai")).year
    found = listed(desk, "--person", "zhao", "--period", this_year, "--unit", "root", by="zhao")
    assert [entry["person"]["name"] for entry in found["entries"]] == ["zhao"] * 4
    assert [one["record"] for one in found["records"]] == [1, 2, 3, 4]


@pytest.mark.parametrize("code", ["错别字", "错字", "Typo", "ｔｙｐｏ"])
def test_kinds_of_errors_go_by_their_names_too(desk: CommandLine, code: str) -> None:
    assert record(desk, code, "座坛会")["code"] == "typo"


def test_a_refusal_lists_codes_with_their_names(desk: CommandLine) -> None:
    words = ("record", "--edition", 1, "--article", 1, "--code", "别的", "--quote", "座坛会")
    said = desk.type("penalties", *words, by="ma", code=2, language="zh-CN").err
    assert "typo 错别字、style 标点" in said


def test_tables_speak_to_people_in_chinese_and_english(desk: CommandLine) -> None:
    record(desk, "typo", "座坛会")
    table = desk.type("penalties", "list", by="li").out
    assert "wrong character 0.5 × 2 (title) × 100 %" in table
    assert "座坛会" in desk.type("penalties", "list", by="li", language="zh-CN").out
    assert "Rule book, version 1" in desk.type("penalties", "rules", by="li").out
    assert (
        "introduced by 陆小满, found after sending"
        in desk.type(
            "penalties", "record", "--edition", 1, "--article", 1, "--code", "typo", "--quote", "板橙会", by="ma"
        ).out
    )
