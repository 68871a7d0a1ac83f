"""Bad input gets one line that names file, line and field, the promised exit code, and leaves nothing half-written."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newsletter.cli import main
from tests.acceptance.furnished import copy_of, furnish
from tests.command_line import Answer, CommandLine
from tests.texts import BODY, a_subscriber_file, an_article_file

NOBODY = 65534


def dump(directory: Path) -> list[str]:
    """Everything the newsroom's database holds."""
    with closing(sqlite3.connect(directory / "newsletter.db")) as connection:
        return list(connection.iterdump())


@pytest.fixture(scope="module")
def furnished(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsroom with one article, three members, and a drafted edition."""
    root = tmp_path_factory.mktemp("furnished")
    lines: list[tuple[str, Sequence[object]]] = [
        ("li", ("submit", an_article_file(root))),
        ("li", ("subscribers", "import", a_subscriber_file(root, 3))),
        ("li", ("draft", 1)),
    ]
    return furnish(founded, root, lines)


@pytest.fixture
def newsroom_directory(furnished: Path, tmp_path: Path) -> Path:
    return copy_of(furnished, tmp_path)


@pytest.fixture
def desk(shell: CommandLine) -> CommandLine:
    return shell


def refused(desk: CommandLine, *words: object, by: str = "li", code: int) -> str:
    """Type it twice: for a person (one line, perhaps one hint) and for a script (one document); nothing changes."""
    before = dump(desk.directory)
    said = desk.type(*words, by=by, code=code)
    lines = said.err.splitlines()
    assert said.out == ""
    assert lines[0].startswith("Error: ")
    assert len(lines) <= 2, said.err
    error = desk.ask(*words, by=by, code=code)["error"]
    assert set(error) == {"code", "message", "hint"}
    assert lines == [f"Error: {error['message']}", *filter(None, [error["hint"]])]
    assert dump(desk.directory) == before
    return str(error["message"])


def a_file(directory: Path, name: str, content: str | bytes) -> Path:
    path = directory / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


ARTICLES: dict[str, tuple[str, str | bytes | None, str]] = {
    "missing": ("gone.md", None, "There is no file "),
    "empty": ("a.md", "", "is empty"),
    "title only": ("a.txt", "只有标题\n", "a.txt has no text"),
    "binary": ("a.txt", b"PK\x03\x04\x00\x00", "a.txt"),
    "other kind": ("a.doc", b"PK\x03\x04", "a.doc: articles come as .docx, .markdown, .md, .txt files"),
    "front matter": ("a.md", "---\ntitle: 题\nlead: [\n---\n文", "a.md line 3: malformed front matter"),
    "unknown field": ("a.md", "---\ntitle: 题\nautor: 某\n---\n文", "a.md: unknown front matter field autor"),
    "no picture": ("a.md", "---\ntitle: 题\npictures: gone.png\n---\n文", "a.md: cannot read the picture"),
    "no real picture": ("a.md", "---\ntitle: 题\npictures: a.md\n---\n文", "is not a JPEG or PNG picture"),
}


@pytest.mark.parametrize("kind", ARTICLES)
def test_an_article_that_is_none(desk: CommandLine, tmp_path: Path, kind: str) -> None:
    name, content, said = ARTICLES[kind]
    path = tmp_path / name if content is None else a_file(tmp_path, name, content)
    good = an_article_file(tmp_path, "好的一篇")
    message = refused(desk, "submit", good, path, "--contributor", "陆小满", code=2)
    assert said in message
    assert name in message


def test_an_article_whose_words_mean_nothing_here(desk: CommandLine, tmp_path: Path) -> None:
    plain = a_file(tmp_path, "b.txt", f"题\n{BODY}")
    assert "b.txt: it is not said whose article this is" in refused(desk, "submit", plain, code=2)
    assert "无名" in refused(desk, "submit", plain, "--contributor", "无名", code=3)
    assert "无栏" in refused(desk, "submit", an_article_file(tmp_path, column="无栏"), code=3)
    assert "One title cannot serve 2 files" in refused(desk, "submit", plain, plain, "--title", "题", code=2)


UNIT_FILES: dict[str, tuple[str | bytes, str]] = {
    "column missing": ("code,name\nx,某镇\n", "units.csv line 1: the column kind is missing"),
    "column unknown": ("code,name,kind,sort\nx,某镇,town,1\n", "units.csv line 1: unknown column sort"),
    "kind unknown": ("code,name,kind\ny,好镇,town\nx,某镇,shire\n", "units.csv line 3, field kind: shire"),
    "region malformed": ("code,name,kind,region_code\nx,某镇,town,3206\uff18\n", "line 2, field region_code"),
    "parent unknown": ("code,name,kind,parent\nx,某镇,town,nowhere\n", "line 2, field parent"),
    "no text": (b"\x00\x01", "units.csv"),
}


@pytest.mark.parametrize("kind", UNIT_FILES)
def test_a_unit_file_that_is_none(desk: CommandLine, tmp_path: Path, kind: str) -> None:
    content, said = UNIT_FILES[kind]
    assert said in refused(desk, "units", "import", a_file(tmp_path, "units.csv", content), by="sun", code=2)


def test_a_subscriber_file_that_is_none(desk: CommandLine, tmp_path: Path) -> None:
    for content in ("", "name,unit\n张三,banjing\n", "phone,name\n13900000009,张三\n", b"\x00\x01\x02"):
        path = a_file(tmp_path, "members.csv", content)
        assert "members.csv" in refused(desk, "subscribers", "import", path, code=2)
    assert "gone.csv" in refused(desk, "subscribers", "import", tmp_path / "gone.csv", code=2)


MEMBERS = """手机号,姓名,单位,地区代码,身份证
13900000100,甲,banjing,,320682199001010000
１３９ ０000-0101,乙,banjing,,
+86 139 0000 0102,丙,,320682105001,
13900000100,甲,banjing,,
051387654321,丁,banjing,,
12345,戊,banjing,,
13900000105,己,某处,,
13900000106,庚,,999999,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_an_offices_file_keeps_its_good_rows_and_names_its_bad_ones(
    desk: CommandLine, tmp_path: Path, encoding: str
) -> None:
    path = a_file(tmp_path, "members.csv", MEMBERS.encode(encoding))
    answer = desk.type("subscribers", "import", path, "--json", by="li", code=6)
    result = answer.json
    assert (result["read"], result["added"], result["rejected"]) == (8, 3, 5)
    assert "身份证" in answer.err
    assert "320682199001010000" not in answer.out + answer.err
    rejects = {reject["line"]: (reject["field"], reject["code"]) for reject in result["rejects"]}
    assert set(rejects) == {5, 6, 7, 8, 9}
    assert {rejects[6][0], rejects[7][0]} == {"phone"}
    assert rejects[8][0] == "unit"
    assert rejects[9][0] == "region_code"
    assert all("13900000" not in reject["message"] for reject in result["rejects"])


@pytest.mark.parametrize(
    ("words", "by"),
    [
        (("show", 99), "li"),
        (("edit", 99, "--file", "article"), "li"),
        (("decline", 99, "--reason", "x"), "li"),
        (("draft", 99), "li"),
        (("draft", 1, "--edition", 99), "li"),
        (("draft", "--edition", 1, "--drop", 99), "li"),
        (("draft", 1, "--unit", "nowhere"), "li"),
        (("draft", 1, "--paper", "nowhere"), "li"),
        (("draft", 1, "--audience", "nobody"), "li"),
        (("preview", 99), "li"),
        (("approve", 99), "wang"),
        (("return", 99, "--reason", "x"), "wang"),
        (("sign", 99), "zhao"),
        (("send", 99, "--yes"), "zhao"),
        (("reconcile", 99), "zhao"),
        (("status", 99), "li"),
        (("stats", "delivery", 99), "chen"),
        (("subscribers", "show", 99), "li"),
        (("audience", "count", "nobody"), "li"),
        (("staff", "grant", "nobody", "--role", "editor"), "sun"),
        (("show", 1, "--revision", 9), "li"),
        (("articles", "--unit", "nowhere"), "li"),
    ],
)
def test_an_unknown_id(desk: CommandLine, tmp_path: Path, words: tuple[object, ...], by: str) -> None:
    file = an_article_file(tmp_path, "另一篇")
    message = refused(desk, *(file if word == "article" else word for word in words), by=by, code=3)
    assert str(next(word for word in words if word in (99, 9, "nowhere", "nobody"))) in message


@pytest.mark.parametrize("word", ["x", "1.5", "0", "99999999999999999999", "１", "", "2147483648", "1 OR 1=1"])
def test_a_malformed_id(desk: CommandLine, word: str) -> None:
    for words in (("show", word), ("preview", word), ("draft", word), ("draft", "--edition", word)):
        assert "is not a number as printed" in refused(desk, *words, code=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("draft", 1, "--kind", "weekly"), "weekly is not a kind"),
        (("draft", 1, "--text", "all"), "all is not a text"),
        (("draft", 1, "--kind", "town"), "kind town is for one unit"),
        (("articles", "--stage", "lost"), "lost is not a stage"),
        (("preview", 1, "--piece", "fax"), "fax is not a piece"),
        (("decline", 1, "--reason", " "), "the reason is empty"),
        (("audience", "save", "x", "--region", "32068"), "32068"),
        (("audience", "save", "x", "--standing", "king"), "king"),
    ],
)
def test_a_word_that_means_nothing(desk: CommandLine, words: tuple[object, ...], said: str) -> None:
    assert said in refused(desk, *words, code=2)


