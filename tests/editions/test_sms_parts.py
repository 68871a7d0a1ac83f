"""SMS parts: frozen vectors of 3GPP TS 23.038 arithmetic, and what must hold for any text."""

import subprocess
import sys
from pathlib import Path

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from newsletter.editions.sms_parts import (
    GSM_BASIC,
    GSM_EXTENSION,
    LIMITS,
    SmsParts,
    count_septets,
    count_utf16,
    split_sms,
)

FAMILY = "👨‍👩‍👧"
TEXTS = st.one_of(
    st.text(),
    st.text(st.characters(categories=None)),
    st.text(st.sampled_from("中文，。“” aé\r\n€^`😀\u0301\u200d👩️🇨🇳" + FAMILY), max_size=400),
    st.text(st.sampled_from([*sorted(GSM_BASIC), *sorted(GSM_EXTENSION)]), max_size=400),
)


def units_of(text: str, parts: SmsParts) -> int:
    return count_septets(text) if parts.encoding == "GSM-7" else count_utf16(text)


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("中" * 70, [70]),
        ("中" * 71, [67, 4]),
        ("中" * 134, [67, 67]),
        ("中" * 135, [67, 67, 1]),
        ("中" * 68 + "😀", [69]),
        ("中" * 69 + "😀", [67, 3]),
        ("中" * 66 + "😀" + "中" * 66, [66, 66, 1]),
        ("中" * 66 + FAMILY + "中", [66, 6]),
        ("中" * 66 + "e\u0301" + "中" * 10, [66, 12]),
        ("中" * 66 + "\r\n" + "中" * 10, [66, 12]),
    ],
)
def test_ucs2_vectors(text: str, lengths: list[int]) -> None:
    assert [len(part) for part in split_sms(text).parts] == lengths


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("a" * 160, [160]),
        ("a" * 161, [153, 8]),
        ("a" * 306, [153, 153]),
        ("a" * 307, [153, 153, 1]),
        ("€" * 80, [80]),
        ("€" * 81, [76, 5]),
        ("a" * 152 + "€" + "a" * 152, [152, 152, 1]),
        ("a" * 152 + "\r\n" + "a" * 152, [152, 153, 1]),
    ],
)
def test_gsm_vectors(text: str, lengths: list[int]) -> None:
    parts = split_sms(text)
    assert (parts.encoding, parts.forced_by) == ("GSM-7", None)
    assert [len(part) for part in parts.parts] == lengths


def test_extension_characters_count_two_septets() -> None:
    assert split_sms("\f^{}\\[~]|€").units == 20


@pytest.mark.parametrize(("text", "culprit"), [("a`b", "`"), ("naïve ç", "ï"), ("hello 中文", "中"), ("\x1b", "\x1b")])
def test_the_first_character_outside_the_alphabet_is_named(text: str, culprit: str) -> None:
    parts = split_sms(text)
    assert (parts.encoding, parts.forced_by) == ("UCS-2", culprit)


def test_an_empty_text_has_no_parts() -> None:
    assert split_sms("") == SmsParts(encoding="GSM-7", units=0, parts=(), forced_by=None)


def test_a_cluster_longer_than_a_part_is_split_between_code_points() -> None:
    parts = split_sms("中" + "e" + "\u0301" * 100).parts
    assert [len(part) for part in parts] == [67, 35]


def test_lone_surrogates_count_one_unit_each() -> None:
    parts = split_sms("\ud83d" * 80)
    assert (parts.units, len(parts.parts)) == (80, 2)


def test_a_surrogate_pair_is_two_units_and_stays_whole() -> None:
    assert count_utf16("中😀") == 3
    assert split_sms("中" * 66 + "😀" * 5).parts[1] == "😀" * 5


@given(TEXTS)
def test_joined_parts_are_the_text(text: str) -> None:
    assert "".join(split_sms(text).parts) == text


@given(TEXTS)
def test_no_part_is_empty_or_over_its_limit(text: str) -> None:
    parts = split_sms(text)
    single, several = LIMITS[parts.encoding]
    limit = single if len(parts.parts) == 1 else several
    assert all(0 < units_of(part, parts) <= limit for part in parts.parts)
    assert sum(units_of(part, parts) for part in parts.parts) == parts.units


@given(TEXTS)
def test_a_part_ends_only_where_the_next_cluster_does_not_fit(text: str) -> None:
    parts = split_sms(text)
    single, several = LIMITS[parts.encoding]
    assert (len(parts.parts) > 1) == (parts.units > single)
    for part, following in zip(parts.parts, parts.parts[1:], strict=False):
        cluster = regex.match(r"\X", following)[0]
        assert units_of(part, parts) + units_of(cluster, parts) > several or units_of(part, parts) == several


@given(TEXTS)
def test_clusters_stay_whole_unless_longer_than_a_part(text: str) -> None:
    parts = split_sms(text)
    ends = {match.end() for match in regex.finditer(r"\X", text) if units_of(match[0], parts) <= LIMITS["UCS-2"][1]}
    inner = {
        place
        for match in regex.finditer(r"\X", text)
        if units_of(match[0], parts) > LIMITS["UCS-2"][1]
        for place in range(match.start(), match.end() + 1)
    }
    place = 0
    for part in parts.parts:
        place += len(part)
        assert place in ends | inner


@given(st.text(st.sampled_from("中文，。“”《》、·…—　１Ａ aZ9.\n"), min_size=60, max_size=900))
def test_plain_chinese_is_cut_as_the_general_rule_cuts_it(text: str) -> None:
    # An emoji at the end sends the same text down the general way.
    general = "".join(split_sms(text + "😀").parts)
    parts = split_sms("中" * 71 + text).parts
    slow = split_sms("中" * 71 + text + "😀").parts
    assert general == text + "😀"
    assert parts[:-1] == slow[: len(parts) - 1]


def test_plain_chinese_does_not_load_the_regex_library() -> None:
    code = "import sys; from newsletter.editions.sms_parts import split_sms; split_sms('中'*900); print(*sys.modules)"
    root = Path(__file__).parents[2]
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert "newsletter.editions.sms_parts" in output.stdout.split()
    assert "regex" not in output.stdout.split()
