"""Paper: what is printed, what is refused or reported, and that it is the same bytes every time."""

import base64
import hashlib
import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pypdfium2
import pytest
from PIL import Image

from newsletter.editions.kinds import Kind
from newsletter.editions.layout import Credits, EditionLayout, LayoutColumn, LayoutItem
from newsletter.editions.rendering import findings, pdf, weasy
from newsletter.editions.rendering.archive import render_archive, signoff_html
from newsletter.editions.rendering.pdf import render_pdf
from newsletter.editions.rendering.probe import check_rendering
from newsletter.editions.rendering.weasy import MissingFontError, MissingLibraryError

PARAGRAPH = "各镇区街道党组织结合实际，组织“板凳会”“田间课堂”，把党员教育送到家门口。"
CREDITS = Credits(
    editors=("李编", "周编"),
    submitted_at=datetime(2026, 11, 21, 0, 5, tzinfo=UTC),
    reviewer="王审",
    approved_at=datetime(2026, 11, 21, 0, 35, tzinfo=UTC),
    issuer="赵签",
    signed_at=datetime(2026, 11, 21, 1, 5, tzinfo=UTC),
    digest="ab" * 32,
    journal_head="0f" * 32,
)


def a_picture() -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "#446688").save(buffer, "PNG")
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"


def an_item(article: int = 1, **values: Any) -> LayoutItem:
    item = LayoutItem(article=article, title=f"第{article}号标题", body=PARAGRAPH * 3, unit_name="搬经镇")
    return replace(item, **values)


def a_layout(*items: LayoutItem, **values: Any) -> EditionLayout:
    layout = EditionLayout(
        paper_name="如皋党建手机报",
        signature="如皋党建",
        kind=Kind.MAIN,
        number=12,
        date=date(2026, 11, 21),
        columns=(LayoutColumn(name="重点聚焦", items=items),),
    )
    return replace(layout, **values)


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document).replace("\r", "").replace(" ", "")


def images_of(data: bytes) -> list[bytes]:
    with pypdfium2.PdfDocument(data) as document:
        return [page.render(scale=1).to_pil().tobytes() for page in document]


def test_a_page_says_paper_issue_day_and_what_was_written() -> None:
    dedicated = LayoutColumn(
        name="人社之窗", owner="县人社局", items=(an_item(2, contributor="陈红", lead="导语在此"),)
    )
    own = LayoutColumn(name="重点聚焦", items=(an_item(1, source="人民网"),))
    rendering = render_pdf(a_layout(kind=Kind.TOWN, unit_name="搬经镇", columns=(own, dedicated)))
    text = text_of(rendering.data)
    for printed in ("如皋党建手机报", "第12期", "2026年11月21日", "星期六", "搬经镇专刊", "重点聚焦", "第1号标题"):
        assert printed in text
    for printed in ("来源：人民网", "专栏", "人社之窗", "县人社局", "陈红", "供稿", "导语在此", "第1版/共1版"):
        assert printed in text
    assert (rendering.page_count, rendering.missing_glyphs, rendering.problems) == (1, (), ())


def test_metadata_names_paper_and_issue() -> None:
    with pypdfium2.PdfDocument(render_pdf(a_layout(an_item())).data) as document:
        metadata = document.get_metadata_dict()
    assert metadata["Title"] == "如皋党建手机报 第12期"
    assert metadata["Author"] == "如皋党建手机报"
    assert metadata["CreationDate"].startswith("D:20261121")


def test_the_archive_copy_is_the_proof_and_one_page_more() -> None:
    layout = a_layout(*(an_item(number, body=PARAGRAPH * 30) for number in range(1, 6)))
    proof = render_pdf(layout)
    archive = render_archive(proof.data, layout, CREDITS)
    assert proof.page_count > 1
    assert len(images_of(archive)) == proof.page_count + 1
    assert images_of(archive)[:-1] == images_of(proof.data)
    assert render_archive(proof.data, layout, CREDITS) == archive
    signed = text_of(archive)
    for word in ("编辑：李编、周编", "审核：王审", "签发：赵签", "2026-11-21", "ab" * 32, "0f" * 32):
        assert word in signed
        assert word not in text_of(proof.data)


