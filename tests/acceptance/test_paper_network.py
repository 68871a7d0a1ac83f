"""The paper network: towns with papers and desks of their own, the county that serves them, and copy lent both ways."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.furnished import copy_of, furnish
from tests.command_line import CommandLine
from tests.texts import BODY, a_subscriber_file, an_article_file, number_of

#: Members of each unit, their numbers one after the other.
BANJING, BAIPU, NYJ = 6, 7, 8
#: ben, shen and qian are banjing's own desk, fen its analyst; bai is all baipu has. Everybody else sits in the county.
TOWNSPEOPLE = {
    "ben": ("editor", "banjing"),
    "shen": ("reviewer", "banjing"),
    "qian": ("issuer", "banjing"),
    "fen": ("analyst", "banjing"),
    "bai": ("editor", "baipu"),
}
#: What there is: edition 1 is the county's (article 2), 2 is banjing's own (article 1); article 3 is baipu's.
COUNTYS, TOWNS = 1, 2


@pytest.fixture(scope="session")
def network(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("network")
    staff = [
        ("sun", ("staff", "add", name, "--role", role, "--unit", unit, "--no-passphrase"))
        for name, (role, unit) in TOWNSPEOPLE.items()
    ]
    articles = [
        an_article_file(root, "板凳会开到田头"),
        an_article_file(root, "秋粮入库", column="田间党课", contributor="顾春禾"),
        an_article_file(root, "白蒲黄酒", contributor="顾大河"),
    ]
    members = (
        a_subscriber_file(root, BANJING),
        a_subscriber_file(root, BAIPU, unit="baipu", first=100),
        a_subscriber_file(root, NYJ, unit="nyj", first=200),
    )
    lines: list[tuple[str, tuple[object, ...]]] = [
        *staff,
        ("sun", ("papers", "add", "bj", "搬经党员手机报", "--unit", "banjing", "--signature", "搬经手机报")),
        ("sun", ("papers", "add", "bp", "白蒲党员手机报", "--unit", "baipu", "--signature", "白蒲手机报")),
        ("sun", ("contributors", "add", "顾大河", "--unit", "baipu")),
        *(("li", ("subscribers", "import", file)) for file in members),
        ("li", ("submit", *articles)),
        ("li", ("audience", "save", "全市", "--unit", "root")),
        ("li", ("draft", 2, "--submit")),
        ("wang", ("approve", COUNTYS)),
        ("zhao", ("send", COUNTYS, "--yes")),
        ("ben", ("draft", 1, "--paper", "bj", "--submit")),
        ("shen", ("approve", TOWNS)),
        ("qian", ("send", TOWNS, "--yes")),
    ]
    return furnish(founded, root, lines)


@pytest.fixture
def newsroom_directory(network: Path, tmp_path: Path) -> Path:
    return copy_of(network, tmp_path)


@pytest.fixture
def desk(shell: CommandLine) -> CommandLine:
    return shell


def refusal(desk: CommandLine, *words: object, by: str) -> str:
    return str(desk.ask(*words, by=by, code=4)["error"]["code"])


def ids(answer: dict[str, list[dict[str, Any]]], noun: str) -> set[int]:
    [rows] = answer.values()
    return {row[noun] for row in rows}


def test_the_countys_gates_serve_a_town_that_has_one_correspondent(desk: CommandLine) -> None:
    drafted = desk.ask("draft", 3, "--paper", "bp", "--submit", by="bai")
    desk.ask("approve", drafted["edition"], by="wang")
    sent = desk.ask("send", drafted["edition"], "--yes", by="zhao")
    assert (sent["stage"], sent["audience"]) == ("sent", BAIPU)
    messages = desk.ask("sandbox", "messages", "--edition", drafted["edition"], by="zhao")["messages"]
    assert {message["text"].split("】")[0] for message in messages} == {"【白蒲手机报"}
    assert [edition["edition"] for edition in desk.ask("editions", by="bai")["editions"]] == [drafted["edition"]]


def test_a_town_with_a_desk_of_its_own_needs_nobody_from_the_county(desk: CommandLine) -> None:
    status = desk.ask("status", TOWNS, by="ben")
    assert (status["stage"], status["audience"]) == ("sent", BANJING)
    assert [word["person"] for word in status["statements"]] == ["ben", "shen", "qian"]


def test_a_towns_three_have_no_say_over_the_countys_edition(desk: CommandLine) -> None:
    edition = desk.ask("draft", 2, "--submit", by="li")["edition"]
    assert refusal(desk, "approve", edition, by="shen") == "no_right"
    assert refusal(desk, "return", edition, "--reason", "重写", by="shen") == "no_right"
    desk.ask("approve", edition, by="wang")
    assert refusal(desk, "sign", edition, by="qian") == "no_right"
    assert refusal(desk, "send", edition, "--yes", by="qian") == "no_right"
    assert refusal(desk, "draft", "--edition", edition, "--title", "改", by="ben") == "no_right"
    assert refusal(desk, "correct", COUNTYS, "--kind", "notice", "--text", "误。", "--yes", by="ben") == "no_right"


@pytest.mark.parametrize(
    ("words", "by"),
    [
        (("show", 2), "ben"),
        (("show", 3), "ben"),
        (("show", 1), "bai"),
        (("articles", "--unit", "nyj"), "ben"),
        (("articles", "--unit", "root"), "ben"),
        (("preview", COUNTYS), "shen"),
        (("preview", TOWNS), "bai"),
        (("status", COUNTYS), "qian"),
        (("status", TOWNS), "bai"),
        (("sandbox", "messages", "--edition", COUNTYS), "qian"),
        (("stats", "delivery", COUNTYS), "fen"),
        (("audience", "count", "全市"), "ben"),
        (("audience", "show", "全市"), "ben"),
        (("subscribers", "list", "--unit", "baipu"), "ben"),
        (("subscribers", "show", BANJING + 1), "ben"),
        (("share", 3), "ben"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else value,
)
def test_a_towns_staff_see_nothing_of_anybody_elses(desk: CommandLine, words: tuple[object, ...], by: str) -> None:
    answer = desk.ask(*words, by=by, code=4)
    assert answer["error"]["code"] == "not_visible"
    assert by in answer["error"]["message"]
    for seen_by in ("li", "zhao", "chen"):
        if words[0] in ("show", "articles", "preview", "status", "audience", "subscribers", "share"):
            desk.ask(*words, by=seen_by)


def test_lists_hold_what_is_ones_own(desk: CommandLine) -> None:
    assert ids(desk.ask("articles", by="ben"), "article") == {1}
    assert ids(desk.ask("articles", by="bai"), "article") == {3}
    assert ids(desk.ask("articles", by="li"), "article") == {1, 2, 3}
    assert ids(desk.ask("draft", by="bai"), "article") == {3}
    assert ids(desk.ask("draft", by="ben"), "article") == set()
    assert ids(desk.ask("editions", by="fen"), "edition") == {TOWNS}
    assert ids(desk.ask("editions", by="bai"), "edition") == set()
    assert ids(desk.ask("editions", by="chen"), "edition") == {COUNTYS, TOWNS}
    assert {one["unit"] for one in desk.ask("contributors", "list", by="ben")["contributors"]} == {"banjing"}
    assert {one["unit"] for one in desk.ask("contributors", "list", by="li")["contributors"]} > {"banjing", "nyj"}
    assert {one["unit"] for one in desk.ask("subscribers", "list", by="bai")["subscribers"]} == {"baipu"}
    assert len(desk.ask("subscribers", "list", by="li")["subscribers"]) == BANJING + BAIPU + NYJ
    assert desk.ask("audience", "list", by="ben")["audiences"] == []
    assert {one["edition"] for one in desk.ask("sandbox", "messages", by="qian")["messages"]} == {TOWNS}
    assert {one["edition"] for one in desk.ask("sandbox", "messages", by="zhao")["messages"]} == {COUNTYS, TOWNS}


def test_what_waits_is_told_to_those_it_concerns(desk: CommandLine) -> None:
    countys = desk.ask("draft", 2, "--submit", by="li")["edition"]
    towns = desk.ask("draft", 1, "--paper", "bj", "--submit", by="ben")["edition"]
    assert ids({"": desk.ask("status", by="shen")["editions"]}, "edition") == {towns}
    assert list(desk.ask("status", by="shen")["waiting"]) == [str(towns)]
    assert list(desk.ask("status", by="wang")["waiting"]) == [str(towns), str(countys)]
    assert (desk.ask("status", by="bai")["articles"], desk.ask("status", by="bai")["editions"]) == (1, [])


def test_who_leaves_and_how_much_arrived_is_counted_within_ones_units(desk: CommandLine) -> None:
    desk.ask("sandbox", "reply", number_of(0), "R", by="zhao")
    desk.ask("sandbox", "reply", number_of(100), "R", by="zhao")
    [delivered] = desk.ask("stats", "delivery", by="fen")["editions"]
    assert (delivered["edition"], delivered["audience"]) == (TOWNS, BANJING)
    assert len(desk.ask("stats", "delivery", by="chen")["editions"]) == 2

    town = desk.ask("stats", "unsubscribes", "--by", "edition", by="fen")
    assert (town["total"]["audience"], town["total"]["delivered"], town["total"]["unsubscribed"]) == (6, 6, 1)
    assert {row["edition"] for row in town["rows"]} == {TOWNS}
    assert (town["total"]["unattributed"], town["total"]["elsewhere"]) == (0, 0)
    county = desk.ask("stats", "unsubscribes", by="chen")["total"]
    assert (county["audience"], county["unsubscribed"]) == (2 * BANJING + BAIPU + NYJ, 2)


def test_a_towns_member_counts_for_the_town_in_its_own_editions_only(desk: CommandLine) -> None:
    """Members outside who got the town's paper by an admin's decision are not the town's to count."""
    desk.ask("papers", "set", "bj", "--audience", "全市", by="sun")
    edition = desk.ask("draft", 1, "--paper", "bj", "--submit", by="ben")["edition"]
    desk.ask("approve", edition, by="shen")
    assert desk.ask("send", edition, "--yes", by="qian")["audience"] == BANJING + BAIPU + NYJ
    [delivered] = desk.ask("stats", "delivery", edition, by="fen")["editions"]
    assert delivered["audience"] == BANJING
    assert desk.ask("stats", "unsubscribes", by="fen")["total"]["audience"] == 2 * BANJING


