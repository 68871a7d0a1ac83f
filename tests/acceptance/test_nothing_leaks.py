"""After a whole journey no full number and no full name stands anywhere, save in the files that are for them (0600).

Searched: every byte of the newsroom's directory and of its keys, everything printed, tracebacks included, temporary
files, and what was exported; as UTF-8, UTF-16 and GB18030, numbers also as they are spaced, widened and prefixed.
"""

import contextlib
import io
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from newsletter.commands.hiding import hide_numbers
from newsletter.newsroom import Newsroom
from tests.command_line import CommandLine, settings_changed
from tests.texts import an_article_file

#: Number, name and present place of people on the register; the last are in rows that are refused.
PEOPLE = (
    ("13912345670", "欧阳翡翠", "苏州市平江路"),
    ("13912345671", "司马骁骏", ""),
    ("13912345672", "上官沁雪", "无锡市梁溪路"),
    ("13912345673", "皇甫嵩岳", ""),
    ("13912345674", "尉迟砚秋", ""),
    ("13912345675", "慕容汀兰", ""),
    ("15987654320", "夏侯霁月", ""),
    ("15987654321", "诸葛听澜", ""),
)
ADDED = ("18812340001", "独孤若谷", "常州市青果巷")
REFUSED = (("13712345679", "令狐不在册"), ("051287654321", "端木座机"))
#: What was written back and noted in words is as secret.
SAID = ("别再发给我外婆了", "手机早给了外孙女", "纸质同意书在三号柜")
TOWN = "搬经镇"
PURPOSE = ("--purpose", "核对名册", "--yes")


class Recorder:
    """Types commands and keeps all they print; ``full`` ones are meant to show people in full."""

    def __init__(self, shell: CommandLine) -> None:
        self._shell = shell
        self.printed: list[str] = []

    def __call__(self, *words: object, by: str = "sun", code: int | None = 0, is_full: bool = False) -> str:
        answer = self._shell.type(*words, by=by, code=None)
        assert code is None or answer.code == code, f"{words}: exit {answer.code}\n{answer.out}{answer.err}"
        assert answer.code != 1, f"{words}: a bug\n{answer.out}{answer.err}"
        if not is_full:
            self.printed.append(f"$ {hide_numbers(' '.join(map(str, words[:2])))}\n{answer.out}{answer.err}")
        return answer.out


def secrets() -> list[str]:
    people = [*PEOPLE, ADDED, *((number, name, "") for number, name in REFUSED)]
    return [*(text for person in people for text in person if text), *SAID]


