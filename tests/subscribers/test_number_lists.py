"""What counts as a list of numbers."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.errors import InputError
from newsletter.newsroom import Newsroom
from newsletter.subscribers.lists import number_lists
from newsletter.subscribers.lists.number_lists import ListResult, take_numbers


def take(newsroom: Newsroom, path: Path) -> tuple[ListResult, list[str]]:
    taken: list[str] = []

    def write(numbers: object) -> int:
        new = [number for _key, number in numbers if number not in taken]  # type: ignore[attr-defined]
        taken.extend(new)
        return len(new)

    return take_numbers(newsroom, path, write, lambda _done, _total: None), taken


@pytest.mark.parametrize(
    "content",
    [
        "13900000001\n13900000002\n",
        "手机号\n13900000001\n13900000002\n",
        "姓名,手机号码\n张三,13900000001\n李四,139 0000 0002\n",
        "序号;电话;备注\n1;+86-139-0000-0001;a\n2;13900000002.0;b;c\n",
        "Phone\tName\n１３９０００００００１\tx\n8613900000002\ty\n",
        '"phone","name"\r\n"13900000001","a\r\n"13900000002","b"\r\n',
        "\n13900000001,x\n\n13900000002,\n13900000001\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_however_an_office_writes_it(newsroom: Newsroom, tmp_path: Path, content: str, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content.encode(encoding))
    result, taken = take(newsroom, path)
    assert taken == ["+8613900000001", "+8613900000002"]
    assert (result.added, result.rejected) == (2, 0)
    assert result.read == result.added + result.unchanged


def test_bad_lines_are_told_by_line_and_stop_nothing(newsroom: Newsroom, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "phone,name\n,无\n0513-87650000,座机\n13900000001,张三\n\n+14155550100,外\n1390000000,短\n", "utf-8"
    )
    result, taken = take(newsroom, path)
    assert taken == ["+8613900000001"]
    assert [(reject.line, reject.code) for reject in result.rejects] == [
        (2, "missing_number"), (3, "landline"), (6, "foreign_number"), (7, "invalid_number"),
    ]  # fmt: skip
    assert not any("1390" in reject.message or "0513" in reject.message for reject in result.rejects)


def test_a_file_without_numbers_is_refused(newsroom: Newsroom, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("姓名,单位\n张三,搬经镇\n", "utf-8")
    with pytest.raises(InputError, match="no column of numbers"):
        take(newsroom, path)


def test_numbers_count_once_across_chunks(newsroom: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(number_lists, "CHUNK_NUMBERS", 2)
    path = tmp_path / "list.csv"
    path.write_text("".join(f"1390000000{n}\n" for n in (1, 1, 2, 1, 3)), "utf-8")
    result, taken = take(newsroom, path)
    assert (len(taken), result.read, result.added, result.unchanged) == (3, 5, 3, 2)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.just("13900000001"), st.text(max_size=30).filter(str.strip)), min_size=1, max_size=8))
def test_no_file_loses_a_line(newsroom: Newsroom, tmp_path: Path, lines: list[str]) -> None:
    kept = [" ".join(line.split()) for line in lines]
    path = tmp_path / "fuzz.csv"
    path.write_bytes("\n".join(["手机号", *kept]).encode("utf-8", "replace"))
    try:
        result, _taken = take(newsroom, path)
    except InputError:
        return
    assert result.read == result.added + result.unchanged + result.rejected
    assert result.added == (1 if "13900000001" in kept else result.added)
