"""Roster, terms and gazetteer as offices write them: headings, encodings, and one line for what is wrong."""

import os
from datetime import date
from pathlib import Path

import pytest

from newsletter.articles.reference import tables
from newsletter.articles.reference.codes import ErrorCode, Severity
from newsletter.articles.reference.gazetteer import Entry, read_gazetteer
from newsletter.articles.reference.roster import Tenure, read_roster
from newsletter.articles.reference.tables import ReferenceFileError
from newsletter.articles.reference.terms import Term, read_terms
from newsletter.newsroom import Newsroom
from tests.command_line import CommandLine
from tests.texts import an_article_file


def write(directory: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = directory / name
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("headings", ["name,post,unit,rank,from,until", "姓名,职务,单位,排名,起,止"])
def test_a_roster_is_read(tmp_path: Path, headings: str, encoding: str) -> None:
    text = f"{headings}\n陶怀远,市委书记,如皋市,1,2024-03-01,\n\n贺景明, 市长 ,,,,2026-06-30\n"
    assert read_roster(write(tmp_path, "roster.csv", text, encoding)) == (
        Tenure("陶怀远", "市委书记", "如皋市", 1, date(2024, 3, 1), None),
        Tenure("贺景明", "市长", "", None, None, date(2026, 6, 30)),
    )


def test_terms_and_places_are_read(tmp_path: Path) -> None:
    terms = write(
        tmp_path, "terms.csv", "用语,应为,类别,级别,说明\n解放后,新中国成立后,导向,禁用,\n做为,作为,typo,warning,别字\n"
    )
    assert read_terms(terms) == (
        Term("解放后", "新中国成立后", ErrorCode.ORIENTATION, Severity.BLOCKING, ""),
        Term("做为", "作为", ErrorCode.TYPO, Severity.WARNING, "别字"),
    )
    places = write(tmp_path, "gazetteer.csv", "地名,上级\n水绘园,如城街道\n如泰运河,\n")
    assert read_gazetteer(places) == (Entry("水绘园", "如城街道"), Entry("如泰运河", ""))


def test_a_missing_file_has_no_lines(tmp_path: Path) -> None:
    assert read_roster(tmp_path / "roster.csv") == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("姓名,职务\n,市长\n", "line 2, field name: empty."),
        ("姓名,职务,排名\n张三,市长,第一\n", "line 2, field rank: 第一 is not a whole number."),
        ("姓名,职务,起\n\n\n张三,市长,2026年7月\n", "line 4, field from: 2026年7月 is not a date"),
        ("姓名,职务,起,止\n张三,市长,2026-07-01,2026-06-01\n", "line 2, field until: it ends before it begins."),
        ("姓名,职别\n", "line 1: unknown column 职别; known are name (姓名)"),
        ("姓名\n张三\n", "line 1: the column post (职务) is missing."),
        ("姓名,name,职务\n", "line 1: the column name stands twice."),
        ("姓名,职务\n张三,市长,1\n", "line 2: 3 cells under 2 headings."),
        ('姓名,职务\n"张三,市长\n', "line 2: not a CSV file."),
    ],
)
def test_an_error_in_a_roster_is_one_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ReferenceFileError) as caught:
        read_roster(write(tmp_path, "roster.csv", text))
    assert words in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("一,二,错误,禁用,", "field code: 错误 is none of orientation"),
        ("一,二,typo,严重,", "field severity: 严重 is none of"),
    ],
)
def test_an_unknown_class_or_severity_is_named(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(ReferenceFileError, match=words):
        read_terms(write(tmp_path, "terms.csv", f"用语,应为,类别,级别,说明\n{row}\n"))


def test_a_file_is_read_again_only_when_it_was_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "gazetteer.csv", "地名,上级\n水绘园,\n")
    assert read_gazetteer(path) == (Entry("水绘园", ""),)
    with monkeypatch.context() as patch:
        patch.setattr(tables, "read_text_file", lambda _path: pytest.fail("read again"))
        assert read_gazetteer(path) == (Entry("水绘园", ""),)
    write(tmp_path, "gazetteer.csv", "地名,上级\n龙游湖,\n")
    os.utime(path, (1, 1))
    assert read_gazetteer(path) == (Entry("龙游湖", ""),)


def test_an_error_refuses_the_command_and_nothing_is_kept(
    newsroom: Newsroom, shell: CommandLine, tmp_path: Path
) -> None:
    path = an_article_file(tmp_path)
    first = shell.ask("submit", path, by="li")["articles"][0]["article"]
    roster = write(newsroom.directory, "roster.csv", "姓名,职务,排名\n陶怀远,市委书记,一\n")
    for line in (("submit", path), ("draft", first), ("show", first)):
        answer = shell.ask(*line, by="li", code=2)
        assert answer["error"]["code"] == "reference_file"
        assert answer["error"]["message"] == f"{roster} line 2, field rank: 一 is not a whole number."
    roster.unlink()
    assert len(shell.ask("articles", by="li")["articles"]) == 1
    assert shell.ask("editions", by="li")["editions"] == []
