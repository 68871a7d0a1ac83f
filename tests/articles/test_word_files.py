"""Word documents as manuscripts: what is kept of them, and one exact line for what is none, or is made to harm."""

import random
import struct
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from newsletter.articles import word_files
from newsletter.articles.manuscript_text import ManuscriptError
from newsletter.articles.manuscripts import read_manuscript
from newsletter.articles.models import TextFormat
from newsletter.errors import InputError
from tests.articles.documents import DOCUMENT, PARAGRAPH, RELATIONS, a_document, a_picture, by_hand, repackaged, save

DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'


def test_a_plain_document_is_a_plain_article(tmp_path: Path) -> None:
    path = save(
        a_document("", "　　板凳会开到田头", "　　搬经镇讯　十一月十六日。", "", "会后定下三段河道。"), tmp_path
    )
    found = read_manuscript(path)
    assert (found.title, found.format) == ("板凳会开到田头", TextFormat.PLAIN)
    assert found.body == "搬经镇讯　十一月十六日。\n会后定下三段河道。"
    assert (found.contributors, found.embedded, found.said) == ((), (), frozenset())


def test_a_title_given_leaves_the_first_paragraph_in_the_text(tmp_path: Path) -> None:
    found = read_manuscript(save(a_document("第一段。", "第二段。"), tmp_path), title="另题")
    assert (found.title, found.body) == ("另题", "第一段。\n第二段。")


def test_headings_bold_lists_and_tables_are_kept(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph().add_run("关于秋种的通知").bold = True
    paragraph = document.add_paragraph("各村要")
    paragraph.add_run("“立即行动”").bold = True
    paragraph.add_run("，抓紧。")
    document.add_heading("一、时间", 1)
    for text in ("十月底前", "抢晴天"):
        document.add_paragraph(text, style="List Number")
    document.add_heading("二、面积", 2)
    table = document.add_table(2, 3)
    for row, texts in zip(table.rows, (("村", "亩", "备注"), ("焦港", "1200", "")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("种子", style="List Bullet")
    document.add_paragraph("化肥", style="List Bullet")
    found = read_manuscript(save(document, tmp_path))
    assert (found.title, found.format) == ("关于秋种的通知", TextFormat.MARKDOWN)
    assert found.body == (
        "各村要“**立即行动**”，抓紧。\n\n## 一、时间\n\n1. 十月底前\n2. 抢晴天\n\n### 二、面积\n\n"
        "村；亩；备注\n\n焦港；1200；\n\n- 种子\n- 化肥"
    )


@pytest.mark.parametrize("style", ["Heading 1", "Title"])
def test_a_heading_is_the_title(tmp_path: Path, style: str) -> None:
    document = docx.Document()
    document.add_paragraph("秋种#要早", style=style)
    document.add_paragraph("正文。")
    assert read_manuscript(save(document, tmp_path)).title == "秋种#要早"


def test_a_chinese_heading_style_is_one(tmp_path: Path) -> None:
    document = a_document("题", "小标题", "正文。")
    document.paragraphs[1].style = document.styles.add_style("标题 2", 1)
    assert read_manuscript(save(document, tmp_path)).body == "### 小标题\n\n正文。"


def test_pictures_are_kept_in_order(tmp_path: Path) -> None:
    document = a_document("题")
    pictures = [a_picture("red"), a_picture("blue", "JPEG")]
    for picture in pictures:
        document.add_picture(picture)
        document.add_paragraph("说明。")
    found = read_manuscript(save(document, tmp_path))
    assert list(found.embedded) == [picture.getvalue() for picture in pictures]
    assert "pictures" in found.said, "they replace those of the former revision"
    assert found.body == "说明。\n说明。"


def test_deleted_words_are_left_out_and_inserted_ones_taken(tmp_path: Path) -> None:
    change = 'w:id="1" w:author="a" w:date="2026-01-01T00:00:00Z"'
    body = (
        f"<w:p><w:r><w:t>三段</w:t></w:r><w:del {change}><w:r><w:delText>旧</w:delText></w:r></w:del>"
        f"<w:ins {change}><w:r><w:t>新</w:t></w:r></w:ins><w:r><w:br/><w:t>下一行</w:t></w:r></w:p>"
    )
    assert read_manuscript(by_hand(tmp_path, body=body)).body == "三段新\n下一行"


def test_a_footnote_stands_at_the_end_without_its_arrow(tmp_path: Path) -> None:
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    note = f'<w:footnotes {namespace}><w:footnote w:id="2">{PARAGRAPH.format("据统计局。")}</w:footnote></w:footnotes>'
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="f" '
        'Target="footnotes.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"/></Relationships>'
    )
    body = '<w:p><w:r><w:t>增产一成</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    path = by_hand(tmp_path, {"word/footnotes.xml": note, "word/_rels/document.xml.rels": relation}, body=body)
    assert read_manuscript(path).body == "增产一成[1]\n\n1. 据统计局。"


def refused(path: Path, said: str) -> None:
    with pytest.raises(InputError) as refusal:
        read_manuscript(path)
    assert said in refusal.value.message
    assert str(path) in refusal.value.message
    assert "\n" not in refusal.value.message


DAMAGED = "is no Word document, or a damaged one"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", DAMAGED),
        ("题\n文".encode(), DAMAGED),
        (b"PK\x03\x04" + b"\0" * 60, DAMAGED),
        (b"%PDF-1.7", DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "is protected by a password, or an old .doc file"),
    ],
    ids=["empty", "text", "torn zip", "pdf", "ole"],
)
def test_what_is_no_document_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "稿.docx").write_bytes(data)
    refused(tmp_path / "稿.docx", said)


