"""The command line of growth, retention and the report, on a newsroom of its own."""

import base64
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner, Result

from newsletter.commands import stats, stats_growth
from newsletter.commands.session import RootOptions
from newsletter.database import HEAD_REVISION
from newsletter.editions.rendering.sheets import read_text
from newsletter.errors import NewsletterError
from newsletter.organisation.staff import Grant
from newsletter.organisation.units import Unit
from newsletter.statistics.growth.counts import GROWTH_DIMENSIONS, count_growth
from newsletter.statistics.growth.retention import RETENTION_DIMENSIONS
from newsletter.statistics.periodic.figures import gather_report
from newsletter.statistics.periodic.prints import print_report, report_html
from newsletter.statistics.periodic.sentences import headlines, summary
from newsletter.statistics.unsubscribes import TooFewPeopleError
from newsletter.workflow.periods import parse_period
from tests.clocks import Clock
from tests.statistics.ledgers import BAIPU, BAIPU_ID, Desk
from tests.statistics.registers import NEW_YEARS_EVE, Register, day
from tests.statistics.registers import period as register_period

SETTINGS = '[newsroom]\nid = "0000000000000000"\nname = "如皋手机报"\n[privacy]\nsmall_count = 5\n'
Run = Callable[..., Result]


@pytest.fixture
def register(desk: Desk) -> Register:
    """Twenty people since the summer, two editions, two who left and one who died."""
    register = Register(desk.hiding(5))
    for person in range(1, 21):
        place: dict[str, Any] = {} if person < 13 else {"unit_id": BAIPU_ID, "region_code": BAIPU}
        register.join(person, day(7 if person < 11 else 9, 3), **place)
    for edition, month in ((1, 9), (2, 10)):
        desk.plan(edition, day(month, 15))
        for person in range(1, 21):
            desk.deliver(edition, person)
    desk.leave(1, 1, day(9, 16), reason="太多")
    register.say(1, "out", day(9, 16))
    desk.leave(2, 2, day(10, 16))
    register.say(2, "out", day(10, 16))
    register.die(3, day(10, 20))
    return register


@pytest.fixture
def run(register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("NEWSLETTER_DATABASE_URL", raising=False)
    (tmp_path / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    with register.desk.newsroom.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD_REVISION})
    Clock(monkeypatch).moment = datetime(2026, 11, 30, 4, tzinfo=UTC)

    def run_words(*words: str, actor: str = "an") -> Result:
        app = typer.Typer()

        @app.callback()
        def root(context: typer.Context) -> None:
            context.obj = RootOptions(newsroom=tmp_path, actor=actor)

        for file in (stats, stats_growth):
            file.mount(app)
        return CliRunner().invoke(app, ["stats", *words])

    return run_words


def document(result: Result) -> Any:
    assert result.exit_code == 0, f"{result.output}{result.exception!r}"
    return json.loads(result.stdout)


def test_growth_is_one_document_whose_months_chain(run: Run) -> None:
    found = document(run("growth", "--json"))
    assert [row["month"] for row in found["rows"]] == ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11"]
    assert found["rows"][3] == {
        "month": "2026-10", "month_label": "2026-10", "start": 19, "joined": 0, "came_back": 0, "moved_in": 0,
        "moved_out": 0, "opted_out": 1, "left": 0, "died": 1, "erased": 0, "number_lost": 0, "involuntary": 1,
        "net": -2, "end": 17,
    }  # fmt: skip
    assert (found["by"], found["total"]["end"]) == ("month", 17)


def test_growth_is_shown_as_a_table_and_written_as_files(run: Run, tmp_path: Path) -> None:
    screen = run("growth", "--by", "unit")
    assert [line.split()[-1] for line in screen.stdout.splitlines() if "白蒲镇" in line or "Total" in line] == [
        "8",
        "17",
    ]
    for name in ("a.csv", "a.xlsx", "a.json"):
        assert run("growth", "--out", str(tmp_path / name), "--chart", str(tmp_path / "a.svg")).exit_code == 0
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[-1].startswith("total,Total,0,20,")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert "Data dictionary" in book.read("xl/workbook.xml").decode()
    assert (tmp_path / "a.svg").read_bytes().startswith(b"<?xml")