def spellings(secret: str) -> Iterator[bytes]:
    """A secret as it might stand in a file."""
    texts = {secret}
    if secret.isdigit():
        for gap in (" ", "-", "\u00a0"):
            texts.add(gap.join((secret[:3], secret[3:7], secret[7:])))
        texts.add("".join(chr(ord(digit) + 0xFEE0) for digit in secret))
    else:
        texts.add(secret.encode("unicode_escape").decode())
    for text in texts:
        yield from (text.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"))


def raise_if_found(where: str, content: bytes) -> None:
    found = sorted({secret for secret in secrets() for spelling in spellings(secret) if spelling in content})
    assert not found, f"{where} holds {found}"


def contents(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """The bytes of files, and of what is packed in them."""
    for path in paths:
        yield str(path), path.read_bytes()
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from ((f"{path}:{name}", archive.read(name)) for name in archive.namelist())


def files_under(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Where input lies, what may hold people in full, what must not, and temporary files."""
    found = {name: tmp_path / name for name in ("given", "full", "out", "temporary")}
    for path in found.values():
        path.mkdir()
    monkeypatch.setenv("TMPDIR", str(found["temporary"]))
    monkeypatch.setattr("tempfile.tempdir", str(found["temporary"]))
    return found


def test_nothing_leaks(shell: CommandLine, newsroom: Newsroom, places: dict[str, Path]) -> None:
    run = Recorder(shell)
    newsroom.engine.dispose()
    with settings_changed(shell.directory, "[retention]\nreplies_days = 1"):
        bring_in(run, places)
        publish(run, places)
        hear(run, places)
        disclose(run, places)
        provoke(run, places)
        change_and_erase(run, places)
        run("audit", "export", places["out"] / "journal.json")
        run("audit", "show")
        run("audit", "verify")
    searched = [*files_under(shell.directory), *files_under(newsroom.keys_directory), *files_under(places["out"])]
    assert any(path.name == "newsletter.db" for path in searched)
    assert any(path.name == "sandbox.db" for path in searched)
    for where, content in contents(searched):
        raise_if_found(where, content)
    for printed in run.printed:
        raise_if_found(printed, printed.encode())
    assert files_under(places["temporary"]) == []
    full = files_under(places["full"])
    assert full
    assert {path.stat().st_mode & 0o777 for path in full} == {0o600}


def bring_in(run: Recorder, places: dict[str, Path]) -> None:
    """Good and bad rows, in two encodings; a census; somebody added and changed at the desk."""
    rows = [f"{number},{name},banjing,正式党员,是,{place}" for number, name, place in PEOPLE]
    rows += [f"{number},{name},没有这个单位,正式党员,否," for number, name in REFUSED]
    table = "\n".join(["手机号,姓名,单位,身份,流动,现居住地", *rows]) + "\n"
    for encoding in ("utf-8-sig", "gb18030"):
        path = places["given"] / f"members-{encoding}.csv"
        path.write_bytes(table.encode(encoding))
        run("subscribers", "import", path, "--rejects", places["full"] / f"rejects-{encoding}.csv", by="li", code=6)
        run("subscribers", "import", path, "--dry-run", "--json", by="li", code=6)
    listed = places["given"] / "census.csv"
    listed.write_text("手机号,姓名,身份\n" + "\n".join(f"{n},{name},正式党员" for n, name, _p in PEOPLE[:-1]), "utf-8")
    run("subscribers", "census", listed, "--unit", "banjing", "--json", "--yes", by="li")
    number, name, place = ADDED
    run(
        "subscribers",
        "add",
        "--unit",
        "baipu",
        "--number",
        number,
        "--name",
        name,
        "--place",
        place,
        by="li",
        code=None,
    )
    run("subscribers", "update", 2, "--retired", by="li")
    run("subscribers", "coverage", by="li")
    for words in (("list",), ("list", "--status", "all", "--json"), ("show", 1), ("find", PEOPLE[0][0])):
        run("subscribers", *words)


def publish(run: Recorder, places: dict[str, Path]) -> None:
    run("submit", an_article_file(places["given"]), by="li")
    run("draft", 1, "--submit", by="li")
    run("approve", 1, by="wang")
    run("send", 1, "--dry-run", "--json", by="zhao")
    run("send", 1, "--yes", "--json", by="zhao")
    run("sandbox", "messages", by="zhao")
    run("status", 1, by="zhao")


def hear(run: Recorder, places: dict[str, Path]) -> None:
    """Replies, departures by desk and list, consent."""
    first, second, third, fourth = (number for number, _name, _place in PEOPLE[:4])
    for number, text in ((first, "T"), (second, SAID[0]), (third, "退订 太多")):
        run("sandbox", "reply", number, text, by="zhao")
    run("reconcile", 1, by="zhao")
    run("replies", "list", by="zhao", is_full=True)  # shows what was said: that is what it is for
    run("replies", "handle", 1, "--as", "out", by="zhao")
    run("optout", fourth, "--reason", SAID[1], "--source", "phone", by="zhao")
    run("optin", fourth, "--evidence", SAID[2], by="zhao")
    listed = places["given"] / "left.txt"
    listed.write_text(f"{PEOPLE[4][0]}\n123\n", "utf-8")
    run("optouts", "import", listed, "--source", "carrier", by="zhao", code=6)
    run("optouts", "export", places["full"] / "optouts.csv", *PURPOSE, by="zhao")
    run("optouts", "export", places["out"] / "keys.csv", "--keys-only", *PURPOSE, by="zhao")
    run("consent", "wording", "add", "我同意每周收到手机报。")
    run("consent", "record", PEOPLE[5][0], "--wording", 1, "--channel", "form", "--proof", SAID[2], by="zhao")
    run("stats", "unsubscribes", "--by", "unit", "--format", "csv", "--out", places["out"] / "left.csv", by="chen")
    run("stats", "unsubscribes", "--format", "xlsx", "--out", places["out"] / "left.xlsx", by="chen")


def disclose(run: Recorder, places: dict[str, Path]) -> None:
    full = places["full"]
    run("subscribers", "list", "--reveal", *PURPOSE, is_full=True)
    run("subscribers", "list", "--reveal", *PURPOSE, "--out", full / "revealed.json")
    run("subscribers", "export", "--id", 1, *PURPOSE, "--out", full / "own.json")
    for kind in ("csv", "xlsx"):
        run("subscribers", "export", "--unit", "root", *PURPOSE, "--out", full / f"extract.{kind}")
    run("subscribers", "export", "--unit", "root", "--masked", *PURPOSE, "--out", places["out"] / "masked.csv")


def provoke(run: Recorder, places: dict[str, Path]) -> None:
    """Numbers where none belongs, refused by whoever they were said to."""
    number, spaced = PEOPLE[0][0], "+86 139 1234 5670"
    odd: list[tuple[object, ...]] = [
        ("subscribers", "show", number),
        ("subscribers", "show", "1", number),
        ("subscribers", "list", "--limit", number),
        ("subscribers", "list", "--unit", number),
        ("subscribers", "list", "--region", number),
        ("subscribers", "list", "--status", number),
        ("subscribers", "list", f"--{number}"),
        ("subscribers", number),
        (number,),
        ("subscribers", "erase", spaced, "--reason", f"请删{number}", "--yes"),
        ("subscribers", "erase", "13800000000", "--reason", "本人要求", "--yes"),
        ("subscribers", "import", f"/nowhere/{number}"),
        ("subscribers", "find", f"{number}0"),
        ("show", number),
        ("status", spaced),
        ("send", number, "--yes"),
        ("audience", "count", number),
        ("audience", "save", "新", "--profession", number),
        ("units", "add", number, "单位", "--kind", number),
        ("submit", "--contributor", number, an_article_file(places["given"], "另一篇")),
        ("optout", "123", "--reason", f"{number}不要"),
        ("optin", number, "--evidence", ""),
        ("stats", "unsubscribes", "--since", number),
        ("keys", "rotate", number),
    ]
    for words in odd:
        for options in ((), ("--json",)):
            run(*words, *options, by="zhao", code=None)
    headings = places["given"] / "odd.csv"
    headings.write_text(f"手机号,姓名,单位,{number}\n{number},{PEOPLE[0][1]},banjing,{spaced}\n", "utf-8")
    run("subscribers", "import", headings, "--dry-run", by="li", code=None)


def change_and_erase(run: Recorder, places: dict[str, Path]) -> None:
    run("keys", "rotate", "--yes", "--json")
    run("keys", "status")
    run("subscribers", "erase", PEOPLE[1][0], "--reason", "本人要求", "--yes")
    run("subscribers", "erase", "--id", 5, "--reason", "本人要求", "--yes")
    run("retention", "--yes")
    run("doctor", code=None)


def test_a_traceback_carries_no_number(
    shell: CommandLine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a library says of a value it was given: here the database's driver, and a bug that quotes a number."""
    from newsletter.cli import main
    from newsletter.subscribers import register

    def fail(session: object, key: str, unit_ids: object) -> object:
        raise KeyError(f"{PEOPLE[0][0]} of ８６１３９１２３４５６７１, +86 139-1234-5672")

    monkeypatch.setattr(register, "find_people", fail)
    words = ["--newsroom", str(shell.directory), "--as", "sun", "--debug", "subscribers", "find", PEOPLE[0][0]]
    assert main(words) == 1
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "KeyError" in said
    raise_if_found("the traceback", said.encode())


def test_the_database_says_nothing_of_its_parameters(newsroom: Newsroom) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    with newsroom.reading() as session:
        with pytest.raises(SQLAlchemyError) as failed:
            session.connection().execute(text("INSERT INTO nowhere VALUES (:n)"), {"n": PEOPLE[0][0]})
        raise_if_found("the error", str(failed.value).encode())


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    """It would be worth nothing otherwise."""
    number, name, _place = PEOPLE[0]
    for content in (
        number.encode(),
        f"+86{number}".encode(),
        "139 1234 5670".encode("utf-16-le"),
        name.encode("gb18030"),
    ):
        with pytest.raises(AssertionError, match="holds"):
            raise_if_found("here", b"\x00" + content + b"\x00")
    path = tmp_path / "a.db"
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (?)", (name,))
    with pytest.raises(AssertionError, match="holds"):
        raise_if_found("here", path.read_bytes())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet", number * 9)
    (tmp_path / "a.xlsx").write_bytes(packed.getvalue())
    assert any(number.encode() in content for _where, content in contents([tmp_path / "a.xlsx"]))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13912345678。", "电话139****5678。"),
        ("+86 139 1234 5678", "139****5678"),
        ("008613912345678", "139****5678"),
        ("１３９１２３４５６７８", "139****5678"),
        ("keys/a13912345678f", "keys/a13912345678f"),
        ("1763712345678", "1763712345678"),
        ("320682116205", "320682116205"),
    ],
)
def test_numbers_in_errors_are_masked(text: str, shown: str) -> None:
    assert hide_numbers(text) == shown
