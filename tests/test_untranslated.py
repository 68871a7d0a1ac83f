"""No sentence a user sees goes past the catalogue: the source of errors, of help, and of what commands print."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "newsletter").rglob("*.py"))
#: Functions that put their arguments before the user.
PRINTERS = {"print_lines", "print_table", "warn", "note", "confirm", "progress_bar", "prompt", "echo"}
OPTIONS = {"Option", "Argument", "Typer", "add_typer"}
STREAMS = {"stdout", "stderr"}
#: What sentences are called, as variables and as arguments, wherever they stand.
SHOWN_NAMES = {"message", "hint", "sentence", "question"}
WORDS = re.compile(r"[^\W\d_]{2}")
#: What is no sentence, and why.
ALLOWED = {
    "$ newsletter ": "a command line, as it is typed",
    "  NEWSLETTER_KEYS_DIR=": "the same",
    "Glyph .* missing": "the drawing library's own words, by which its warning is told",
}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@cache
def error_classes() -> frozenset[str]:
    """The names of all errors whose message is shown as it is."""
    bases = {
        node.name: set(map(name_of, node.bases))
        for path in FILES
        for node in ast.walk(parse(path))
        if isinstance(node, ast.ClassDef)
    }
    found = {"NewsletterError"}
    while more := {name for name, its_bases in bases.items() if its_bases & found} - found:
        found |= more
    return frozenset(found)


def literals(node: ast.AST) -> Iterator[str]:
    """The strings written out in an expression, the arguments of calls left out."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.Call | ast.FormattedValue):
        node = node.func if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ast.Tuple(elts=[])
    if isinstance(node, ast.Subscript):
        node = node.value
    for child in ast.iter_child_nodes(node):
        yield from literals(child)


def sentences(*nodes: ast.expr) -> list[str]:
    return [text for node in nodes for text in literals(node) if WORDS.search(text) and text not in ALLOWED]


def is_shown_by(call: ast.Call, errors: frozenset[str]) -> bool:
    name = name_of(call.func)
    is_parent = name == "__init__" and isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call)
    return name in errors or name == "BadParameter" or (is_parent and bool(call.args))


def find_untranslated(module: ast.Module, errors: frozenset[str]) -> list[str]:
    found: list[str] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            found += sentences(*shown_arguments(node, errors))
        elif isinstance(node, ast.Assign) and SHOWN_NAMES.intersection(map(name_of, node.targets)):
            found += sentences(node.value)
    return found


def shown_arguments(call: ast.Call, errors: frozenset[str]) -> list[ast.expr]:
    name = name_of(call.func)
    shown = {"help", "short_help", "epilog"} if name in OPTIONS else SHOWN_NAMES
    if name in PRINTERS:
        shown = shown | {"title", "label", "text"}
    arguments = [keyword.value for keyword in call.keywords if keyword.arg in shown]
    is_written = name == "write" and isinstance(call.func, ast.Attribute) and name_of(call.func.value) in STREAMS
    if name in PRINTERS or is_written or is_shown_by(call, errors):
        arguments += call.args
    return arguments


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_sentence_goes_through_the_catalogue(path: Path) -> None:
    assert find_untranslated(parse(path), error_classes()) == []


@pytest.mark.parametrize(
    "slip",
    [
        'raise InputError("No such thing.")',
        'raise InputError(f"No {thing}.")',
        'raise InputError(_("No thing."), hint="Look again.")',
        'raise InputError("No {thing}.".format(thing=1))',
        'typer.Option("--by", help="Break down by this.")',
        'print_lines(f"Article {number}")',
        'print_table(["title"], rows)',
        'print_table([_("title")], rows, title="Articles")',
        'sys.stderr.write("Interrupted." + "\\n")',
        'raise typer.BadParameter("Not this.")',
        'super().__init__("No such thing.")',
        'sentence = "Article {article} is new."',
        'Finding("glyph", message=f"No {thing}.")',
        'confirm("Really?" if many else _("Sure?"), yes=yes)',
    ],
)
def test_a_slip_is_found(slip: str) -> None:
    assert len(find_untranslated(ast.parse(slip), frozenset({"InputError"}))) == 1


@pytest.mark.parametrize(
    "clean",
    [
        'raise InputError(_("No {thing}.").format(thing="that"), hint=_("Look again."))',
        'print_lines(f"  [{finding.code}] {finding.message:>12}")',
        'print_lines(document["title"], labels.get("submit", verb))',
        'typer.Option("--by", metavar="NAME", help=mark("Break down by this."))',
    ],
)
def test_what_is_right_is_left_alone(clean: str) -> None:
    assert find_untranslated(ast.parse(clean), frozenset({"InputError"})) == []
