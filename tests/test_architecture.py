"""The shape of the program: directions of import, what a start loads, and what every command offers."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import newsletter
from newsletter.cli import build
from newsletter.translation import use_language

if TYPE_CHECKING:
    from typer._click.core import Command

ROOT = Path(__file__).parent.parent
PACKAGE = Path(newsletter.__file__).parent
#: Half a second to five seconds of imports that looking around must not pay for.
HEAVY = ("weasyprint", "twilio", "matplotlib", "fastapi", "alembic")
#: What `--help` does without on top of that.
NOT_FOR_HELP = (*HEAVY, "sqlalchemy", "sqlmodel", "rich", "jinja2", "cryptography", "phonenumbers")
#: Commands that ask before they act.
ASKING = {
    "send",
    "correct",
    "notices send",
    "staff retire",
    "staff key rotate",
    "audit restored",
    "keys rotate",
    "retention",
    "optouts export",
    "subscribers census",
    "subscribers erase",
    "subscribers export",
    # What shows members' full numbers and names, only if asked to.
    "subscribers find",
    "subscribers form",
    "subscribers list",
    "subscribers show",
}


def lint(directory: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the package in ``directory``."""
    shutil.copy(ROOT / "pyproject.toml", directory)
    words = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(directory), "PYTHONSAFEPATH": "1"}
    return subprocess.run(words, cwd=directory, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGE, tmp_path / "newsletter", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.slow
def test_no_room_calls_back_up(copied: Path) -> None:
    result = lint(copied)
    assert result.returncode == 0, result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("journal/canonical.py", "import newsletter.workflow.gates", "No room calls back up"),
        ("articles/records.py", "import newsletter.subscribers.phones", "No room calls back up"),
        ("statistics/report.py", "import rich.table", "Rooms know neither terminal nor HTTP"),
        ("workflow/gates.py", "import weasyprint", "Only editions.rendering draws pages"),
    ],
)
def test_a_planted_wrong_import_is_found(copied: Path, file: str, line: str, contract: str) -> None:
    path = copied / "newsletter" / file
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    result = lint(copied)
    assert result.returncode == 1, result.stdout
    assert f"{contract} BROKEN" in result.stdout


def loaded_by(*words: object, directory: Path) -> set[str]:
    """The top-level modules that one command line loads, in a process of its own."""
    program = (
        "import sys; from newsletter.cli import main; code = main(sys.argv[1:]); sys.stdout.flush();"
        "print('LOADED', code, *{name.partition('.')[0] for name in sys.modules})"
    )
    line = [sys.executable, "-c", program, "--newsroom", str(directory), "--as", "li", *map(str, words)]
    result = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True)
    code, *modules = result.stdout.rpartition("LOADED ")[2].split()
    assert code == "0", result.stderr
    return set(modules)


@pytest.mark.parametrize("words", [("status",), ("articles",), ("articles", "--json"), ("editions",)], ids=" ".join)
def test_looking_around_loads_nothing_heavy(newsroom_directory: Path, words: tuple[str, ...]) -> None:
    assert not set(HEAVY) & loaded_by(*words, directory=newsroom_directory)


def test_help_loads_neither_database_nor_tables(newsroom_directory: Path) -> None:
    assert not {*NOT_FOR_HELP, "pydantic"} & loaded_by("--help", directory=newsroom_directory)


def test_a_commands_help_loads_no_more_than_the_framework_does(newsroom_directory: Path) -> None:
    for words in (("staff", "--help"), ("send", "--help")):
        assert not set(NOT_FOR_HELP) & loaded_by(*words, directory=newsroom_directory), words


def commands(command: "Command | None" = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group under the root, with the words that call it."""
    use_language("en")
    for name, found in getattr(command or build(), "commands", {}).items():
        yield (*path, name), found
        yield from commands(found, (*path, name))


def options_of(command: Any) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


def _spoken(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else ""


ALL = list(commands())
LEAVES = [(words, command) for words, command in ALL if not hasattr(command, "commands")]


@pytest.mark.parametrize(
    ("words", "command"), ALL, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_and_each_of_its_words_has_help(words: tuple[str, ...], command: Any) -> None:
    assert command.help, words
    for parameter in command.params:
        assert getattr(parameter, "help", None), (words, parameter.name)


@pytest.mark.parametrize(
    ("words", "command"), LEAVES, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_can_answer_in_json(words: tuple[str, ...], command: Any) -> None:
    assert "--json" in options_of(command)


def test_every_command_that_asks_can_be_answered_beforehand() -> None:
    assert {" ".join(words) for words, command in LEAVES if "--yes" in options_of(command)} == ASKING


def test_no_command_asks_without_offering_the_answer() -> None:
    for path in (PACKAGE / "commands").glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and path.name != "session.py":
                called = {getattr(call.func, "id", "") for call in ast.walk(function) if isinstance(call, ast.Call)}
                words = {argument.arg for argument in function.args.args}
                assert "confirm" not in called or "yes" in words, f"{path.name}: {function.name}"


@pytest.mark.parametrize("words", [words for words, _command in LEAVES], ids=" ".join)
def test_every_command_stands_in_the_reference(words: tuple[str, ...]) -> None:
    text = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert f"newsletter {' '.join(words)}" in text
