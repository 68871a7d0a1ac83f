"""A newsroom furnished once and copied for each test: rendering its first proof is what takes the time."""

import contextlib
import io
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from newsletter.cli import main


def furnish(founded: Path, root: Path, lines: Iterable[tuple[str, Sequence[object]]]) -> Path:
    """Copy the founded newsroom to ``root`` and type ``lines`` there, each by somebody; all must succeed."""
    for name in ("newsroom", "keys"):
        shutil.copytree(founded / name, root / name)
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setenv("NEWSLETTER_KEYS_DIR", str(root / "keys"))
        for person, words in lines:
            line = ["--newsroom", str(root / "newsroom"), "--as", person, *map(str, words), "--json"]
            assert main(line) == 0, line
    return root


def copy_of(root: Path, directory: Path) -> Path:
    """A test's own copy of a furnished newsroom, keys and all; its directory."""
    for name in ("newsroom", "keys"):
        shutil.copytree(root / name, directory / name)
    return directory / "newsroom"