def test_an_edition_without_articles_or_readers(desk: CommandLine) -> None:
    assert "No articles were given" in refused(desk, "draft", "--kind", "main", code=2)
    desk.ask("draft", "--edition", 1, "--drop", 1, by="li")
    assert "The edition has no articles" in refused(desk, "draft", "--edition", 1, "--submit", code=4)
    desk.ask("audience", "save", "离退休", "--retired", by="li")
    edition = desk.ask("draft", 1, "--audience", "离退休", "--submit", by="li")["edition"]
    desk.ask("approve", edition, by="wang")
    assert f"Nobody would get edition {edition}" in refused(desk, "send", edition, "--yes", by="zhao", code=4)
    assert "Nobody would get" in refused(desk, "send", edition, "--dry-run", by="zhao", code=4)


def test_who_acts_is_unknown_or_unsaid(desk: CommandLine) -> None:
    assert "stranger is not on staff here" in refused(desk, "status", by="stranger", code=4)
    answer = desk.type("status", code=2)
    assert answer.err.splitlines()[0] == "Error: Say who acts: there are 6 staff keys here."
    assert "--as" in answer.err.splitlines()[1]


@pytest.mark.parametrize(
    ("words", "english", "chinese"),
    [
        (("publish",), "publish", "publish"),
        (("status", "--frobnicate"), "There is no option --frobnicate", "--frobnicate"),
        (("show",), "ARTICLE is missing", "ARTICLE"),
        (("return", "1"), "Option --reason is missing", "--reason"),
        (("status", "1", "2"), "Not expected here: 2", "2"),
    ],
)
def test_a_wrong_command_line(desk: CommandLine, words: tuple[str, ...], english: str, chinese: str) -> None:
    said = desk.type(*words, by="li", code=2)
    assert english in said.err.splitlines()[0]
    assert len(said.err.splitlines()) == 2
    translated = desk.type(*words, by="li", code=2, language="zh-CN")
    assert chinese in translated.err.splitlines()[0]
    assert len(translated.err.splitlines()) == 2


