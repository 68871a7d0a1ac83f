"""The rule book as a file: what is wrong in it is named by file, line and key, and the shipped one is FACTS'."""

from decimal import Decimal

import pytest

from newsletter.workflow.rule_book.codes import ErrorCode
from newsletter.workflow.rule_book.reading import RuleBookError, default_text, parse_rules


def test_the_shipped_rule_book_is_the_defaults_we_promise() -> None:
    rules = parse_rules(default_text())
    prices = {code: (rule.after, rule.before) for code in ErrorCode if (rule := rules.rule_for(code))}
    assert prices == {
        ErrorCode.ORIENTATION: (Decimal(40), Decimal(4)),
        ErrorCode.FACT: (Decimal(20), Decimal(2)),
        ErrorCode.DATA: (Decimal(20), Decimal(2)),
        ErrorCode.LEADER: (Decimal(15), Decimal("1.5")),
        ErrorCode.PLACE: (Decimal(8), Decimal("0.8")),
        ErrorCode.GRAMMAR: (Decimal(1), Decimal("0.3")),
        ErrorCode.TYPO: (Decimal("0.5"), Decimal("0.2")),
        ErrorCode.STYLE: (Decimal("0.1"), Decimal(0)),
    }
    assert rules.rule_for(ErrorCode.SECRECY) is None
    assert (rules.errors.typo.repeats, rules.errors.typo.becomes) == (3, ErrorCode.GRAMMAR)
    assert rules.errors.style.most == 1
    assert not rules.charging.charge_before
    assert rules.rates.limit == 3


@pytest.mark.parametrize(
    ("line", "instead", "message", "hint"),
    [
        ("after = 40", "after = -1", "errors.orientation.after: it must be at least 0.", ""),
        ("after = 40", "after = 0.001", "errors.orientation.after: it may have at most two decimal places.", ""),
        ("after = 40", 'after = "四十"', "errors.orientation.after: it must be a number.", ""),
        ("after = 40", "after = true", "errors.orientation.after: it must be a number.", ""),
        ("after = 40", "after = nan", "errors.orientation.after: it must be a number.", ""),
        ("typo = {", "tpyo = {", "unknown key errors.tpyo.", "Did you mean errors.typo?"),
        ("gate_percent = 50", "gate_precent = 50", "unknown key charging.gate_precent.", "gate_percent?"),
        ("gate_percent = 50", "gate_percent = 101", "charging.gate_percent: it must be at most 100.", ""),
        ("gate_percent = 50", "gate_percent = 12.5", "charging.gate_percent: it must be a whole number.", ""),
        ("self_report_factor = 0.5", "self_report_factor = 2", "self_report_factor: it must be at most 1.", ""),
        ("charge_before = false", 'charge_before = "不"', "charge_before: it must be true or false.", ""),
        (", repeats = 3,", ",", "errors.typo: repeats and becomes go together.", ""),
        ('becomes = "grammar"', 'becomes = "secrecy"', "errors.typo: secrecy is no matter of points.", ""),
        (
            "limit = 3\n",
            "limit = = 3\n",
            "not valid TOML: what stands after the = is no value; a text takes quotation marks.",
            "--template",
        ),
        ("item = 5\n", "item 5\n", "not valid TOML: there is no = after the key.", "--template"),
        ("item = 5\n", "item ＝ 5\n", 'full-width punctuation; write = , " [ ] { } as on an English keyboard.', ""),
        ('becomes = "grammar"', 'becomes = "grammar', "not valid TOML: a text lacks its closing quotation mark.", ""),
        ("brief = 3\n", "item = 3\n", "not valid TOML: a key or table stands there for the second time.", ""),
        ("brief = 3\n", "= 3\n", "not valid TOML: the line cannot be read.", ""),
        ("best = [15, 10, 5]", "best = [15, 10]", "points.best: it takes three numbers, as in [15, 10, 5].", ""),
        ("best = [15, 10, 5]", "best = [15, 10, 5, 1]", "points.best: it takes three numbers, as in [15, 10, 5].", ""),
        ("best = [15, 10, 5]", "best = 15", "points.best: it takes three numbers, as in [15, 10, 5].", ""),
        ("best = [15, 10, 5]", "best = [15, -1, 5]", "points.best: number 2: it must be at least 0.", ""),
        (
            'becomes = "grammar"',
            'becomes = "语病"',
            "becomes: it must be one of orientation, fact, data, leader, place, grammar, typo, style.",
            "",
        ),
    ],
)
def test_a_wrong_line_is_named(line: str, instead: str, message: str, hint: str) -> None:
    text = default_text()
    before = text[: text.rindex(line)] if "limit" in line else text[: text.index(line)]
    broken = before + instead + text[len(before) + len(line) :]
    with pytest.raises(RuleBookError) as caught:
        parse_rules(broken, "规则.toml")
    number = before.count("\n") + 1
    assert caught.value.message.startswith(f"规则.toml, line {number}: "), caught.value.message
    assert caught.value.message.endswith(message)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "key",
    [
        "item = 5\n",
        "self_report_minutes = 60\n",
        "title_factor = 2\n",
        "style = { after = 0.1, before = 0, most = 1 }\n",
    ],
)
def test_a_rule_book_leaves_nothing_to_a_default(key: str) -> None:
    with pytest.raises(RuleBookError, match=r"line \d+: key [\w.]+ is missing\."):
        parse_rules(default_text().replace(key, "", 1), "规则.toml")


def test_numbers_are_kept_exactly() -> None:
    rules = parse_rules(default_text().replace("after = 0.5", "after = 0.29", 1))
    assert str(rules.errors.typo.after) == "0.29"


def test_a_table_written_out_is_found_by_its_own_lines() -> None:
    text = default_text()
    written = "grammar = { after = 1, before = 0.3 }\n"
    assert written in text
    text = text.replace(written, "", 1) + "\n[errors.grammar]\nafter = 1\nbefore = -0.3\n"
    with pytest.raises(RuleBookError, match=f"line {text.count(chr(10))}: errors.grammar.before: it must be at least"):
        parse_rules(text)
