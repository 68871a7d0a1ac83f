"""``points`` by command line: from an edition that was really sent to rankings, registers and files to hand out."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook

from newsletter.workflow.periods import parse_period, period_in_print
from tests.acceptance.furnished import copy_of, furnish
from tests.command_line import CommandLine
from tests.texts import a_subscriber_file, an_article_file
from tests.workflow.points.histories import GU, History

FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def furnished(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A main edition of two articles was sent: 陆小满 of 搬经镇 leads, 顾春禾 of 农业农村局 follows with a reprint."""
    root = tmp_path_factory.mktemp("points")
    lead = an_article_file(root)
    reprint = an_article_file(root, "秋收机手党小组", column="田间党课", contributor="顾春禾")
    reprint.write_text(
        reprint.read_text(encoding="utf-8").replace("contributor:", "source: 新华日报\ncontributor:"), encoding="utf-8"
    )
    lines: list[tuple[str, list[object]]] = [
        ("li", ["subscribers", "import", a_subscriber_file(root)]),
        ("li", ["submit", lead, reprint]),
        ("li", ["draft", 1, 2, "--submit"]),
        ("wang", ["approve", 1]),
        ("zhao", ["send", 1, "--yes"]),
    ]
    return furnish(founded, root, lines)


@pytest.fixture
def desk(
    furnished: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    directory = copy_of(furnished, tmp_path)
    monkeypatch.setenv("NEWSLETTER_KEYS_DIR", str(tmp_path / "keys"))
    return CommandLine(directory, capsys)


@pytest.fixture
def year(desk: CommandLine) -> str:
    """The year in which it was sent."""
    return str(desk.ask("points", "list", by="chen")["entries"][0]["date"][:4])


def test_what_was_sent_is_ranked(desk: CommandLine, year: str) -> None:
    ranking = desk.ask("points", "rank", "--period", year, by="chen")
    lead, second = ranking["contributors"]
    assert lead == {
        "rank": 1,
        "contributor": 1,
        "name": "陆小满",
        "unit": "banjing",
        "unit_name": "搬经镇",
        "points": 10.0,
        "adopted": 1,
        "submitted": 1,
        "penalties": 0.0,
    }
    assert (second["name"], second["points"], second["adopted"]) == ("顾春禾", 0.0, 1)
    assert [(unit["unit"], unit["rank"]) for unit in ranking["towns"]] == [("banjing", 1), ("baipu", 2)]
    assert [unit["unit"] for unit in ranking["departments"]] == ["nyj"]
    assert ranking["rewards"] == [lead]


def test_a_record_raises_the_rank_and_its_taking_back_lowers_it(desk: CommandLine, year: str) -> None:
    words = ("points", "record", 1, "--kind", "taken-up-prefecture", "--note", "南通日报客户端")
    record = desk.ask(*words, by="zhao")
    assert (record["event"], record["kind"], record["note"]) == (1, "taken_up_prefecture", "南通日报客户端")
    assert desk.ask("points", "record", 1, "--kind", "taken_up_prefecture", by="li", code=4)["error"]["code"] == (
        "point_event_exists"
    )
    assert desk.ask("points", "rank", "--period", year, by="li")["contributors"][0]["points"] == 30.0
    line = desk.ask("points", "list", "--contributor", "陆小满", by="li")["entries"][-1]
    assert (line["event"], line["points"], line["ref"]) == (1, 20.0, "event:1")
    revoked = desk.ask("points", "revoke", line["event"], "--reason", "登记错了稿件", by="li")
    assert (revoked["event"], revoked["reversal_of"]) == (2, 1)
    assert desk.ask("points", "rank", "--period", year, by="li")["contributors"][0]["points"] == 10.0
    for event in (1, 2):
        error = desk.ask("points", "revoke", event, "--reason", "再来一次", by="li", code=4)["error"]
        assert error["code"] == "point_event_revoked"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--kind", "prize"), 2, "prize"),
        (("--kind", "paper"), 2, "outlet"),
        (("--kind", "best_of_period"), 2, "place"),
        (("--kind", "best_of_period", "--rank", 4), 2, "place"),
        (("--kind", "commissioned", "--rank", 1), 2, "place"),
        (("--kind", "commissioned", "--date", "2999-01-01"), 2, "2999-01-01"),
        (("--kind", "commissioned", "--date", "2026Q4"), 2, "2026Q4"),
        (("--kind", "commissioned", "--note", "请联系13912345678"), 2, "number"),
        (("--kind", "paper", "--outlet", "报" * 81), 2, "80"),
    ],
)
def test_a_record_that_cannot_be_is_refused(desk: CommandLine, words: tuple[object, ...], code: int, said: str) -> None:
    error = desk.ask("points", "record", 1, *words, by="li", code=code)["error"]
    assert said in error["message"]
    assert desk.ask("points", "rewards", "--period", "2999", by="li")["rewards"] == []


