"""A hundred thousand bad rows and files: no traceback, no good row lost, no bad row passed over."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

import pytest
from sqlmodel import select
from xlsxwriter import Workbook

from newsletter.errors import NewsletterError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.lists.importing import ImportResult, import_subscribers
from newsletter.subscribers.models import Subscriber
from tests.command_line import CommandLine

HEADINGS: Final = ("手机号", "姓名", "单位", "地区代码", "人员类别", "职业", "是否流动", "离退休")
#: Bad rows, and damaged files, of one run; one good row follows after so many bad ones.
BAD_ROWS: Final = 100_000
BAD_FILES: Final = 2_000
_BAD_INPUT: Final = 2
_GOOD_EVERY: Final = 50
_ROWS_A_FILE: Final = 5_000
_ENCODINGS: Final = ("utf-8", "utf-8-sig", "gb18030", "utf-16")

Row = list[str]
_NOISE: Final = "0123456789abcXYZ张三李四镇村 \u3000\t,，;；'\"“”=+-@/\\\u200b\u202e\ufeff\ufffd😀𠮷é\x0b\x1c\x85"
_PHONES: Final = (
    "", " ", "0513-87650000", "1390000", "139000000001", "12000000000", "1.39E+10", "+14155552671", "00441632960961",
    "13900000001、13900000002", "无", "13900000001(家)", "=13900000001+1", "-13900000001.5", "NaN", "1e400", "٣٣٣",
    "320682198001011234", "139 0000 000", "null", "#REF!", "'", "+", "+86", "0086",
)  # fmt: skip


def noise(random: Random, longest: int = 12) -> str:
    return "".join(random.choice(_NOISE) for _ in range(random.randrange(1, longest)))


def number(place: int) -> str:
    return f"139{place:08d}"


def a_good_row(place: int) -> Row:
    return [number(place), f"成员{place}", "banjing", "", "正式党员", "工人", "否", ""]


def _spoilt(column: int, cell: Callable[[Random], str]) -> Callable[[Random, int], Row]:
    def spoil(random: Random, place: int) -> Row:
        row = a_good_row(place)
        row[column] = cell(random)
        return row

    return spoil


SPOILERS: Final[tuple[Callable[[Random, int], Row], ...]] = (
    _spoilt(0, lambda random: random.choice(_PHONES)),
    _spoilt(0, lambda random: "x" + noise(random, 30)),
    _spoilt(0, lambda random: str(random.randrange(10**9))),
    _spoilt(1, lambda random: "长" * random.randrange(81, 400)),
    _spoilt(1, lambda random: "张" + random.choice("\u200b\ufffd\u202e\x00\x07"[:3])),
    _spoilt(2, lambda random: "?" + noise(random)),
    _spoilt(2, lambda _random: ""),
    _spoilt(3, lambda random: random.choice(("110101", "32068", "x", "9" * 12, "320682116a"))),
    _spoilt(4, lambda random: "?" + noise(random)),
    _spoilt(5, lambda random: "?" + noise(random)),
    _spoilt(6, lambda random: random.choice(("13900000009", "也许", "2", "是的吧"))),
    _spoilt(7, lambda random: "?" + noise(random)),
    lambda random, place: [*a_good_row(place), noise(random) + "x"],
    lambda random, _place: [noise(random) + "x" for _ in range(random.randrange(1, 9))],
    lambda _random, _place: a_good_row(0),
)


def written(random: Random, row: Row, delimiter: str) -> str:
    text = io.StringIO()
    if random.random() < 0.5:
        csv.writer(text, delimiter=delimiter, lineterminator="").writerow(row)
    else:
        csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="").writerow(row)
    return text.getvalue()


def a_messy_list(random: Random, path: Path, first: int, bad_rows: int) -> tuple[list[int], int]:
    """A list of bad rows and good ones between; returns the places of the good ones, the first row left out."""
    delimiter, encoding = random.choice(",\t;"), random.choice(_ENCODINGS)
    title = random.choice(((), ("搬经镇党员花名册",), ("名册", "", "填报日期 2026-11-16")))
    lines = [*title, delimiter.join(HEADINGS), written(random, a_good_row(0), delimiter)]
    good = []
    for place in range(first, first + bad_rows):
        row = random.choice(SPOILERS)(random, place)
        lines.append(written(random, row, delimiter))
        if place % _GOOD_EVERY == 0:
            good.append(place + 5_000_000)
            lines.append(written(random, a_good_row(place + 5_000_000), delimiter))
    text = "".join(line + random.choice(("\n", "\r\n")) for line in lines)
    path.write_bytes(text.encode(encoding, "replace"))
    return good, bad_rows


@pytest.mark.slow
def test_a_hundred_thousand_bad_rows_lose_no_good_one(county: Newsroom, tmp_path: Path) -> None:
    random, keys = Random(20261116), county.data_keys
    wanted = {keys.number_key(f"+86{number(0)}")}
    total = 0
    for first in range(1, BAD_ROWS, _ROWS_A_FILE):
        path = tmp_path / "messy.csv"
        good, bad = a_messy_list(random, path, first, _ROWS_A_FILE)
        wanted |= {keys.number_key(f"+86{number(place)}") for place in good}
        result = import_subscribers(county, path)
        assert_counted(result)
        assert (result.added + result.unchanged, result.rejected) == (len(good) + 1, bad)
        total += bad
    assert total >= BAD_ROWS
    with county.reading() as session:
        assert set(session.exec(select(Subscriber.number_key))) == wanted


def assert_counted(result: ImportResult) -> None:
    assert result.read == result.added + result.updated + result.unchanged + result.rejected
    assert result.rejected == len(result.rejects) == sum(1 for _reject in result.rejects)
    assert all(reject.code and reject.message and reject.line > 1 for reject in result.rejects)


def a_workbook(path: Path) -> bytes:
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("党员")
        for line, row in enumerate((HEADINGS, *(a_good_row(place) for place in range(20)))):
            sheet.write_row(line, 0, row)
    return path.read_bytes()


def a_text(random: Random) -> bytes:
    rows = [HEADINGS, *(a_good_row(place) for place in range(20))]
    return "\n".join(",".join(row) for row in rows).encode(random.choice(_ENCODINGS))


def cut(random: Random, data: bytes) -> bytes:
    return data[: random.randrange(len(data))]


def turn_bytes(random: Random, data: bytes) -> bytes:
    spoilt = bytearray(data)
    for _ in range(random.randrange(1, 30)):
        spoilt[random.randrange(len(spoilt))] = random.randrange(256)
    return bytes(spoilt)


def put_in(random: Random, data: bytes) -> bytes:
    at = random.randrange(len(data))
    pieces = (
        b"\0",
        b'"',
        b"\r",
        b"\n",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b",\t;" * 9,
        random.randbytes(50),
        b"x" * 200_000,
    )
    return data[:at] + random.choice(pieces) * random.randrange(1, 4) + data[at:]


def begin_so(random: Random, data: bytes) -> bytes:
    starts = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"\xff\xfe", b"\xfe\xff", b"", b"\x1f\x8b")
    return random.choice(starts) + data[random.randrange(20) :]


def spoil_part(random: Random, data: bytes) -> bytes:
    """One part of a workbook spoilt, in an archive that is whole."""
    if not data.startswith(b"PK"):
        return random.choice(("gb18030", "utf-16", "utf-8")).encode() + data[::-1]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = random.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            if name == chosen:
                content = random.choice((cut, turn_bytes, put_in))(random, content)
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.slow
def test_damaged_files_are_read_or_refused(county: Newsroom, tmp_path: Path) -> None:
    random = Random(42)
    workbook, path = a_workbook(tmp_path / "good.xlsx"), tmp_path / "damaged"
    refusals: list[NewsletterError] = []
    for _ in range(BAD_FILES):
        data = workbook if random.random() < 0.5 else a_text(random)
        path.write_bytes(random.choice((cut, turn_bytes, put_in, begin_so, spoil_part))(random, data))
        try:
            assert_counted(import_subscribers(county, path, is_dry=True))
        except NewsletterError as error:
            refusals.append(error)
    assert all(error.exit_code == _BAD_INPUT and "\n" not in error.message for error in refusals)
    assert BAD_FILES / 4 < len(refusals) < BAD_FILES


@pytest.mark.slow
def test_damaged_files_typed_at_the_command_line_end_in_no_bug(
    county: Newsroom, shell: CommandLine, tmp_path: Path
) -> None:
    county.engine.dispose()
    random = Random(7)
    workbook, path = a_workbook(tmp_path / "good.xlsx"), tmp_path / "damaged"
    for _ in range(25):
        data = workbook if random.random() < 0.5 else a_text(random)
        path.write_bytes(random.choice((cut, turn_bytes, put_in, begin_so, spoil_part))(random, data))
        answer = shell.type("subscribers", "import", path, "--dry-run", by="li", code=None)
        assert answer.code in {0, 2, 6}
        assert "Traceback" not in answer.out + answer.err
        assert "139000000" not in answer.out + answer.err
