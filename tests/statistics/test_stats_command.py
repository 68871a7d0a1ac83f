"""The command line of statistics, on a newsroom of its own."""

import codecs
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner, Result

from newsletter.commands import stats, stats_tables
from newsletter.commands.session import RootOptions
from newsletter.database import HEAD_REVISION
from newsletter.delivery.models import DeliveryState
from newsletter.errors import NewsletterError
from tests.statistics.ledgers import BAIPU, Desk

SETTINGS = '[newsroom]\nid = "0000000000000000"\nname = "如皋手机报"\n'
Run = Callable[..., Result]


@pytest.fixture
def run(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line against a newsroom with one edition: six reached in Banjing, five in Baipu, one failed."""
    monkeypatch.delenv("NEWSLETTER_DATABASE_URL", raising=False)
    (tmp_path / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    with desk.newsroom.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD_REVISION})
    desk.plan(1)
    for person in range(1, 12):
        desk.deliver(1, person, **({} if person < 7 else {"region_code": BAIPU}))
    desk.deliver(1, 12, DeliveryState.FAILED, reason="30003")
    desk.leave(1, 1, reason="too-many")
    desk.leave(12, None)

    def run_words(*words: str, actor: str = "an", is_quiet: bool = False) -> Result:
        app = typer.Typer()

        @app.callback()
        def root(context: typer.Context) -> None:
            context.obj = RootOptions(newsroom=tmp_path, actor=actor, is_quiet=is_quiet)

        stats.mount(app)
        return CliRunner().invoke(app, ["stats", *words])

    return run_words


def refusal(result: Result) -> NewsletterError:
    assert isinstance(result.exception, NewsletterError), result.output
    return result.exception


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_json_is_one_document_with_rows_and_total(run: Run) -> None:
    result = run("unsubscribes", "--by", "region", "--by", "reason", "--json")
    interval = {"rate_low": 0.002299, "rate_high": 0.412780}
    total = {"audience": 12, "delivered": 11, "unsubscribed": 1, "rate": 0.090909, "unattributed": 1, "elsewhere": 0}
    total |= interval
    assert document(result) == {
        "rows": [
            {
                "region": "320682116",
                "region_label": "搬经镇",
                "reason": "too-many",
                "reason_label": "too many messages",
                "audience": 7,
                "delivered": 6,
                "unsubscribed": 1,
                "rate": 0.166667,
                "rate_low": 0.004211,
                "rate_high": 0.641235,
            }
        ],
        "total": total,
    }
    assert result.stderr == ""
    assert document(run("unsubscribes", "--format", "json")) == {"rows": [], "total": total}


def test_table_shows_labels_percentages_and_total(run: Run) -> None:
    result = run("unsubscribes", "--by", "region")
    lines = [line.split() for line in result.stdout.splitlines() if line.strip()]
    assert lines[0] == ["Region", "Audience", "Delivered", "Unsubscribed", "Unsubscribe", "rate", "95%", "interval"]
    assert lines[2:] == [
        ["白蒲镇", "5", "5", "0", "0.00%", "0.00%", "–", "52.18%"],
        ["搬经镇", "7", "6", "1", "16.67%", "0.42%", "–", "64.12%", "█" * 24],
        ["Total", "12", "11", "1", "9.09%", "0.23%", "–", "41.28%", "█" * 13 + "▏"],
    ]
    assert result.stderr == "Opt-outs attributed to no edition, in no rate: 1\n"
    assert run("unsubscribes", "--by", "region", is_quiet=True).stderr == ""


def test_table_explains_the_merged_row(run: Run, desk: Desk) -> None:
    desk.deliver(1, 13, region_code="")
    result = run("unsubscribes", "--by", "region")
    assert "suppressed (small groups merged)" in result.stdout
    assert "not known" not in result.stdout
    assert "fewer than 5 people" in result.stderr


def test_csv_goes_to_the_screen_or_whole_to_a_file(run: Run, tmp_path: Path) -> None:
    screen = run("unsubscribes", "--by", "region", "--format", "csv")
    assert screen.stdout_bytes.startswith(codecs.BOM_UTF8 + b"region,region_label,")
    for name, more in (("a.csv", ()), ("b.CSV", ()), ("c.txt", ("--format", "csv"))):
        result = run("unsubscribes", "--by", "region", "--out", str(tmp_path / name), *more)
        assert (result.exit_code, result.stdout) == (0, "")
        assert str(tmp_path / name) in result.stderr
        assert (tmp_path / name).read_bytes() == screen.stdout_bytes


def test_a_file_and_json_on_the_screen_go_together(run: Run, tmp_path: Path) -> None:
    result = run("unsubscribes", "--by", "region", "--out", str(tmp_path / "a.csv"), "--json")
    assert len(document(result)["rows"]) == 2
    assert (tmp_path / "a.csv").read_bytes().startswith(codecs.BOM_UTF8)
    assert document(run("unsubscribes", "--by", "region", "--out", str(tmp_path / "a.json"), "--json")) == json.loads(
        (tmp_path / "a.json").read_text(encoding="utf-8")
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "height"], "height"),
        (["--since", "yesterday"], "--since: yesterday"),
        (["--until", "2026-02-30"], "--until: 2026-02-30"),
        (["--since", "2026-11-02", "--until", "2026-11-01"], "2026-11-02"),
        (["--format", "xml"], "xml"),
        (["--format", "csv", "--json"], "contradict"),
        (["--out", "report"], "report"),
        (["--format", "xlsx"], "xlsx"),
        (["--chart", "report.gif"], "report.gif"),
        (["--out", "report.csv", "--format", "table"], "report.csv"),
    ],
)
def test_bad_usage_is_refused_by_name(
    run: Run, words: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    error = refusal(run("unsubscribes", *words))
    assert (error.exit_code, said in error.message, bool(error.hint)) == (2, True, True)
    assert not list(tmp_path.glob("report*"))


def test_help_names_every_dimension(run: Run) -> None:
    from newsletter.statistics.dimensions import Dimension

    assert "|".join(Dimension) == stats._BY_CHOICES  # the literal spares ``--help`` the import


def test_an_unwritable_file_is_outside_trouble(run: Run, tmp_path: Path) -> None:
    assert refusal(run("unsubscribes", "--out", str(tmp_path / "no" / "a.csv"))).exit_code == 5


def test_period_is_passed_on(run: Run) -> None:
    assert document(run("unsubscribes", "--since", "2026-11-06", "--json"))["total"]["audience"] == 0
    assert document(run("unsubscribes", "--until", "2026-11-05", "--json"))["total"]["audience"] == 12


def test_delivery_of_all_and_of_one(run: Run) -> None:
    everything = document(run("delivery", "--json"))
    assert everything == document(run("delivery", "1", "--json"))
    (edition,) = everything["editions"]
    assert (edition["ledger"]["delivered"], edition["failures"]) == (11, {"30003": 1})
    table = run("delivery").stdout
    assert "91.67%" in table
    assert "30003" in table
    assert "2026-11-05 12:00" in table


def test_delivery_of_an_unknown_edition_is_not_found(run: Run) -> None:
    assert refusal(run("delivery", "9")).exit_code == 3


@pytest.mark.parametrize("command", ["unsubscribes", "delivery"])
def test_only_an_analyst_gets_statistics(run: Run, command: str) -> None:
    assert refusal(run(command, actor="ed")).exit_code == 4


def test_a_workbook_and_a_chart_are_written_whole(run: Run, tmp_path: Path) -> None:
    table, chart = tmp_path / "退订.xlsx", tmp_path / "退订.svg"
    result = run("unsubscribes", "--by", "region", "--out", str(table), "--chart", str(chart))
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    assert table.read_bytes().startswith(b"PK")
    assert b"<svg" in chart.read_bytes()
    assert [str(path) in result.stderr for path in (table, chart)] == [True, True]
    assert not list(tmp_path.glob("*.part"))


def test_a_chart_and_the_table_on_the_screen_go_together(run: Run, tmp_path: Path) -> None:
    result = run("unsubscribes", "--by", "region", "--chart", str(tmp_path / "a.PNG"), "--json")
    assert len(document(result)["rows"]) == 2
    assert (tmp_path / "a.PNG").read_bytes().startswith(b"\x89PNG")


def test_by_column_the_table_says_that_it_is_no_sum(run: Run) -> None:
    result = run("unsubscribes", "--by", "column")
    assert "editions that contained it" in result.stdout
    assert "in no column" in result.stdout
    assert "not the rows' sum" in result.stderr


@pytest.mark.parametrize(("width", "longest"), [(80, 0), (100, 10), (160, 24)])
def test_bars_fit_the_window(monkeypatch: pytest.MonkeyPatch, width: int, longest: int) -> None:
    monkeypatch.setattr("sys.stdout", Window())
    monkeypatch.setenv("COLUMNS", str(width))
    assert stats_tables._bar_width() == longest


class Window(io.StringIO):
    encoding = "gb18030"

    def isatty(self) -> bool:
        return True


def test_bars_are_as_long_as_rates_and_plain_where_blocks_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", Window())
    assert [stats_tables.draw_bar(share, 8) for share in (0.0, 0.001, 0.5, 1.0)] == ["", "▏", "████", "████████"]
    monkeypatch.setattr(Window, "encoding", "latin-1")
    assert [stats_tables.draw_bar(share, 8) for share in (0.0, 0.001, 0.5, 1.0)] == ["", "#", "####", "########"]


def test_compare_prints_editions_and_a_sentence_for_each_pair(run: Run, desk: Desk) -> None:
    desk.plan(2)
    for person in range(1, 12):
        desk.deliver(2, person)
    result = run("compare", "1", "2")
    assert "Editions 1 and 2: the difference is within what chance does. (p = 1)" in result.stdout
    pairs = document(run("compare", "1", "2", "--json"))["pairs"]
    assert [(pair["higher"], pair["lower"], pair["verdict"]) for pair in pairs] == [(1, 2, "chance")]
    assert refusal(run("compare", "1")).exit_code == 2
    assert refusal(run("compare", "1", "9")).exit_code == 3