def test_a_missing_file_a_directory_and_a_spreadsheet_are_told(tmp_path: Path) -> None:
    refused(tmp_path / "无.docx", "There is no file")
    (tmp_path / "d.docx").mkdir()
    refused(tmp_path / "d.docx", "is not a file")
    relations = RELATIONS.replace("word/document.xml", "xl/workbook.xml")
    refused(by_hand(tmp_path, {"_rels/.rels": relations, "xl/workbook.xml": "<workbook/>"}), DAMAGED)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
def test_a_document_cut_short_is_told(tmp_path: Path, share: float) -> None:
    path = save(a_document("题", "文"), tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    refused(path, DAMAGED)


def test_a_flipped_byte_is_told(tmp_path: Path) -> None:
    path = by_hand(tmp_path)
    data = bytearray(path.read_bytes())
    data[data.index(b"word/document.xml") + 30] ^= 0xFF
    path.write_bytes(data)
    refused(path, DAMAGED)


def test_a_protected_zip_is_told(tmp_path: Path) -> None:
    path = by_hand(tmp_path)
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02") + 8
    struct.pack_into("<H", data, place, struct.unpack_from("<H", data, place)[0] | 1)
    path.write_bytes(data)
    refused(path, DAMAGED)


@pytest.mark.parametrize("body", ["<w:p/>", PARAGRAPH.format("  "), "<w:tbl/>"])
def test_a_document_without_text_is_told(tmp_path: Path, body: str) -> None:
    refused(by_hand(tmp_path, body=body), "has no text")


#: What packs badly, so that only the limit meant is passed.
NOISE = random.Random(1).randbytes(2_100_000)
HEAVY = NOISE[:99_000] + bytes(9_000_000)
BOMBS: dict[str, Callable[[Path], Path]] = {
    "much text": lambda directory: by_hand(directory, body=PARAGRAPH.format(NOISE.hex() * 2)),
    "zeros": lambda directory: by_hand(directory, {"word/media/a.bin": b"\0" * 2_000_000}),
    "much in all": lambda directory: by_hand(directory, {f"word/media/{n}": HEAVY for n in range(6)}),
    "many parts": lambda directory: by_hand(directory, {f"word/{n}": "" for n in range(2_000)}),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    path = BOMBS[kind](tmp_path)
    monkeypatch.setattr("zipfile.ZipFile.read", lambda *_words: pytest.fail("it was unpacked"))
    refused(path, "is too large: at most 50 MB unpacked, 8 MB of them text")


def test_a_long_document_is_no_bomb(tmp_path: Path) -> None:
    body = PARAGRAPH.format("党员群众一起商量今冬清淤的事。" * 200) * 60
    assert len(read_manuscript(by_hand(tmp_path, body=body)).body) > 100_000


@pytest.mark.parametrize(
    "parts",
    [
        {"word/document.xml": DOCTYPE},
        {"word/styles.xml": DOCTYPE},
        {"docProps/custom.xml": DOCTYPE},
        {"_rels/.rels": DOCTYPE},
        {"word/media/image1.png": DOCTYPE},
        {"word/other": DOCTYPE.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")},
        {"word/document.xml": DOCUMENT.format(body="<w:p>")},
        {"word/document.xml": b"\xff\xfe"},
    ],
    ids=["document", "styles", "properties", "relations", "in disguise", "utf-16", "unclosed", "no text"],
)
def test_a_document_type_in_any_part_is_refused_and_so_is_broken_xml(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: dict[str, str | bytes]
) -> None:
    monkeypatch.setattr(word_files, "_convert", lambda *_words: pytest.fail("it was read"))
    refused(by_hand(tmp_path, parts), DAMAGED)


@pytest.mark.parametrize("depth", [101, 5_000])
def test_nesting_beyond_all_use_is_refused(tmp_path: Path, depth: int) -> None:
    refused(by_hand(tmp_path, body="<w:p>" * depth + "</w:p>" * depth), DAMAGED)


def test_whatever_the_reader_stumbles_over_is_one_line(tmp_path: Path) -> None:
    path = by_hand(tmp_path, body='<w:p><w:r><w:br w:type="nonsense"/><w:sym/></w:r></w:p>')
    with pytest.raises(ManuscriptError):
        read_manuscript(path)


def test_a_picture_kept_elsewhere_is_refused_and_never_fetched(tmp_path: Path) -> None:
    document = a_document("题", "文")
    document.add_picture(a_picture("red"))
    path = save(document, tmp_path)
    repackaged(path, "word/document.xml", "r:embed=", "r:link=")
    secret = tmp_path / "secret.png"
    secret.write_bytes(a_picture("blue").getvalue())
    repackaged(path, "word/_rels/document.xml.rels", 'Target="media/image1.png"', f'Target="{secret.as_uri()}"')
    refused(path, "a picture is linked, not part of the document")


def test_an_embedded_style_map_has_no_say(tmp_path: Path) -> None:
    path = by_hand(tmp_path, {"mammoth/style-map": "p => h1:fresh"})
    assert read_manuscript(path).body == "正文。"
