"""How a rule book is read: its TOML, checked key by key; what is wrong is named by file, line and key."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from newsletter.errors import InputError
from newsletter.translation import gettext as _
from newsletter.workflow.rule_book.codes import ErrorCode, error_label
from newsletter.workflow.rule_book.model import Rules
from newsletter.workflow.rule_book.words import list_words

#: The rule book the program brings along, version 1.
DEFAULT_FILE: Final = Path(__file__).with_name("default.toml")
_HEADER: Final = re.compile(r"\s*\[\s*(?P<name>[\w.\s-]+?)\s*\]\s*(#.*)?$")
_KEY: Final = re.compile(r"\s*(?P<name>[\w.-]+)\s*=")
#: Where tomllib says that it stopped.
_STOPPED: Final = re.compile(r"\(at (?:line (?P<line>\d+)|end of document)[^)]*\)")
#: What a Chinese input method writes where TOML asks for plain signs.
_WIDE: Final = re.compile(r"[，＝“”‘’［］｛｝【】；：]")


class RuleBookError(InputError):
    """A rule book that cannot be one."""

    code: ClassVar[str] = "bad_rule_book"


@cache
def default_text() -> str:
    """The shipped rule book's text."""
    return DEFAULT_FILE.read_text(encoding="utf-8")


@cache
def parse_rules(text: str, name: str = DEFAULT_FILE.name) -> Rules:
    """Read a rule book; ``name`` is only for errors.

    Raises:
        RuleBookError: no TOML, or a key or value in it is wrong, unknown or missing; names file, line and key.
    """
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _broken_toml(text, name, str(error)) from error
    lines = _key_lines(text)
    try:
        rules = Rules.model_validate(document)
    except ValidationError as error:
        # A misspelt key is also a missing one; the misspelling is what helps.
        first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
        raise _explain(first, name, lines) from error
    for key in _missing_keys(Rules, document):
        raise _missing(key, name, lines)
    return rules


def _broken_toml(text: str, name: str, reason: str) -> RuleBookError:
    stopped = _STOPPED.search(reason)
    line = int(stopped["line"]) if stopped and stopped["line"] else max(1, text.rstrip("\n").count("\n") + 1)
    said = text.splitlines()[line - 1 : line]
    return RuleBookError(
        _("{path}, line {line}: not valid TOML: {reason}.").format(
            path=name, line=line, reason=_toml_reason(reason, "".join(said))
        ),
        hint=_template_hint(),
    )


def _toml_reason(reason: str, line: str) -> str:
    """What is wrong, in our own words: the library's are English."""
    if _WIDE.search(line.partition("#")[0]):
        return _('full-width punctuation; write = , " [ ] { } as on an English keyboard')
    alike = (
        (("twice", "overwrite", "Duplicate"), _("a key or table stands there for the second time")),
        (("Unterminated", "Illegal character", "Expected \"'"), _("a text lacks its closing quotation mark")),
        (("Unclosed",), _("a bracket is not closed")),
        (("Expected '='",), _("there is no = after the key")),
        (("Invalid value",), _("what stands after the = is no value; a text takes quotation marks")),
    )
    found = (ours for theirs, ours in alike if any(word in reason for word in theirs))
    return next(found, _("the line cannot be read"))


def _template_hint() -> str:
    return _("Begin with the shipped one: newsletter penalties rules --template")


def _explain(found: ErrorDetails, name: str, lines: Mapping[str, int]) -> RuleBookError:
    # Numbers in a location are places in a list: the list is what has a name and a line.
    key = ".".join(part for part in found["loc"] if isinstance(part, str))
    places = [part + 1 for part in found["loc"] if isinstance(part, int)]
    if found["type"] == "missing" and not places:
        return _missing(key, name, lines)
    line = _line_of(key, lines)
    if found["type"] == "extra_forbidden":
        nearest = get_close_matches(key, known_keys(Rules), n=1, cutoff=0.4)
        return RuleBookError(
            _("{path}, line {line}: unknown key {key}.").format(path=name, line=line, key=key),
            hint=_("Did you mean {key}?").format(key=nearest[0]) if nearest else _template_hint(),
        )
    reason = _reason(found)
    if places and found["type"] != "missing":
        reason = _("number {place}: {reason}").format(place=places[0], reason=reason)
    return RuleBookError(
        _("{path}, line {line}: {key}: {reason}.").format(path=name, line=line, key=key, reason=reason)
    )


def _missing(key: str, name: str, lines: Mapping[str, int]) -> RuleBookError:
    return RuleBookError(
        _("{path}, line {line}: key {key} is missing.").format(path=name, line=_line_of(key, lines), key=key),
        hint=_template_hint(),
    )


def _reason(found: ErrorDetails) -> str:
    context, kind = found.get("ctx", {}), found["type"]
    three = _("it takes three numbers, as in [15, 10, 5]")
    exact = {
        "enum": _("it must be one of {choices}").format(choices=list_words(_priced_codes())),
        "greater_than_equal": _("it must be at least {limit}").format(limit=context.get("ge")),
        "less_than_equal": _("it must be at most {limit}").format(limit=context.get("le")),
        "decimal_max_places": _("it may have at most two decimal places"),
        "value_error": str(context.get("error")),
        **dict.fromkeys(("missing", "too_long", "too_short", "tuple_type"), three),
    }
    alike = {
        "int": _("it must be a whole number"),
        "bool": _("it must be true or false"),
        "model": _("it must be a table of keys"),
        "decimal": _("it must be a number"),
        "finite": _("it must be a number"),
    }
    return exact.get(kind) or alike.get(kind.partition("_")[0], _("something else belongs here"))


def _priced_codes() -> dict[str, str]:
    """What may not be published at all has no price and stands in no rule book."""
    return {code: error_label(code) for code in ErrorCode if code is not ErrorCode.SECRECY}


def _key_lines(text: str) -> dict[str, int]:
    """Dotted key → the line it stands in, tables by their heading; keys of inline tables are with their table."""
    lines: dict[str, int] = {}
    prefix = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            prefix = "".join(header["name"].split())
            lines.setdefault(prefix, number)
        elif key := _KEY.match(line):
            lines.setdefault(f"{prefix}.{key['name']}".lstrip("."), number)
    return lines


def _line_of(key: str, lines: Mapping[str, int]) -> int:
    """The line of a key, else of the table it would stand in, else the first."""
    while key:
        if key in lines:
            return lines[key]
        key = key.rpartition(".")[0]
    return 1


def _missing_keys(model: type[BaseModel], document: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Keys left to a default: a rule book says all of it, so that no later program changes what it means."""
    for key, field in model.model_fields.items():
        if key not in document:
            if field.is_required() or field.default is not None:
                yield prefix + key
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from _missing_keys(field.annotation, document[key], f"{prefix}{key}.")


def known_keys(model: type[BaseModel], prefix: str = "") -> list[str]:
    """Every dotted key a rule book may have, tables included."""
    keys: list[str] = []
    for key, field in model.model_fields.items():
        keys.append(prefix + key)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            keys += known_keys(field.annotation, f"{prefix}{key}.")
    return keys