def test_unknown_articles_records_people_and_periods_are_named(desk: CommandLine) -> None:
    assert desk.ask("points", "record", 9, "--kind", "commissioned", by="li", code=3)["error"]["code"]
    assert desk.ask("points", "revoke", 9, "--reason", "误", by="li", code=3)["error"]["code"]
    assert desk.ask("points", "list", "--unit", "火星镇", by="li", code=3)["error"]["code"]
    assert desk.ask("points", "rank", "--period", "2026Q5", by="li", code=2)["error"]["code"] == "bad_period"
    assert desk.ask("points", "list", "--by", "year", by="li", code=2)["error"]["code"] == "unknown_bucket"
    assert desk.ask("points", "rank", "--period", "2026", "--of", "staff", by="li", code=2)["error"]["code"]


@pytest.mark.parametrize("person", ["wang", "ma", "chen", "sun"])
def test_only_editors_and_issuers_record(desk: CommandLine, person: str) -> None:
    for words in (("record", 1, "--kind", "commissioned"), ("settle",)):
        assert desk.ask("points", *words, by=person, code=4)["error"]["code"] == "no_right"
    desk.ask("points", "list", by=person)


def test_the_register_is_summed_by_day_week_and_month(desk: CommandLine, year: str) -> None:
    for by in ("day", "week", "month"):
        found = desk.ask("points", "list", "--period", year, "--by", by, "--unit", "banjing", by="li")
        assert found["total"] == 10.0
        assert [(row["name"], row["articles"], row["points"]) for row in found["rows"]] == [("陆小满", 1, 10.0)]
        assert found["rows"][0][by].startswith(year)


def test_csv_is_typed_escaped_and_in_the_users_language(desk: CommandLine, year: str, tmp_path: Path) -> None:
    desk.ask("contributors", "add", FORMULA, "--unit", "baipu", by="sun")
    desk.ask("submit", an_article_file(tmp_path, "公式", contributor=FORMULA), by="li")
    path = tmp_path / "排名.csv"
    for language, heading in (("en", "list"), ("zh-CN", None)):
        desk.type("points", "rank", "--period", year, "--out", path, by="li", language=language)
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        assert heading in (None, rows[0][0])
        assert rows[1][0] == ("Contributors" if language == "en" else "信息员")
        assert rows[1][1:5] == ["1", "陆小满", "搬经镇", "10.00"]
        assert f"'{FORMULA}" in {row[2] for row in rows}
    shown = desk.type("points", "rank", "--period", year, "--of", "units", "--format", "csv", by="li").out
    assert "陆小满" not in shown
    assert "搬经镇" in shown