def test_rows_of_other_units_are_rejected_on_import(desk: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    lines = [
        "手机号,姓名,单位",
        f"{number_of(500)},新来的,搬经镇",
        f"{number_of(501)},别镇的,白蒲镇",
        f"{number_of(100)},成员100,搬经镇",
        f"{number_of(0)},成员0,搬经镇",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    answer = desk.ask("subscribers", "import", path, by="ben", code=6)
    assert (answer["read"], answer["added"], answer["unchanged"], answer["rejected"]) == (4, 1, 1, 2)
    assert [(one["line"], one["code"]) for one in answer["rejects"]] == [
        (3, "not_your_unit"),
        (4, "registered_elsewhere"),
    ]
    assert len(desk.ask("subscribers", "list", "--unit", "baipu", by="li")["subscribers"]) == BAIPU
    assert desk.ask("subscribers", "import", path, by="li")["rejected"] == 0


def test_a_towns_audiences_stay_within_the_town(desk: CommandLine) -> None:
    saved = desk.ask("audience", "save", "工人", "--profession", "工人", by="ben")
    assert saved["definition"]["units"] == ["banjing"]
    assert desk.ask("audience", "count", "工人", "--paper", "bj", by="ben")["people"] == BANJING
    assert refusal(desk, "audience", "save", "别人", "--unit", "baipu", by="ben") == "not_visible"
    assert refusal(desk, "audience", "save", "全市", "--unit", "banjing", by="ben") == "not_visible", (
        "the county's name"
    )
    assert refusal(desk, "audience", "save", "没有", "--except", "全市", by="ben") == "not_visible"
    assert refusal(desk, "draft", 1, "--paper", "bj", "--audience", "全市", by="ben") == "not_visible"
    assert desk.ask("draft", 1, "--paper", "bj", "--audience", "工人", by="ben")["stage"] == "drafted"
    assert desk.ask("audience", "save", "全体", by="li")["definition"]["units"] == []


def test_nobody_writes_to_their_own_people_in_another_towns_name(desk: CommandLine) -> None:
    error = desk.ask("draft", 3, "--paper", "bj", "--unit", "baipu", by="bai", code=2)["error"]
    assert "白蒲镇" in error["message"]


def test_a_county_editor_works_in_the_town(desk: CommandLine, tmp_path: Path) -> None:
    edited = an_article_file(tmp_path, "白蒲黄酒", contributor="顾大河", body=BODY + "\n\n又及。")
    assert desk.ask("edit", 3, "--file", edited, by="li")["revision"] == 2
    drafted = desk.ask("draft", 3, "--paper", "bp", "--submit", by="li")
    assert desk.ask("status", drafted["edition"], by="bai")["unit"] == "baipu"
    assert desk.ask("preview", drafted["edition"], by="bai")["sms"]["text"].startswith("【白蒲手机报】")


def test_a_towns_edition_in_the_countys_paper_is_seen_in_the_town(desk: CommandLine) -> None:
    edition = desk.ask("draft", 1, "--unit", "banjing", "--submit", by="li")["edition"]
    for person in ("ben", "shen", "fen"):
        assert desk.ask("status", edition, by=person)["paper"] == "main"
        assert desk.ask("preview", edition, by=person)["sms"]["text"].startswith("【如皋手机报】")
    assert refusal(desk, "preview", edition, by="bai") == "not_visible"
    assert refusal(desk, "approve", edition, by="fen") == "no_right"
    assert refusal(desk, "draft", "--edition", edition, "--audience", "全市", by="ben") == "no_right"


def test_copy_is_lent_from_town_to_town_and_printed_as_it_stands(desk: CommandLine, tmp_path: Path) -> None:
    assert refusal(desk, "draft", 1, "--paper", "bp", by="bai") == "no_right"
    shared = desk.ask("share", 1, "--with", "baipu", "--note", "可参考", by="ben")
    assert [(one["unit"], one["by"], one["note"]) for one in shared["shares"]] == [("baipu", "ben", "可参考")]

    assert ids(desk.ask("draft", by="bai"), "article") == {1, 3}
    assert ids(desk.ask("articles", by="bai"), "article") == {1, 3}
    seen = desk.ask("show", 1, by="bai")
    assert (seen["unit"], seen["contributor"], seen["shared_with"]) == ("banjing", "陆小满", ["baipu"])
    edited = an_article_file(tmp_path, body=BODY + "\n\n改。", name="改.md")
    for words in (("edit", 1, "--file", edited), ("hold", 1, "--reason", "等等"), ("share", 1, "--with", "nyj")):
        assert refusal(desk, *words, by="bai") == "no_right", words

    edition = desk.ask("draft", 3, 1, "--paper", "bp", "--submit", by="bai")["edition"]
    assert ids(desk.ask("draft", by="bai"), "article") == {3}, "what was taken waits no longer"
    desk.ask("approve", edition, by="wang")
    assert desk.ask("send", edition, "--yes", by="zhao")["audience"] == BAIPU
    text = desk.ask("preview", edition, by="bai")["sms"]["text"]
    assert "板凳会开到田头" in text
    assert text.startswith("【白蒲手机报】")


def test_the_source_units_name_stands_under_its_copy(desk: CommandLine, newsroom_directory: Path) -> None:
    import pypdfium2

    desk.ask("share", 1, "--with", "baipu", by="ben")
    edition = desk.ask("draft", 1, "--paper", "bp", by="bai")["edition"]
    page = pypdfium2.PdfDocument(desk.ask("preview", edition, by="bai")["pdf"])[0]
    printed = page.get_textpage().get_text_bounded().replace(" ", "")
    assert "搬经镇" in printed
    assert "陆小满" in printed


def test_copy_is_lent_from_the_county_to_a_town_and_back(desk: CommandLine) -> None:
    assert refusal(desk, "draft", 2, "--paper", "bj", by="ben") == "no_right"
    desk.ask("share", 2, "--with", "banjing", by="li")
    desk.ask("share", 1, "--with", "county", by="ben")
    assert desk.ask("draft", 2, "--paper", "bj", by="ben")["stage"] == "drafted"
    assert desk.ask("draft", 1, by="li")["stage"] == "drafted"
    assert refusal(desk, "show", 1, by="bai") == "not_visible", "lent to the county is not lent to its other towns"
    assert refusal(desk, "draft", 1, "--paper", "bp", by="bai") == "no_right"


def test_copy_taken_back_is_seen_no_more_but_what_has_it_keeps_it(desk: CommandLine) -> None:
    desk.ask("share", 1, "--with", "baipu", by="ben")
    edition = desk.ask("draft", 1, "--paper", "bp", by="bai")["edition"]
    answer = desk.ask("share", "--revoke", 1, "--with", "baipu", by="ben")
    assert answer["shares"][0]["revoked_at"]
    assert edition in answer["editions"]
    assert ids(desk.ask("articles", by="bai"), "article") == {3}
    assert desk.ask("show", 1, by="bai")["article"] == 1, "it stands in their edition"
    assert refusal(desk, "draft", 1, "--paper", "bp", by="bai") == "no_right"
    assert desk.ask("draft", "--edition", edition, "--submit", by="bai")["stage"] == "submitted"
    assert refusal(desk, "share", "--revoke", 1, "--with", "baipu", by="ben") == "not_shared"


def test_lending_twice_is_lending_once(desk: CommandLine) -> None:
    desk.ask("share", 1, "--with", "baipu", by="ben")
    assert len(desk.ask("share", 1, "--with", "baipu", by="ben")["shares"]) == 1
    desk.ask("share", "--revoke", 1, "--with", "baipu", by="ben")
    assert len(desk.ask("share", 1, "--with", "baipu", by="ben")["shares"]) == 2


def test_lending_refuses_what_makes_no_sense(desk: CommandLine) -> None:
    assert refusal(desk, "share", 3, "--with", "banjing", by="ben") == "no_right"
    assert refusal(desk, "share", 1, "--with", "baipu", by="shen") == "no_right"
    desk.ask("share", 1, "--with", "banjing", by="ben", code=2)
    desk.ask("share", 1, "--with", "无名镇", by="ben", code=3)
    desk.ask("share", 9, "--with", "baipu", by="ben", code=3)
    desk.ask("share", 1, "--revoke", by="ben", code=2)
    desk.ask("share", 1, "--with", "baipu", "--note", "电话13912345678", by="ben", code=2)


def test_a_papers_signature_changes_and_what_was_sent_stays_signed(desk: CommandLine) -> None:
    begun = desk.ask("draft", 1, "--paper", "bj", "--submit", by="ben")["edition"]
    desk.ask("approve", begun, by="shen")
    answer = desk.ask("papers", "set", "bj", "--signature", "搬经党员之家", "--name", "搬经党员之家报", by="sun")
    assert (answer["signature"], answer["name"], answer["editions"]) == ("搬经党员之家", "搬经党员之家报", [begun])
    assert desk.ask("audit", "verify", by="sun", code=None)["problems"] != [], "an approved text bears the former name"
    assert refusal(desk, "send", begun, "--yes", by="qian") == "changed_since_approval"
    assert desk.type("preview", TOWNS, by="ben").err == "", "what was sent is as it was signed"

    desk.ask("return", begun, "--reason", "换签名", by="shen")
    desk.ask("draft", "--edition", begun, "--submit", by="ben")
    desk.ask("approve", begun, by="shen")
    assert desk.ask("send", begun, "--yes", by="qian")["stage"] == "sent"
    assert desk.ask("preview", begun, by="ben")["sms"]["text"].startswith("【搬经党员之家】")
    assert desk.ask("audit", "verify", by="sun")["problems"] == []


def test_only_an_admin_of_its_unit_changes_a_paper(desk: CommandLine) -> None:
    desk.ask("staff", "add", "guan", "--role", "admin", "--unit", "banjing", "--no-passphrase", by="sun")
    desk.ask("papers", "set", "bj", "--name", "搬经报", by="guan")
    assert refusal(desk, "papers", "set", "bp", "--name", "白蒲报", by="guan") == "no_right"
    assert refusal(desk, "papers", "set", "bj", "--name", "搬经报", by="ben") == "no_right"
    assert refusal(desk, "papers", "set", "bj", "--audience", "全市", by="guan") == "not_visible"
    desk.ask("papers", "set", "bj", by="guan", code=2)
    desk.ask("papers", "set", "bj", "--signature", "【搬经】", by="guan", code=2)
    papers = {one["code"]: one for one in desk.ask("papers", "list", by="ben")["papers"]}
    assert (papers["bj"]["name"], papers["bj"]["unit"], papers["bj"]["audience"]) == ("搬经报", "banjing", None)


def test_a_default_audience_serves_the_papers_own_desk(desk: CommandLine, newsroom_directory: Path) -> None:
    desk.ask("audience", "save", "搬经工人", "--profession", "工人", by="ben")
    desk.ask("papers", "set", "bj", "--audience", "搬经工人", by="sun")
    edition = desk.ask("draft", 1, "--paper", "bj", by="ben")["edition"]
    with sqlite3.connect(newsroom_directory / "newsletter.db") as connection:
        query = "SELECT audience.name FROM audience JOIN edition ON edition.audience_id = audience.id"
        found = connection.execute(f"{query} WHERE edition.id = {edition}").fetchone()
    assert found == ("搬经工人",)
