"""Which strings of a Python file are shown to users: arguments of ``_`` and its kin, and the docstrings of commands.

A command's docstring is its help text, translated where help is built; its message id is the whole docstring as
``inspect.cleandoc`` leaves it. A function is a command if it is decorated as one, or named inside its file's
``mount``. Babel calls ``extract_interface`` for each file that ``babel.cfg`` names.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from typing import IO, Any, Final, cast

from babel.messages.extract import extract_python

#: Typer's decorators, ``@app.command(…)`` and ``@app.callback(…)``, that make a docstring a help text.
HELP_DECORATORS: Final = frozenset({"command", "callback"})
#: The function in which a file of ``newsletter/commands`` hands its commands to the application.
MOUNT: Final = "mount"

#: Line, name of the function called (none for a docstring), the sentence or sentences, comments for translators.
Message = tuple[int, str | None, str | tuple[str, ...], list[str]]


def extract_interface(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[Message]:
    """Yield every message of one file, in Babel's own form.

    Raises:
        SyntaxError: the file is no Python.
    """
    source = file.read()
    # Babel declares another order of the four than it yields, and reads.
    yield from cast(Iterator[Message], extract_python(BytesIO(source), keywords, comment_tags, options))
    for command in find_commands(ast.parse(source)):
        help_text = ast.get_docstring(command)
        if help_text:
            yield command.lineno, None, help_text, ["help text of a command"]


def find_commands(module: ast.Module) -> list[ast.FunctionDef]:
    """The functions of a file that are commands or callbacks, in the order they stand."""
    functions = [node for node in module.body if isinstance(node, ast.FunctionDef)]
    mounted = {
        node.id
        for function in functions
        if function.name == MOUNT
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
    }
    return [
        function for function in functions if function.name in mounted or any(map(makes_help, function.decorator_list))
    ]


def makes_help(decorator: ast.expr) -> bool:
    """Whether a decorator is a call of one of ``HELP_DECORATORS`` on some application."""
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in HELP_DECORATORS
    )