def test_the_workbook_has_numbers_headings_and_no_formulas(desk: CommandLine, year: str, tmp_path: Path) -> None:
    desk.ask("contributors", "add", FORMULA, "--unit", "baipu", by="sun")
    desk.ask("submit", an_article_file(tmp_path, "公式", contributor=FORMULA), by="li")
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    for path in (first, second):
        desk.type("points", "rank", "--period", year, "--out", path, by="li")
    assert first.read_bytes() == second.read_bytes()
    book = CalamineWorkbook.from_path(first)
    assert book.sheet_names == ["Contributors", "Towns, streets and zones", "Departments", "To be rewarded"]
    rows = book.get_sheet_by_name("Contributors").to_python()
    assert rows[0][:4] == ["rank", "name", "unit_name", "points"]
    assert rows[1][:4] == [1.0, "陆小满", "搬经镇", 10.0]
    assert FORMULA in {row[1] for row in rows}


@pytest.mark.slow
def test_the_bulletin_prints_chinese_whatever_the_language(desk: CommandLine, year: str, tmp_path: Path) -> None:
    first, second = tmp_path / "通报.pdf", tmp_path / "again.pdf"
    for path, language in ((first, "en"), (second, "zh-CN")):
        desk.type("points", "rank", "--period", year, "--bulletin", path, by="li", language=language)
    assert first.read_bytes() == second.read_bytes()
    words = text_of(first)
    for said in (f"关于{year}年度供稿积分情况的通报", "陆小满", "10.00", "镇（区、街道）积分排名", "予以通报表扬"):
        assert said in words
    assert "白蒲镇" in words


@pytest.mark.slow
def test_headings_of_a_long_table_repeat(desk: CommandLine, tmp_path: Path) -> None:
    history = History.of(desk_newsroom(desk))
    for number in range(60):
        history.article(history.contributor(f"信息员{number}", "baipu"))
    path = tmp_path / "通报.pdf"
    desk.type("points", "rank", "--period", "2026Q4", "--bulletin", path, by="li")
    with pypdfium2.PdfDocument(path) as document:
        assert len(document) >= 3
        pages = [document[number].get_textpage().get_text_bounded() for number in range(2)]
    assert all("采用率" in page and "差错扣分" in page for page in pages)


@pytest.mark.slow
def test_the_assessment_is_a_row_and_a_sheet(desk: CommandLine, year: str, tmp_path: Path) -> None:
    desk.ask("points", "record", 1, "--kind", "best_of_period", "--rank", 2, by="li")
    (unit,) = desk.ask("points", "assess", "--year", year, "--unit", "搬经镇", by="chen")["units"]
    assert (unit["unit"], unit["list"], unit["rank"], unit["of"]) == ("banjing", "towns", 1, 2)
    assert (unit["submitted"], unit["adopted"], unit["points"]) == (1, 1, 20.0)
    assert unit["sources"] == {"item": 10.0, "best_of_period": 10.0}
    assert (unit["original"], unit["reprinted"], unit["share"]) == (1, 0, 1.0)
    assert [one["name"] for one in unit["contributors"]] == ["陆小满"]
    path = tmp_path / "考核.xlsx"
    desk.type("points", "assess", "--year", year, "--out", path, by="chen")
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows[1:]] == ["搬经镇", "白蒲镇", "农业农村局"]
    sheet = tmp_path / "考核.pdf"
    desk.type("points", "assess", "--year", year, "--out", sheet, by="chen")
    with pypdfium2.PdfDocument(sheet) as document:
        assert len(document) == 3
    assert f"搬经镇{year}年度供稿工作考核表" in text_of(sheet)


@pytest.fixture
def towns(desk: CommandLine) -> CommandLine:
    """Editors of two towns: qian of 搬经镇, zhou of 白蒲镇."""
    for name, unit in (("qian", "banjing"), ("zhou", "baipu")):
        desk.ask("staff", "add", name, "--role", "editor", "--unit", unit, by="sun")
    return desk


