"""How translation catalogues are compiled: each ``.po`` becomes the ``.mo`` that gettext reads, at every build.

Hatchling loads this file when a wheel is built or the project installed; run as a program, it compiles the catalogues
named on the command line.
"""

import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PATTERN = "newsletter/locale/*/LC_MESSAGES/*.po"


def compile_catalogue(source: Path) -> Path:
    """Write the ``.mo`` beside one ``.po`` and return its path.

    Written under another name first, so that a program starting meanwhile never reads half a catalogue.
    """
    with source.open("rb") as file:
        catalogue = read_po(file, domain=source.stem, abort_invalid=True)
    target = source.with_suffix(".mo")
    unfinished = target.with_suffix(".mo.new")
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    return unfinished.replace(target)


class CatalogueHook(BuildHookInterface[Any]):
    """Compiles every catalogue before the files of a build are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (hatchling's signature)
        """Compile, whether for a wheel or an editable install."""
        for source in Path(self.root).glob(PATTERN):
            compile_catalogue(source)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        compile_catalogue(Path(name))
