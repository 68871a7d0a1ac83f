"""How a bad row is told: where it stands, which field, a stable word for scripts, and a sentence."""

from typing import NamedTuple


class Problem(NamedTuple):
    """What is wrong with a row; ``message`` never repeats what stands in the file."""

    field: str
    code: str
    message: str


class Reject(NamedTuple):
    """A row that was not imported; ``line`` is the line of the file it begins on, the header's being 1."""

    line: int
    field: str
    code: str
    message: str