def test_retention_and_cohorts_are_one_document_each(run: Run, tmp_path: Path) -> None:
    (everybody,) = document(run("retention", "--months", "2", "--json"))["groups"]
    assert [(point["month"], point["at_risk"], point["opted_out"]) for point in everybody["months"]] == [
        (0, 20, 0), (1, 20, 0), (2, 20, 0),
    ]  # fmt: skip
    by_unit = document(run("retention", "--by", "unit", "--json"))
    assert [group["unit"] for group in by_unit["groups"]] == ["baipu", "bj-1"]
    assert by_unit["log_rank"]["degrees"] == 1
    cohorts = document(run("retention", "--by", "cohort", "--json"))
    assert [(row["cohort"], row["people"], row["retention"]) for row in cohorts["rows"]] == [
        ("2026-07", 10, [1.0, 1.0, 0.9, 0.8, 0.8]),
        ("2026-09", 10, [1.0, 1.0, 1.0]),
    ]
    for words in ((), ("--by", "unit"), ("--by", "cohort")):
        assert run("retention", *words, "--chart", str(tmp_path / "c.png")).exit_code == 0
        assert run("retention", *words, "--out", str(tmp_path / "c.xlsx")).exit_code == 0
        assert run("retention", *words, "--format", "csv").stdout_bytes.startswith(b"\xef\xbb\xbf")
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    assert "90.0%" in run("retention", "--by", "cohort").stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("growth", "--by", "reason"), 2),
        (("retention", "--by", "edition"), 2),
        (("retention", "--months", "0"), 2),
        (("growth", "--chart", "x.pdf"), 2),
        (("growth", "--paper", "nothere"), 3),
        (("report", "--period", "2026Q4"), 2),
        (("report", "--period", "2026Q5", "--json"), 2),
        (("report", "--period", "2027", "--json"), 2),
        (("report", "--period", "2026Q4", "--out", "x.docx"), 2),
    ],
)
def test_bad_usage_is_refused(run: Run, words: tuple[str, ...], code: int) -> None:
    error = run(*words).exception
    assert isinstance(error, NewsletterError)
    assert (error.exit_code, bool(error.hint)) == (code, True)


@pytest.mark.parametrize("words", [("growth",), ("retention",), ("report", "--period", "2026Q4", "--json")])
def test_only_an_analyst_gets_them(run: Run, words: tuple[str, ...]) -> None:
    error = run(*words, actor="ed").exception
    assert isinstance(error, NewsletterError)
    assert error.exit_code == 4


def test_help_names_every_dimension() -> None:
    assert "|".join(GROWTH_DIMENSIONS) == stats_growth._GROWTH_BY
    assert "|".join(["cohort", *RETENTION_DIMENSIONS]) == stats_growth._RETENTION_BY


@pytest.mark.slow
def test_the_report_is_one_document_and_files(run: Run, tmp_path: Path) -> None:
    found = document(run("report", "--period", "2026Q4", "--out", str(tmp_path / "r.html"), "--json"))
    assert (found["period"], found["is_running"], found["before"]["period"]) == ("2026Q4", True, "2026Q3")
    assert (found["now"]["editions"], found["now"]["reached"], found["now"]["growth"]["net"]) == (1, 20, -2)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "本期尚未结束" in page
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert run("report", "--period", "2026Q3", "--out", str(tmp_path / "r.pdf")).exit_code == 0
    words = read_text((tmp_path / "r.pdf").read_bytes())
    assert "2026年第三季度发行统计报告" in words
    assert "怎样计算" in words