def test_a_town_sees_its_own_lines_with_its_ranks_among_all(towns: CommandLine, year: str) -> None:
    whole = towns.ask("points", "rank", "--period", year, by="chen")
    own = towns.ask("points", "rank", "--period", year, by="qian")
    other = towns.ask("points", "rank", "--period", year, by="zhou")
    assert own["contributors"] == whole["contributors"][:1] == own["rewards"]
    assert (own["towns"], own["departments"]) == (whole["towns"][:1], [])
    assert (other["contributors"], other["rewards"]) == ([], [])
    assert [(unit["unit"], unit["rank"]) for unit in other["towns"]] == [("baipu", 2)]
    assert towns.ask("points", "rewards", "--period", year, by="zhou")["rewards"] == []


def test_the_bulletin_is_made_by_whoever_sees_everything(towns: CommandLine, year: str, tmp_path: Path) -> None:
    path = tmp_path / "通报.pdf"
    words = ("points", "rank", "--period", year, "--bulletin", path)
    assert towns.ask(*words, by="qian", code=4)["error"]["code"] == "partial_view"
    assert not path.exists()


def test_a_town_s_reports_are_of_the_town(towns: CommandLine, year: str) -> None:
    [unit] = towns.ask("points", "assess", "--year", year, by="zhou")["units"]
    assert (unit["unit"], unit["rank"], unit["of"], unit["contributors"]) == ("baipu", 2, 2, [])
    error = towns.ask("points", "assess", "--year", year, "--unit", "banjing", by="zhou", code=4)["error"]
    assert error["code"] == "not_visible"
    assert [one["unit"] for one in towns.ask("points", "activity", "--week", year, by="qian")["units"]] == ["banjing"]
    own = towns.ask("points", "originality", "--period", year, by="qian")
    assert [one["unit"] for one in own["units"]] == ["banjing"]
    assert (own["papers"], own["total"]["original"], own["total"]["reprinted"]) == ([], 1, 0)
    other = towns.ask("points", "originality", "--period", year, by="zhou")
    assert (other["units"], other["total"]["original"]) == ([], 0)
    register = towns.ask("points", "list", "--period", year, by="zhou")
    assert register["entries"] == []


def test_a_record_that_earns_nothing_says_so(desk: CommandLine) -> None:
    said = desk.type("points", "record", 2, "--kind", "约稿", by="li")
    assert "Article 2 is a reprint: this earns it nothing." in said.err
    history = History.of(desk_newsroom(desk))
    history.retract(1)
    said = desk.type("points", "record", 1, "--kind", "commissioned", by="li", language="zh-CN")
    assert said.err.startswith("注意：")
    history.retract(2)
    assert "was retracted" in desk.type("points", "record", 2, "--kind", "省级采用", by="li").err


def test_a_refusal_lists_kinds_with_their_names(desk: CommandLine) -> None:
    said = desk.type("points", "record", 1, "--kind", "奖", by="li", code=2, language="zh-CN").err
    assert "brief 简讯、paper 报纸采用" in said


def test_activity_names_stale_columns_and_silent_units(desk: CommandLine, year: str) -> None:
    found = desk.ask("points", "activity", "--week", year, by="chen")
    assert [(column["column"], column["items"]) for column in found["columns"]] == [("yaowen", 1), ("tianjian", 1)]
    assert found["silent"] == ["baipu"]
    later = desk.ask("points", "activity", "--week", f"{int(year) + 1}-W20", by="chen")
    assert later["stale"] == ["yaowen", "tianjian"]
    assert set(later["silent"]) == {"banjing", "baipu", "nyj"}
    desk.ask("points", "activity", "--week", year, "--weeks", 0, by="chen", code=2)


def test_originality_tells_reprints_from_originals(desk: CommandLine, year: str) -> None:
    found = desk.ask("points", "originality", "--period", year, by="chen")
    assert {unit["unit"]: unit["share"] for unit in found["units"]} == {"banjing": 1.0, "nyj": 0.0}
    assert found["papers"] == [{"paper": "main", "name": "如皋党员手机报", "original": 1, "reprinted": 1, "share": 0.5}]
    assert found["total"] == {"original": 1, "reprinted": 1, "share": 0.5}


