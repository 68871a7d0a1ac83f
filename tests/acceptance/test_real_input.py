"""Texts as offices really write them are submitted and published: long, Traditional, damaged, GB18030, unbroken.

Where ``NEWSLETTER_SAMPLE_TEXTS`` names a directory, every ``.txt`` in it is published as well.
"""

import os
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from tests.command_line import CommandLine
from tests.texts import a_subscriber_file

SENTENCE = (
    "各支部把每月的学习安排到田头，{n}号当天到会的党员有{n}人，大家就水渠清淤、粮食烘干和留守老人看病三件事逐条商量。"
)
PARAGRAPHS = ("".join(SENTENCE.format(n=n) for n in range(first, first + 8)) for first in range(1, 73, 8))
LONG = "秋收时节的组织生活\n" + "\n\n".join(PARAGRAPHS)
TRADITIONAL = "鄉鎮黨報的發展\n\n為了讓離鄉黨員及時瞭解家鄉變化，縣裡辦起了手機報，內容包括農業、醫療與學習。"
BROKEN = "手机报怎样办\n\n?F如今，手机人人都有；过去?F靠广播。我们\ufffd\ufffd决定办一份手机报，一周两期。"
UNBROKEN = "一句话新闻\n" + "".join(SENTENCE.format(n=n) for n in range(1, 20))
HEADINGS = """Party Newspaper by Mobile Phone: a Report

1. Background

In 2026 the county began its mobile newspaper.

一、做法

（一）Who writes: 各镇信息员（correspondents）。
\t（二）Who reads: members away from home — “流动党员” & others <1,200>.

2. Results 100% ~ 95.5%
"""
LETTERS = "A" * 300 + "\n" + "https://example.cn/" + "x" * 400
TEXTS = {
    "long": LONG,
    "traditional": TRADITIONAL,
    "broken": BROKEN,
    "unbroken": UNBROKEN,
    "headings": HEADINGS,
    "letters": "网址很长的一篇\n" + LETTERS,
}
CODES = {"traditional": {"typo"}, "broken": {"typo"}}


@pytest.fixture
def desk(shell: CommandLine, tmp_path: Path) -> CommandLine:
    shell.ask("subscribers", "import", a_subscriber_file(tmp_path, 5), by="li")
    return shell


def submit(desk: CommandLine, *files: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.ask("submit", *files, "--contributor", "陆小满", by="li")["articles"]
    return found


def publish(desk: CommandLine, articles: list[int], *options: object, out: Path) -> str:
    """Draft, approve, sign and send an edition of these articles; the text of its printed pages without white space."""
    drafted = desk.ask("draft", *articles, *options, "--submit", by="li")
    desk.ask("approve", drafted["edition"], by="wang")
    sent = desk.ask("send", drafted["edition"], "--yes", by="zhao")
    assert (sent["stage"], sent["ledger"]["delivered"]) == ("sent", 5)
    shown = desk.ask("preview", drafted["edition"], "--out", out, by="li")
    document = pypdfium2.PdfDocument(shown["archive"])
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


def is_printed(line: str, pages: str) -> bool:
    """Whether a line's characters are on the pages: those that print, however lines were broken."""
    return "".join(line.split())[:12] in pages


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_as_offices_write_it_is_published(desk: CommandLine, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.txt"
    path.write_text(TEXTS[kind], encoding="gb18030" if kind == "unbroken" else "utf-8")
    (submitted,) = submit(desk, path)
    assert {finding["code"] for finding in submitted["findings"]} == CODES.get(kind, set())
    pages = publish(desk, [submitted["article"]], out=tmp_path)
    lines = [line for line in TEXTS[kind].splitlines() if line.strip()]
    assert is_printed(lines[0], pages)
    if kind not in ("broken", "letters"):
        assert all(is_printed(line, pages) for line in lines)


def test_all_of_them_together_are_one_edition(desk: CommandLine, tmp_path: Path) -> None:
    files = []
    for kind, text in TEXTS.items():
        files.append(tmp_path / f"{kind}.txt")
        files[-1].write_text(text, encoding="utf-8")
    pages = publish(desk, [one["article"] for one in submit(desk, *files)], out=tmp_path)
    assert all(is_printed(text.splitlines()[0], pages) for text in TEXTS.values())


def test_a_long_text_in_full_is_refused_with_the_way_out(desk: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(LONG, encoding="utf-8")
    assert len(LONG) > 4_000
    submit(desk, path)
    error = desk.ask("draft", 1, "--text", "full", "--submit", by="li", code=4)["error"]
    assert error["code"] == "blocked"
    assert "Send headlines" in error["message"]


SAMPLES = os.environ.get("NEWSLETTER_SAMPLE_TEXTS")
#: Where their pages go, to be looked at.
SAMPLES_OUT = os.environ.get("NEWSLETTER_SAMPLE_OUT")


@pytest.mark.slow
@pytest.mark.skipif(not SAMPLES, reason="NEWSLETTER_SAMPLE_TEXTS names no directory")
def test_the_sample_texts_are_published_each_and_all(desk: CommandLine, tmp_path: Path) -> None:
    files = sorted(Path(SAMPLES or "").glob("*.txt"))
    assert files, "the directory holds no .txt"
    articles = submit(desk, *files)
    out = Path(SAMPLES_OUT or tmp_path)
    for article in [*([one["article"]] for one in articles), [one["article"] for one in articles]]:
        pages = publish(desk, article, out=out)
        assert len(pages) > 200