def report_words(register: Register, period: str, now: datetime = NEW_YEARS_EVE) -> tuple[str, list[str], str]:
    report = gather_report(register.newsroom(now), parse_period(period))
    return "\n".join(summary(report)), [one.value for one in headlines(report)], report_html(report)


def test_the_report_says_what_is_true_and_no_more(register: Register) -> None:
    words, figures, page = report_words(register, "2026-10")
    assert "本月共发刊1期，应发20条，送达20条，送达率100.0%；有20个号码至少收到一期。" in words
    assert "退订1件，退订率5.00%（95%区间 0.13%～24.87%）。退订件数很少，比率仅供参考。" in words
    assert "上月为5.00%，两者之差在偶然波动的范围之内" in words
    assert "期初可发送19人，新入册0人、恢复0人；自愿退订1人，非自愿减少1人（去世1、" in words
    assert "净减2人，期末17人。" in words
    assert figures == ["20", "100.0", "5.00", "-2"]
    assert "不足5人的组" in page


def test_coverage_is_told_where_the_known_number_is_set(register: Register) -> None:
    with register.desk.newsroom.writing() as session:
        session.get_one(Unit, 1).known_members = 40
        session.commit()
    report = gather_report(register.newsroom(), parse_period("2026Q4"))
    found = headlines(report)[1]
    # Who died is not on the register any more; who opted out is.
    assert (found.name, found.value, found.unit, found.below) == ("覆盖率", "47.5", "%", "在册19 ÷ 应有40人")


def test_a_town_is_reported_on_by_its_own_analyst(register: Register) -> None:
    with register.desk.newsroom.writing() as session:
        session.get_one(Grant, 1).unit_id = BAIPU_ID
        session.commit()
    with pytest.raises(TooFewPeopleError):
        # Its county's editions are not its own: nobody there was delivered to by it.
        gather_report(register.newsroom(), parse_period("2026Q4"))
    found = count_growth(register.newsroom(), period=register_period())
    assert (found.total.joined, found.total.end) == (8, 8)
    for person in range(16, 21):
        register.go(person, day(11, 1))
    with pytest.raises(TooFewPeopleError):
        count_growth(register.newsroom(), period=register_period())


def test_a_great_difference_is_called_one_without_a_cause(register: Register) -> None:
    desk = register.desk
    desk.plan(3, day(11, 15))
    for person in range(100, 160):
        desk.deliver(3, person)
    for person in range(100, 150):
        desk.leave(person, 3, day(11, 16))
    words, _figures, _page = report_words(register, "2026-11")
    assert "上升幅度超出偶然波动（精确检验p＜0.001）；数据不能说明原因。" in words


def test_nothing_at_all_is_told_in_words(desk: Desk) -> None:
    words, figures, page = report_words(Register(desk), "2026-02")
    assert words == "本月没有发刊。\n本月名册上没有可发送的党员群众。"
    assert figures == ["0", "—", "—", "0"]
    assert "没有发刊，也就没有退订率。" in page
    assert "暂不能估计留存" in page


@pytest.mark.slow
def test_the_report_names_nobody_and_is_the_same_each_time(register: Register) -> None:
    page = report_words(register, "2026")[2]
    plain = page + "".join(base64.b64decode(found).decode() for found in re.findall(r"base64,([^\"]+)", page))
    assert not re.search(r"(?<![0-9.])1[3-9][0-9]{9}(?![0-9])", re.sub(r"base64,[^\"]+", "", page))
    assert 'n1"' not in plain
    assert page == report_words(register, "2026")[2]
    report = gather_report(register.newsroom(), parse_period("2026"))
    assert print_report(report).data == print_report(report).data


def test_the_report_of_a_time_ends_with_it(register: Register) -> None:
    before = report_words(register, "2026Q3", day(10, 1))[2]
    after = report_words(register, "2026Q3", day(10, 1) + timedelta(days=80))[2]
    assert re.sub('制表：[^<]*|content="2026[^>]*', "", before) == re.sub('制表：[^<]*|content="2026[^>]*', "", after)