def typed(capsys: pytest.CaptureFixture[str], *words: object) -> Answer:
    capsys.readouterr()
    code = main([*map(str, words), "--json"])
    captured = capsys.readouterr()
    return Answer(code, captured.out, captured.err)


def test_no_newsroom(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (("status",), ("--newsroom", tmp_path / "nowhere", "status")):
        answer = typed(capsys, *words)
        assert answer.code == 3
        assert answer.json["error"]["code"] == "no_newsroom"
        assert "newsletter init" in answer.json["error"]["hint"]


def test_a_settings_typo(desk: CommandLine) -> None:
    path = desk.directory / "newsletter.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[sending]\nwindw = '8'\n", encoding="utf-8")
    assert "newsletter.toml: unknown setting sending.windw" in refused(desk, "status", code=2)


def trouble(desk: CommandLine, *words: object, by: str = "li") -> dict[str, Any]:
    said = desk.type(*words, by=by, code=5)
    assert len(said.err.splitlines()) <= 2, said.err
    error: dict[str, Any] = desk.ask(*words, by=by, code=5)["error"]
    return error


def test_a_missing_database(desk: CommandLine) -> None:
    for path in desk.directory.glob("newsletter.db*"):
        path.unlink()
    error = trouble(desk, "status")
    assert "newsletter.db is missing" in error["message"]
    assert not (desk.directory / "newsletter.db").exists(), "an empty one would hide the loss"


