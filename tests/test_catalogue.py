"""The Chinese catalogue holds every sentence of the interface, whole, and the compiled one is what is in use."""

import ast
import inspect
import re
from pathlib import Path
from string import Formatter

import pytest
import typer.core
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from hatch_build import PATTERN, compile_catalogue
from newsletter.commands.framework_words import FRAMEWORK_WORDS
from scripts.extract_messages import extract_calls, extract_interface

ROOT = Path(__file__).parents[1]
CATALOGUE = next(ROOT.glob(PATTERN))
#: As ``make catalogue`` gives them to Babel.
KEYWORDS = {"_": None, "gettext": None, "mark": None, "ngettext": (1, 2)}
HAN = "[\u3400-\u9fff]"


def read_catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, abort_invalid=True)


def texts(catalogue: Catalog) -> dict[str, str]:
    """Sentence to translation; the header is left out."""
    return {plain(message.id): plain(message.string) for message in catalogue if message.id}


def plain(text: object) -> str:
    return text if isinstance(text, str) else "\n".join(map(str, text if isinstance(text, (list, tuple)) else ()))


def messages() -> list[Message]:
    return [message for message in read_catalogue() if message.id]


def gathered() -> set[str]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call] # Babel's own
    found = extract_from_dir(ROOT, methods, options, KEYWORDS)
    return {plain(message) for _file, _line, message, _comments, _context in found}


def test_the_catalogue_holds_every_sentence_and_no_other() -> None:
    catalogue = read_catalogue()
    assert set(texts(catalogue)) == gathered(), "run: make catalogue"
    assert not catalogue.obsolete


def test_every_sentence_is_translated() -> None:
    assert not [message.id for message in messages() if message.fuzzy or not plain(message.string)]


def test_the_compiled_catalogue_in_use_is_this_one() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        assert texts(read_mo(file)) == texts(read_catalogue()), "run: make catalogue"


def test_compiling_keeps_every_translation(tmp_path: Path) -> None:
    source = tmp_path / CATALOGUE.name
    source.write_bytes(CATALOGUE.read_bytes())
    with compile_catalogue(source).open("rb") as file:
        assert texts(read_mo(file)) == texts(read_catalogue())


def placeholders(text: str) -> list[tuple[str, str | None, str | None]]:
    return sorted((name, form, conversion) for _, name, form, conversion in Formatter().parse(text) if name is not None)


def test_placeholders_are_those_of_the_sentence() -> None:
    wrong = {id_: text for id_, text in texts(read_catalogue()).items() if placeholders(id_) != placeholders(text)}
    assert not wrong


@pytest.mark.parametrize(("english", "chinese"), [(".", "。"), ("?", "？")])
def test_sentences_end_as_the_english_ones_do(english: str, chinese: str) -> None:
    wrong = {
        id_: text
        for id_, text in texts(read_catalogue()).items()
        if (id_.endswith(english) and not id_.endswith("...")) != text.endswith(chinese)
    }
    assert not wrong


def test_punctuation_beside_chinese_is_full_width() -> None:
    half_width = re.compile(rf"{HAN} ?[,:;?!()]|[,:;?!()] ?{HAN}|{HAN}\.(?!\w)")
    wrong = [text for text in texts(read_catalogue()).values() if half_width.search(text)]
    assert not wrong


def test_no_translation_begins_or_ends_with_a_space() -> None:
    assert not [text for text in texts(read_catalogue()).values() if text != text.strip()]


def test_what_one_types_stays_as_it_is() -> None:
    """Options and commands named in a sentence are named in its translation."""
    typed = re.compile(r"--[a-z][a-z-]*|newsletter [a-z]+|NEWSLETTER_[A-Z_]+|chmod|apt install|pip install")
    catalogue = texts(read_catalogue())
    assert not [id_ for id_, text in catalogue.items() if sorted(typed.findall(id_)) != sorted(typed.findall(text))]


def test_the_frameworks_words_are_those_it_asks_for() -> None:
    asked = extract_calls(ast.parse(inspect.getsource(typer.core)), {"_"})
    assert {arguments[0] for _line, _name, arguments, _comments in asked} == set(FRAMEWORK_WORDS)


SOURCE = b'''
import typer
from newsletter.translation import gettext as _, ngettext
app = typer.Typer()
def mount(root):
    for name, command in (("walk", walk),):
        root.command(name)(command)
def walk():
    """Walk about."""
    print(f"{_('inside')}: {_('two ' 'pieces')}")
    return ngettext("{count} step", "{count} steps", 2), _(variable)
@app.command("stand")
def stand():
    """Stand still."""
def helper():
    """Nobody reads this but us."""
'''


def test_help_and_calls_are_gathered_wherever_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "source.py"
    path.write_bytes(SOURCE)
    with path.open("rb") as file:
        found = list(extract_interface(file, KEYWORDS, (), {}))
    assert [message for _line, _name, message, _comments in found] == [
        "Walk about.",
        ("inside",),
        ("two pieces",),
        ("{count} step", "{count} steps", None),
        "Stand still.",
    ]