def test_the_same_edition_is_the_same_bytes_in_any_process() -> None:
    layout = a_layout(an_item(pictures=(a_picture(),)), an_item(2), unit_name="县委组织部")
    here = hashlib.sha256(render_pdf(layout).data).hexdigest()
    assert hashlib.sha256(render_pdf(layout).data).hexdigest() == here
    code = (
        "import datetime, hashlib, sys\n"
        "from newsletter.editions.kinds import Kind\n"
        "from newsletter.editions.layout import EditionLayout, LayoutColumn, LayoutItem\n"
        "from newsletter.editions.rendering.pdf import render_pdf\n"
        f"layout = {layout!r}\n"
        "print(hashlib.sha256(render_pdf(layout).data).hexdigest())\n"
    ).replace("<Kind.MAIN: 'main'>", "Kind.MAIN")
    assert run_python(code, PYTHONHASHSEED="7", TZ="America/Lima") == here


def test_what_no_font_can_draw_is_named_once() -> None:
    rendering = render_pdf(a_layout(an_item(body="\ue000甲\ue000", title="\ue001")))
    assert rendering.missing_glyphs == ("\ue000", "\ue001")
    assert rendering.problems == ()


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/a.png", "a.png", "data:image/png;base64,AAAA"])
def test_a_picture_that_cannot_be_read_is_a_problem(address: str) -> None:
    rendering = render_pdf(a_layout(an_item(5, pictures=(a_picture(), address))))
    assert rendering.problems == ("Picture 2 of article 5 cannot be read.",)


def test_nothing_is_read_from_disk_for_a_page(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (4, 3)).save(secret)
    rendering = render_pdf(a_layout(an_item(5, pictures=(secret.as_uri(),))))
    assert rendering.problems == ("Picture 1 of article 5 cannot be read.",)


def test_a_picture_inside_the_text_is_a_problem() -> None:
    (problem,) = render_pdf(a_layout(an_item(5, body=f"见图![图](photo.png)，{PARAGRAPH}"))).problems
    assert "Article 5" in problem
    assert "photo.png" in problem


def test_markup_in_any_field_is_printed_as_text() -> None:
    bold = "<b>甲</b>&"
    item = an_item(title=bold, lead=bold, body=bold, unit_name=bold, contributor=bold, source=bold)
    layout = a_layout(item, paper_name=bold, title=bold, kind=Kind.SPECIAL)
    signed = replace(CREDITS, editors=(bold,), reviewer=bold, issuer=bold)
    for html in (pdf.edition_html(layout), signoff_html(layout, signed)):
        assert "<b>甲" not in html
        assert "&lt;b&gt;甲" in html


def test_a_mistake_in_our_style_sheet_is_not_passed_over() -> None:
    printed = weasy.print_html("<style>p { colour: red }</style><p>期</p>")
    with pytest.raises(findings.TemplateBugError, match="colour"):
        findings.describe_problems(printed.records, {})


def test_an_edition_without_articles_still_prints() -> None:
    assert render_pdf(a_layout(columns=())).page_count == 1


def test_this_machine_can_print() -> None:
    assert check_rendering() == []


@pytest.fixture
def without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [SimpleNamespace(find_spec=refuse)])


@pytest.mark.usefixtures("without_pango")
def test_a_missing_library_is_named_with_its_mend() -> None:
    with pytest.raises(MissingLibraryError, match="libpango") as caught:
        render_pdf(a_layout(an_item()))
    assert (caught.value.exit_code, caught.value.code) == (5, "missing_library")
    assert "fonts-noto-cjk" in caught.value.hint
    (lack,) = check_rendering()
    assert (lack.code, lack.is_fatal) == ("missing_library", True)


def test_a_missing_font_is_told_from_an_odd_character(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "FONT_PROBE", "\ue000")
    with pytest.raises(MissingFontError):
        render_pdf(a_layout(an_item(body="\ue000")))


def test_a_machine_without_any_font_is_told_so_and_does_not_crash(tmp_path: Path) -> None:
    settings = tmp_path / "fonts.conf"
    settings.write_text(f"<fontconfig><dir>{tmp_path}</dir><cachedir>{tmp_path}/cache</cachedir></fontconfig>")
    code = "from newsletter.editions.rendering.probe import check_rendering; print(check_rendering()[0].code)"
    assert run_python(code, FONTCONFIG_FILE=str(settings)) == "missing_font"


def run_python(code: str, **environment: str) -> str:
    command = [sys.executable, "-c", code]
    root = Path(__file__).parents[2]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=root, env={**os.environ, **environment}
    )
    return done.stdout.strip()