def test_an_error_found_breaks_a_tie(desk: CommandLine, year: str) -> None:
    day = date.fromisoformat(desk.ask("points", "list", by="chen")["entries"][0]["date"])
    history = History.of(desk_newsroom(desk))
    history.print(history.article(GU, day=day), day=day, kind="main")
    assert rank_of(desk, year) == {"陆小满": (1, 0.0), "顾春禾": (1, 0.0)}
    desk.ask(*("penalties", "record", "--article", 1, "--edition", 1, "--code", "typo", "--quote", "清淤"), by="chen")
    assert rank_of(desk, year) == {"陆小满": (2, 0.5), "顾春禾": (1, 0.0)}
    assert desk.ask("points", "rank", "--period", year, by="li")["towns"][0]["penalties"] == 0.5


@pytest.mark.slow
def test_a_signed_retraction_takes_the_points_away_and_the_desks_notice_earns_none(
    desk: CommandLine, year: str
) -> None:
    desk.ask("points", "settle", by="li")
    words = ("correct", 1, "--kind", "retraction", "--article", 1, "--text", "该稿有误，现予撤回。", "--yes")
    correction = desk.ask(*words, by="li")["edition"]
    desk.ask("approve", correction, by="wang")
    assert desk.ask("points", "rank", "--period", year, by="li")["contributors"][0]["points"] == 10.0
    desk.ask("send", correction, "--yes", by="zhao")
    ranking = desk.ask("points", "rank", "--period", year, by="li")
    assert {one["name"]: (one["points"], one["adopted"]) for one in ranking["contributors"]} == {
        "陆小满": (0.0, 0),
        "顾春禾": (0.0, 1),
    }
    assert desk.ask("points", "settle", by="zhao") == {"added": 0, "reversed": 1, "points": -10.0}


def rank_of(desk: CommandLine, period: str) -> dict[str, tuple[int, float]]:
    found: Any = desk.ask("points", "rank", "--period", period, by="li")
    return {one["name"]: (one["rank"], one["penalties"]) for one in found["contributors"]}


def test_tables_on_the_screen_are_for_people(desk: CommandLine, year: str) -> None:
    for words in (
        ("list",),
        ("list", "--by", "month"),
        ("rank", "--period", year),
        ("rewards", "--period", year),
        ("assess", "--year", year),
        ("assess", "--year", year, "--unit", "banjing"),
        ("originality", "--period", year),
    ):
        assert "搬经镇" in desk.type("points", *words, by="li", language="zh-CN").out
    assert "要闻" in desk.type("points", "activity", "--week", year, by="li").out


@pytest.mark.parametrize(
    "words",
    [
        ("rank", "--period", "2026", "--format", "xlsx"),
        ("rank", "--period", "2026", "--format", "yaml"),
        ("rank", "--period", "2026", "--out", "名单.doc"),
        ("rank", "--period", "2026", "--out", "通报.pdf"),
        ("list", "--format", "csv", "--json"),
    ],
)
def test_forms_that_cannot_be_are_refused(desk: CommandLine, words: tuple[str, ...]) -> None:
    desk.type("points", *words, by="li", code=2)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("2026", "2026年度"),
        ("2026H2", "2026年下半年"),
        ("2026Q4", "2026年第四季度"),
        ("2026-11", "2026年11月"),
        ("2026-W07", "2026年第7周"),
        ("2026-11-05", "2026年11月5日"),
    ],
)
def test_periods_are_named_as_offices_do(label: str, name: str) -> None:
    assert period_in_print(parse_period(label)) == name


def text_of(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as document:
        pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return "".join("".join(pages).split())


def desk_newsroom(desk: CommandLine) -> Any:
    from newsletter.newsroom import open_newsroom

    return open_newsroom(desk.directory, actor="li")
