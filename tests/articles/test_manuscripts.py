"""What a submitted file says: every shape offices send, and one exact line for what cannot be an article."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.articles.manuscript_text import ManuscriptError, clean_text
from newsletter.articles.manuscripts import Manuscript, read_manuscript, write_manuscript
from newsletter.articles.models import Revision, TextFormat
from newsletter.errors import InputError

FULL = """---
title: 板凳会
column: 要闻
contributor: 陆小满
lead: 村口的会
source: 本报
pictures: [a.png, b.jpg]
---

第一段。

第二段。
"""


def read(directory: Path, text: str | bytes, *, name: str = "a.md", title: str | None = None) -> Manuscript:
    path = directory / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_manuscript(path, title=title)


def refused(directory: Path, text: str | bytes, *, name: str = "a.md") -> str:
    with pytest.raises(InputError) as refusal:
        read(directory, text, name=name)
    assert name in refusal.value.message
    assert "\n" not in refusal.value.message
    return refusal.value.message


def test_front_matter_is_read(tmp_path: Path) -> None:
    found = read(tmp_path, FULL)
    assert (found.title, found.column, found.contributors) == ("板凳会", "要闻", ("陆小满",))
    assert (found.lead, found.source, found.body) == ("村口的会", "本报", "第一段。\n\n第二段。")
    assert found.pictures == (tmp_path / "a.png", tmp_path / "b.jpg")
    assert found.format is TextFormat.MARKDOWN


@pytest.mark.parametrize(
    ("matter", "contributors"),
    [
        ("contributors: [陆小满, 顾春禾]", ("陆小满", "顾春禾")),
        ("contributors:\n  - 陆小满\n  - 7", ("陆小满", "7")),
        ("contributors: 陆小满", ("陆小满",)),
        ("contributor: 陆小满", ("陆小满",)),
        ("contributors: []", ()),
        ("contributors: ['', 陆小满]", ("陆小满",)),
    ],
)
def test_a_byline_may_be_joint(tmp_path: Path, matter: str, contributors: tuple[str, ...]) -> None:
    assert read(tmp_path, f"---\ntitle: 题\n{matter}\n---\n文").contributors == contributors


def test_who_released_it_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "---\ntitle: 题\ncleared: 丁 主任\n---\n文").cleared == "丁 主任"
    assert read(tmp_path, "题\n文").cleared == ""


@pytest.mark.parametrize(
    "encoded",
    [
        FULL.encode("utf-8-sig"),
        FULL.encode("gb18030"),
        FULL.replace("\n", "\r\n").encode(),
        FULL.replace("\n", "\r\n").encode("utf-8-sig"),
        FULL.replace("\n", "\r").encode(),
    ],
    ids=["bom", "gb18030", "crlf", "bom-crlf", "cr"],
)
def test_every_way_an_office_saves_it_reads_alike(tmp_path: Path, encoded: bytes) -> None:
    assert read(tmp_path, encoded) == read(tmp_path, FULL)


@pytest.mark.parametrize(
    ("text", "name", "title", "body"),
    [
        ("\n\n  标题  \n\n正文。\n", "a.txt", "标题", "正文。"),
        ("# 标题\n\n正文。", "a.md", "标题", "正文。"),
        ("标题\n正文。", "a.markdown", "标题", "正文。"),
        ("# 标题\n正文。", "A.TXT", "# 标题", "正文。"),
        ("---\nlead: 导语\n---\n## 标题\n正文。", "a.md", "标题", "正文。"),
        ("---\n---\n标题\n正文。", "a.md", "标题", "正文。"),
        ("标  题\t一\n正文。", "a.txt", "标 题 一", "正文。"),
    ],
)
def test_the_first_line_is_the_title(tmp_path: Path, text: str, name: str, title: str, body: str) -> None:
    found = read(tmp_path, text, name=name)
    assert (found.title, found.body.strip()) == (title, body)


def test_a_title_given_leaves_the_first_line_in_the_text(tmp_path: Path) -> None:
    found = read(tmp_path, "第一行\n第二行", name="a.txt", title="另题")
    assert (found.title, found.body) == ("另题", "第一行\n第二行")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026", "2026"),
        ("1.10", "1.10"),
        ("2026-11-20", "2026-11-20"),
        ("true", "true"),
        ("no", "no"),
        ("0123", "0123"),
        ("1e3", "1e3"),
        ("'单引号'", "单引号"),
        ('"冒号: 在内"', "冒号: 在内"),
        ('"\\u4e2d\\x07\\ud800国"', "中国"),
        ("|\n  两\n  行", "两 行"),
        ("&a 锚", "锚"),
        ("!!int 7", "7"),
    ],
)
def test_a_value_is_what_was_typed(tmp_path: Path, value: str, said: str) -> None:
    assert read(tmp_path, f"---\ntitle: {value}\n---\n正文。").title == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("\n \n\t\n", "has no text"),
        ("只有标题", "has no text"),
        ("只有标题\n\n \n", "has no text"),
        ("---\ntitle: 题\n---\n", "has no text"),
        ("---\ntitle: 题\n", "line 1: the front matter has no closing ---"),
        ("---\ntitle: 题\nauthor: 某\n---\n文", "unknown front matter field author; known are title, column"),
        ("---\ntitle: [一, 二]\n---\n文", "front matter field title must be one value"),
        ("---\nlead: {a: b}\n---\n文", "front matter field lead must be one value"),
        ("---\ntitle: 题\npictures: {a: b}\n---\n文", "front matter field pictures must be a list of file names"),
        ("---\ntitle: 题\npictures: [[a]]\n---\n文", "front matter field pictures must be a list of file names"),
        ("---\ntitle: 题\ncontributors: {a: b}\n---\n文", "front matter field contributors must be a list of names"),
        ("---\ntitle: 题\ncontributor: 甲\ncontributors: [乙]\n---\n文", "contributor or contributors, not both"),
        ("---\ntitle: 题\ncleared: " + "名" * 81 + "\n---\n文", "cleared has 81 characters; at most 80"),
        ("---\n? [a]\n: b\n---\n文", "unknown front matter field"),
        ("---\n- a\n---\n文", "line 2: malformed front matter"),
        ("---\njust words\n---\n文", "line 2: malformed front matter"),
        ("---\ntitle: 题\nlead: 一: 二\n---\n文", "line 3: malformed front matter"),
        ("---\ntitle: 题\ncolumn: 要闻\nlead: @x\n---\n文", "line 4: malformed front matter"),
        ("---\ntitle: a\ntitle: b\n---\n文", "line 3: malformed front matter"),
        ("---\ntitle: *lost\n---\n文", "line 2: malformed front matter"),
        ("---\nsource: " + "源" * 201 + "\n---\n题\n文", "source has 201 characters; at most 200"),
        ("---\ntitle: ''\n---\n\n", "has no t"),
        ("题" * 201 + "\n文", "the title has 201 characters; at most 200 fit"),
        ("#\n文", "has no title"),
    ],
)
def test_what_cannot_be_an_article_is_told_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, text)


@pytest.mark.parametrize("name", ["a.doc", "a.pdf", "a", "a.md.exe"])
def test_other_kinds_of_files_are_refused_by_name(tmp_path: Path, name: str) -> None:
    assert "articles come as .docx, .markdown, .md, .txt files" in refused(tmp_path, "题\n文", name=name)


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02", "题\n文".encode("utf-16"), b"\xff\xfe\xfd" * 9, b"%PDF-1.7\n\x00\xd0\xd4"], ids=repr
)
def test_bytes_that_are_no_text_are_told(tmp_path: Path, data: bytes) -> None:
    assert "text" in refused(tmp_path, data)


def test_a_missing_file_and_a_directory_are_told(tmp_path: Path) -> None:
    (tmp_path / "b.md").mkdir()
    for name in ("gone.md", "b.md"):
        with pytest.raises(InputError, match=name):
            read_manuscript(tmp_path / name)


def test_a_huge_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    path.write_text("文\n" * 600_000, encoding="utf-8")
    with pytest.raises(InputError, match=r"huge\.txt is larger than 2 MB"):
        read_manuscript(path)


def test_invisible_characters_are_dropped() -> None:
    assert clean_text("党\x00\x07报\ue000\x1b[31m\t红\n行\ud800") == "党报[31m 红\n行"
    assert clean_text("e\u0301") == "é"


@pytest.mark.parametrize("field", ["title", "lead", "source"])
def test_no_field_carries_what_cannot_be_stored(tmp_path: Path, field: str) -> None:
    text = f'---\ntitle: 题\n{field}: "甲\\ud800\\0\\x1b乙"\n---\n文'.replace("title: 题\ntitle", "title")
    assert getattr(read(tmp_path, text), field) == "甲乙"


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("-:[]{}'\"#|>&*!%@\\ \n\t,?题文a1\x00\x85\u2028\ufeff~<=")))
def test_no_front_matter_is_a_bug(tmp_path_factory: pytest.TempPathFactory, block: str) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.md"
    path.write_text(f"---\n{block}\n---\n题\n文", encoding="utf-8")
    try:
        found = read_manuscript(path)
    except InputError:
        return
    found.title.encode()
    assert found.title.isprintable()


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), min_size=1)


@settings(max_examples=200, deadline=None)
@given(title=TEXT, lead=st.text("导语 \":'#", max_size=20), body=TEXT)
def test_what_the_editor_is_handed_reads_back(
    tmp_path_factory: pytest.TempPathFactory, title: str, lead: str, body: str
) -> None:
    title, body = " ".join(clean_text(title)[:190].split()), clean_text(body).strip()
    if not title or not body:
        return
    revision = Revision(article_id=1, title=title, lead=lead.strip(), body=body, format="markdown")  # type: ignore[call-arg]
    path = tmp_path_factory.getbasetemp() / "back.md"
    path.write_text(write_manuscript(revision), encoding="utf-8")
    found = read_manuscript(path)
    assert (found.title, found.lead, found.body.strip()) == (title, clean_text(lead).strip(), body)
    assert found.said == {"title", "lead", "source"}


def test_what_is_read_twice_is_the_same(tmp_path: Path) -> None:
    assert read(tmp_path, FULL) == read(tmp_path, FULL)
    with pytest.raises(ManuscriptError):
        read(tmp_path, FULL, name="a.doc")
