"""How the reference of commands is written: from their own help, in English, as Markdown on standard output."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import typer
from typer.core import TyperGroup

from newsletter.cli import build

if TYPE_CHECKING:
    from typer._click.core import Command

PREFACE: Final = """\
# Commands

Written by `make docs` from the commands' own help.
"""


def describe(command: "Command", context: typer.Context) -> Iterator[str]:
    """Yield the lines on one command and on all below it."""
    yield f"\n## `{context.command_path}`\n"
    yield command.help or ""
    # Only the words: how they are wrapped would depend on the terminal.
    yield f"\n```\n{context.command_path} {' '.join(command.collect_usage_pieces(context))}\n```\n"
    records = [record for parameter in command.params if (record := parameter.get_help_record(context))]
    if records:
        yield "| option | does |\n|---|---|"
        yield from (f"| `{_cell(names)}` | {_cell(help_text)} |" for names, help_text in records)
    if isinstance(command, TyperGroup):
        for name, below in command.commands.items():
            if not below.hidden:
                yield from describe(below, typer.Context(below, info_name=name, parent=context))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Print the reference."""
    root = build()
    lines = describe(root, typer.Context(root, info_name="newsletter"))
    sys.stdout.write(PREFACE + "\n".join(line.rstrip() for line in lines) + "\n")


if __name__ == "__main__":
    main()