@pytest.mark.parametrize("damage", ["text", "empty", "middle"])
def test_a_corrupt_database(desk: CommandLine, damage: str) -> None:
    path = desk.directory / "newsletter.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for beside in desk.directory.glob("newsletter.db-*"):
        beside.unlink()
    data = path.read_bytes()
    path.write_bytes({"text": b"no database " * 500, "empty": b"", "middle": data[:4096] + b"\xff" * len(data)}[damage])
    error = trouble(desk, "articles")
    assert error["code"] == "database"
    assert "newsletter.db" in error["message"]
    assert desk.type("doctor", by="li", code=5).err == ""


def test_a_missing_data_key(desk: CommandLine, tmp_path: Path) -> None:
    (key,) = (tmp_path / "keys").rglob("data.key")
    key.unlink()
    error = trouble(desk, "subscribers", "import", a_subscriber_file(tmp_path, 5))
    assert f"The key {key} is missing" in error["message"]
    assert "backup" in error["hint"]
    desk.ask("articles", by="li")


def test_a_key_others_can_read(desk: CommandLine, tmp_path: Path) -> None:
    (key,) = (tmp_path / "keys").rglob("data.key")
    key.chmod(0o644)
    assert trouble(desk, "subscribers", "list")["hint"] == f"Run: chmod 600 {key}"
    key.chmod(0o600)
    key.parent.chmod(0o755)
    assert trouble(desk, "subscribers", "list")["hint"] == f"Run: chmod 700 {key.parent}"


def test_an_unwritable_output(desk: CommandLine, tmp_path: Path) -> None:
    taken = a_file(tmp_path, "taken", "")
    assert str(taken) in trouble(desk, "preview", 1, "--out", taken)["message"]
    assert str(taken) in trouble(desk, "stats", "unsubscribes", "--out", taken / "x.csv", by="chen")["message"]
    bad = a_file(tmp_path, "bad.csv", "phone,unit\n1,banjing\n")
    before = dump(desk.directory)
    assert str(taken) in trouble(desk, "subscribers", "import", bad, "--rejects", taken / "x.csv")["message"]
    assert dump(desk.directory) == before
    assert taken.read_bytes() == b""


@pytest.fixture
def unprivileged(desk: CommandLine) -> Iterator[Path]:
    """The newsroom where a user without rights can look but not write; keys are theirs."""
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("needs root and setpriv, to give rights up")
    import tempfile

    root = Path(tempfile.mkdtemp(dir="/tmp"))
    root.chmod(0o755)
    shutil.copytree(desk.directory, root / "newsroom")
    shutil.copytree(desk.directory.parent / "keys", root / "keys")
    for path in (root / "keys", *(root / "keys").rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    yield root
    shutil.rmtree(root)


def test_a_read_only_directory(unprivileged: Path) -> None:
    def run(*words: object) -> tuple[int, dict[str, Any]]:
        line = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", sys.executable]
        line += ["-m", "newsletter.cli", "--newsroom", str(unprivileged / "newsroom"), "--as", "li"]
        environment = {**os.environ, "NEWSLETTER_KEYS_DIR": str(unprivileged / "keys"), "NEWSLETTER_LANGUAGE": "en"}
        result = subprocess.run(
            [*line, *map(str, words), "--json"], env=environment, capture_output=True, text=True, check=False
        )
        assert result.stderr == ""
        return result.returncode, json.loads(result.stdout)["error"]

    before = sorted(path.name for path in (unprivileged / "newsroom").iterdir())
    code, error = run("decline", 1, "--reason", "x")
    assert (code, error["code"]) == (5, "database")
    assert "newsletter.db" in error["message"]
    code, error = run("init", unprivileged / "newsroom" / "sub", "--name", "报", "--signature", "党报")
    assert code == 5
    assert "Permission denied" in error["message"]
    assert sorted(path.name for path in (unprivileged / "newsroom").iterdir()) == before


def test_a_demo_is_made_over_nothing_else(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    a_file(tmp_path / "mine", "thesis.txt", "years of work")
    answer = typed(capsys, "demo", tmp_path / "mine")
    assert answer.code == 4
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["thesis.txt"]


def test_an_interruption_between_two_steps_changes_nothing(
    desk: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsletter.articles import intake

    def interrupt(*_arguments: object, **_words: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(intake, "add_revision", interrupt)
    before = dump(desk.directory)
    assert desk.type("submit", an_article_file(tmp_path, "新的一篇"), by="li", code=130).err == "Interrupted.\n"
    assert dump(desk.directory) == before
