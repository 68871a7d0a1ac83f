"""Commands typed as a person types them, in this process: exit code, standard output and standard error."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from newsletter.cli import main


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one JSON document."""
        return json.loads(self.out)


@dataclass
class CommandLine:
    """Types commands in one newsroom."""

    directory: Path
    capture: pytest.CaptureFixture[str]

    def type(self, *words: object, by: str | None = None, code: int | None = 0, language: str = "en") -> Answer:
        """Type a command as ``by``; ``code`` is the exit code expected (None: any)."""
        self.capture.readouterr()
        line = ["--newsroom", str(self.directory), "--language", language]
        line += ["--as", by] if by else []
        found = main([*line, *map(str, words)])
        captured = self.capture.readouterr()
        answer = Answer(found, captured.out, captured.err)
        if code is not None:
            assert found == code, f"{words}: exit {found}, not {code}\n{captured.out}{captured.err}"
        return answer

    def ask(self, *words: object, by: str | None = None, code: int | None = 0) -> Any:
        """Type a command with ``--json`` and read its document."""
        return self.type(*words, "--json", by=by, code=code).json


@contextmanager
def settings_changed(directory: Path, table: str) -> Iterator[None]:
    """Add a table to the newsroom's settings for a while."""
    path = directory / "newsletter.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{table}\n", encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(before, encoding="utf-8")
