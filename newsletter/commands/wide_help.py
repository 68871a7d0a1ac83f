"""How help is laid out where a character may be two columns wide: Chinese lines end within the terminal's width.

The framework counts characters, and breaks lines at spaces, of which Chinese has none.
"""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from typer._click.core import Context
from typer._click.formatting import HelpFormatter

if TYPE_CHECKING:
    from typer._click.core import Command

#: What may not begin a line, and what may not end one (GB/T 15834-2011, 5.1).
_CLOSING: Final = "，。、；：！？）】》”’…,.;:!?)]"
_OPENING: Final = "（【《“‘(["
#: Columns: the framework's own least width of a text beside its option.
_NARROWEST: Final = 10
#: A word, or one wide character, with the punctuation that may not be parted from it.
_PIECE: Final = re.compile(
    rf"\s+|[{re.escape(_OPENING)}]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef“”‘’…]+|.)[{re.escape(_CLOSING)}]*"
)


def display_width(text: str) -> int:
    """Columns of a terminal; East Asian wide and full-width characters take two (UAX #11)."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def wrap_wide(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` columns; only a single word longer than that is longer."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if lines[-1] and display_width(lines[-1] + piece.rstrip()) > width:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        if lines[-1] or not piece.isspace():
            lines[-1] += piece
    lines[-1] = lines[-1].rstrip()
    return lines


class WideFormatter(HelpFormatter):
    """The framework's help, measured in columns."""

    def write_heading(self, heading: str) -> None:
        """A heading with the full-width colon."""
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """How the command is called; what does not fit goes under the first word after its name."""
        start = f"{prefix or ''}{prog} "
        self._write_lines(start, args, indent=display_width(start))

    def write_text(self, text: str) -> None:
        """Paragraphs, parted by empty lines."""
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if number else "")
            self._write_lines(indent, " ".join(paragraph.splitlines()), indent=self.current_indent)

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options or commands on the left, what they are on the right; a long left side has a line of its own."""
        first_column = min(max(display_width(first) for first, _second in rows), col_max) + col_spacing
        indent = self.current_indent + first_column
        for first, second in rows:
            left = " " * self.current_indent + first
            if second and display_width(first) > first_column - col_spacing:
                self.write(left + "\n")
                left = ""
            self._write_lines(left + " " * (indent - display_width(left)), second, indent=indent)

    def _write_lines(self, start: str, text: str, *, indent: int) -> None:
        first, *others = wrap_wide(text, max(self.width - indent, _NARROWEST))
        self.write((start + first).rstrip() + "\n")
        for line in others:
            self.write(" " * indent + line + "\n")


class WideContext(Context):
    """What a command runs in, with help measured in columns."""

    formatter_class = WideFormatter


def widen_help(command: "Command") -> None:
    """Lay out the help of a command, and of all under it, by columns."""
    for each in _with_subcommands(command):
        each.context_class = WideContext


def _with_subcommands(command: "Command") -> Iterator["Command"]:
    yield command
    for subcommand in getattr(command, "commands", {}).values():
        yield from _with_subcommands(subcommand)
