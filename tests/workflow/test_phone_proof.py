"""The issuer's proof on a telephone: narrow pages that hold everything that is about to be signed."""

from pathlib import Path

import pypdfium2
import pytest

from tests.command_line import CommandLine
from tests.texts import BODY, a_subscriber_file, an_article_file

#: 90 mm in points.
_PHONE_WIDTH = 255


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    shell.ask("submit", an_article_file(tmp_path, body=BODY + "\n\n**清淤**要赶在霜降前。"), by="li")
    shell.ask("draft", 1, "--submit", by="li")
    shell.ask("approve", 1, by="wang")
    return shell


def read(path: Path) -> tuple[list[int], str]:
    """Each page's width in points, and all text without white space."""
    with pypdfium2.PdfDocument(path) as document:
        widths = [round(page.get_width()) for page in document]
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    return widths, "".join(text.split())


def test_it_holds_all_an_issuer_signs_for(desk: CommandLine, tmp_path: Path) -> None:
    shown = desk.ask("preview", 1, "--piece", "phone", "--out", tmp_path / "out", by="zhao")
    widths, text = read(Path(shown["phone"]))
    assert set(widths) == {_PHONE_WIDTH}
    for said in ("板凳会开到田头", "三段河道", "清淤", shown["digest"][:16], "li2", "wang2", "【如皋手机报】"):
        assert said in text, said
    assert "12numbers" in text


def test_it_speaks_the_issuers_language(desk: CommandLine, tmp_path: Path) -> None:
    answer = desk.type("preview", 1, "--piece", "phone", "--out", tmp_path / "out", by="zhao", language="zh-CN")
    _widths, text = read(Path(answer.out.strip().splitlines()[-1]))
    assert "12个号码" in text


def test_it_is_made_only_when_asked_for(desk: CommandLine, tmp_path: Path) -> None:
    assert desk.ask("preview", 1, "--out", tmp_path / "out", by="zhao")["phone"] is None
    assert not list((tmp_path / "out").glob("*phone*"))
