"""Which strings of a Python file are shown to users: arguments of ``_`` and its kin, and the docstrings of commands.

A command's docstring is its help text, translated where help is built; its message id is the whole docstring as
``inspect.cleandoc`` leaves it. A function is a command if it is decorated as one, or named inside its file's
``mount``. Babel calls ``extract_interface`` for each file that ``babel.cfg`` names.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from typing import IO, Any, Final

#: Typer's decorators, ``@app.command(…)`` and ``@app.callback(…)``, that make a docstring a help text.
HELP_DECORATORS: Final = frozenset({"command", "callback"})
#: The function in which a file of ``newsletter/commands`` hands its commands to the application.
MOUNT: Final = "mount"

#: Line, name of the function called (none for a docstring), its sentence or its arguments (None: no plain string),
#: comments for translators.
Message = tuple[int, str | None, str | tuple[str | None, ...], list[str]]


def extract_interface(
    file: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Collection[str],  # noqa: ARG001 (Babel's signature)
    options: Any,  # noqa: ARG001 (the same)
) -> Iterator[Message]:
    """Yield every message of one file, in Babel's own form and in the order they stand.

    Babel's own extractor reads tokens, and before Python 3.12 it does not see a call inside an f-string.

    Raises:
        SyntaxError: the file is no Python.
    """
    module = ast.parse(file.read())
    messages = [*extract_calls(module, keywords), *extract_help(module)]
    yield from sorted(messages, key=lambda message: message[0])


def extract_calls(module: ast.Module, keywords: Collection[str]) -> Iterator[Message]:
    """Every call of a function named in ``keywords`` with at least one plain string."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords:
            arguments = tuple(plain_string(argument) for argument in node.args)
            if any(arguments):
                yield node.lineno, node.func.id, arguments, []


def plain_string(node: ast.expr) -> str | None:
    """The string a literal stands for; None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def extract_help(module: ast.Module) -> Iterator[Message]:
    """The docstring of every command."""
    for command in find_commands(module):
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
