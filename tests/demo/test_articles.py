"""The sample articles read as a newspaper's should: complete, Simplified, with right days, places and marks."""

import re
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from newsletter.demo.sources import (
    COLUMNS,
    CONTRIBUTORS,
    DEPARTMENT_OF_THE_EDITION,
    LEADER_NAME,
    LEADER_SLIP,
    SLIP_ARTICLE,
    SLIP_MENDED,
    SLIP_QUOTE,
    TOWN_ARTICLE,
    TOWN_OF_THE_EDITION,
    article_paths,
    roster_path,
    sample_units,
    slip_path,
    weak_path,
    write_mended,
)

PATHS: Final = article_paths()
ALL_PATHS: Final = (*PATHS, weak_path())
UNITS: Final = {unit.code: unit for unit in sample_units()}
UNIT_OF: Final = {contributor.name: contributor.unit for contributor in CONTRIBUTORS}
AUTUMN: Final = (date(2026, 9, 1), date(2026, 11, 30))
DAY: Final = re.compile(r"(\d{1,2})月(\d{1,2})日(?:（星期([一二三四五六日])）)?")
#: A town's name, two characters long in this county, but not 镇里, 镇上 or 镇干部.
TOWN: Final = re.compile(r"([\u4e00-\u9fff]{2}镇)(?![里上干])")
#: A town's or street's name with a village's or community's right behind it.
PLACE_IN_TOWN: Final = re.compile(r"([\u4e00-\u9fff]{2}(?:镇|街道))([\u4e00-\u9fff]{2,3}?(?:村|社区))")
#: Characters of GB 2312 that Simplified texts write otherwise (those OpenCC's Traditional table replaces).
TRADITIONAL_IN_GB2312: Final = frozenset("乾菸薹捱摺吒後徵夥甯榘於麴醣麽")

every_article = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
every_text = pytest.mark.parametrize("path", ALL_PATHS, ids=lambda path: path.stem)


class Read(NamedTuple):
    fields: dict[str, str]
    body: str


def read(path: Path) -> Read:
    opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == ""
    return Read(dict(line.split(": ", 1) for line in front.splitlines()), body.strip())


def not_simplified(text: str) -> set[str]:
    """Han characters outside GB 2312, the standard set of Simplified ones, or Traditional within it."""
    han = set(re.findall(r"[\u3400-\u9fff\uf900-\ufaff]", text))
    return {c for c in han if not c.encode("gb2312", "ignore") or c in TRADITIONAL_IN_GB2312}


def wrong_days(text: str) -> list[str]:
    wrong = []
    for found in DAY.finditer(text):
        day = date(2026, int(found[1]), int(found[2]))
        if not AUTUMN[0] <= day <= AUTUMN[1] or (found[3] and found[3] != "一二三四五六日"[day.weekday()]):
            wrong.append(found[0])
    return wrong


def wrong_marks(text: str) -> list[str]:
    """Half-width marks, pictures and anything else that Chinese print does not use, with unpaired brackets."""
    allowed = r"[\u4e00-\u9fff0-9，。：；？！、“”《》（）\n]|(?<=\d)\.(?=\d)"
    left = list(re.sub(allowed, "", text))
    return left + [pair for pair in ("“”", "《》", "（）") if text.count(pair[0]) != text.count(pair[1])]


@every_article
def test_front_matter_is_complete(path: Path) -> None:
    article = read(path)
    assert article.fields.keys() == {"title", "column", "contributor", "lead"}
    assert article.fields["column"] in {column.name for column in COLUMNS}
    assert article.fields["contributor"] in UNIT_OF


@every_article
def test_lead_is_one_sentence_and_body_is_short(path: Path) -> None:
    article = read(path)
    assert len(article.fields["title"]) <= 14
    assert re.fullmatch(r"[^。？！]{15,45}。", article.fields["lead"])
    assert 120 <= len(re.sub(r"\s", "", article.body)) <= 350


@every_text
def test_every_character_is_simplified(path: Path) -> None:
    assert not_simplified(path.read_text(encoding="utf-8")) == set()


@pytest.mark.parametrize("slip", ["黨", "國", "於", "乾", "麽"])
def test_a_traditional_character_would_be_seen(slip: str) -> None:
    assert not_simplified("田间党课" + slip) == {slip}


@every_text
def test_weekdays_are_right_and_days_lie_in_autumn(path: Path) -> None:
    assert wrong_days(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("slip", ["10月18日（星期六）", "8月31日", "12月1日"])
def test_a_wrong_day_would_be_seen(slip: str) -> None:
    assert wrong_days(f"{slip}，晴。") == [slip]


@every_article
def test_every_article_says_when(path: Path) -> None:
    assert DAY.search(read(path).body)


@every_article
def test_marks_are_those_of_chinese_print(path: Path) -> None:
    article = read(path)
    assert wrong_marks("\n".join([*article.fields.values(), article.body])) == []


@pytest.mark.parametrize("slip", ["好,", "好!", "好 ", "好😀", "“好", "【好】", "3.", "好—"])
def test_a_wrong_mark_would_be_seen(slip: str) -> None:
    assert wrong_marks(slip) != []


@every_article
def test_towns_exist_and_their_villages_lie_in_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    names = {unit.name for unit in UNITS.values()}
    slip = {SLIP_QUOTE} if path.name == SLIP_ARTICLE else set()
    assert set(TOWN.findall(text)) - names == slip
    nested = {(UNITS[unit.parent].name, unit.name) for unit in UNITS.values() if unit.parent}
    assert set(PLACE_IN_TOWN.findall(text)) <= nested


def test_the_slip_stands_once_in_the_body_and_mending_changes_nothing_else(tmp_path: Path) -> None:
    write_mended(tmp_path / "mended.md")
    before, after = read(slip_path()), read(tmp_path / "mended.md")
    assert before.body.count(SLIP_QUOTE) == 1
    assert after.fields == before.fields
    assert after.body == before.body.replace(SLIP_QUOTE, SLIP_MENDED)


def test_there_is_enough_for_each_dedicated_edition_and_for_the_columns() -> None:
    articles = [read(path) for path in PATHS]
    units = [UNIT_OF[article.fields["contributor"]] for article in articles]
    assert units.count(TOWN_OF_THE_EDITION) >= 4
    assert units.count(DEPARTMENT_OF_THE_EDITION) >= 3
    assert len(set(units) - {TOWN_OF_THE_EDITION, DEPARTMENT_OF_THE_EDITION}) >= 3
    assert {article.fields["column"] for article in articles} == {column.name for column in COLUMNS}


def test_a_dedicated_column_holds_its_owners_articles_only() -> None:
    owners = {column.name: column.owner for column in COLUMNS if column.owner}
    for path in PATHS:
        fields = read(path).fields
        assert owners.get(fields["column"], UNIT_OF[fields["contributor"]]) == UNIT_OF[fields["contributor"]]


def test_the_weak_article_has_a_title_and_neither_day_nor_place() -> None:
    text = weak_path().read_text(encoding="utf-8")
    assert text.splitlines()[0]
    assert not re.search(r"\d", text)
    assert not any(unit.name in text for unit in UNITS.values())


def test_the_towns_own_article_misspells_its_leader_once_and_has_the_name_right_once() -> None:
    texts = {path.name: read(path).body for path in PATHS}
    body = texts.pop(TOWN_ARTICLE)
    assert (body.count(LEADER_SLIP), body.count(LEADER_NAME)) == (1, 1)
    assert LEADER_NAME in roster_path().read_text(encoding="utf-8")
    assert not any(LEADER_SLIP in text for text in texts.values())
