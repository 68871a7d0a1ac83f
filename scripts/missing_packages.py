"""Which native packages this machine still lacks, by their Debian names, one a line; nothing when all is there.

Runs before anything is installed: standard library only. A library counts as present when the dynamic linker finds it,
whoever installed it, so that no package manager has to be asked.
"""

import ctypes
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: Debian package -> the library in it that WeasyPrint loads (its manual's list for Debian and Ubuntu).
LIBRARIES: Final = {
    "libpango-1.0-0": "libpango-1.0.{}",
    "libpangoft2-1.0-0": "libpangoft2-1.0.{}",
    "libharfbuzz-subset0": "libharfbuzz-subset.{}",
}
#: Both spellings, since Homebrew installs outside the directories that macOS searches by itself.
SUFFIXES: Final = ("0.dylib", "dylib") if sys.platform == "darwin" else ("so.0",)
LIBRARY_DIRECTORIES: Final = ("", "/opt/homebrew/lib/", "/usr/local/lib/") if sys.platform == "darwin" else ("",)

FONT_PACKAGE: Final = "fonts-noto-cjk"
#: Files that hold the Chinese glyphs we print, under any of the names their packages and downloads use.
FONT_PATTERNS: Final = ("NotoSansCJK*", "NotoSansSC*", "NotoSansCJKsc*")
FONT_DIRECTORIES: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "~/Library/Fonts",
    "/Library/Fonts",
)


def has_library(pattern: str) -> bool:
    """Whether the dynamic linker can load the library."""
    for directory in LIBRARY_DIRECTORIES:
        for suffix in SUFFIXES:
            try:
                ctypes.CDLL(directory + pattern.format(suffix))
            except OSError:
                continue
            return True
    return False


def has_chinese_font() -> bool:
    """Whether a font file with Chinese glyphs lies where fontconfig looks."""
    folders = (Path(os.path.expanduser(directory)) for directory in FONT_DIRECTORIES)  # noqa: PTH111 (no home: no error)
    return any(next(folder.rglob(pattern), None) for folder in folders for pattern in FONT_PATTERNS)


def can_make_environment() -> bool:
    """Whether this Python can make, or already runs in, a virtual environment: Debian splits that part off."""
    return sys.prefix != sys.base_prefix or all(importlib.util.find_spec(module) for module in ("venv", "ensurepip"))


def missing_packages() -> Iterator[str]:
    """Yield the Debian name of each package that is not there."""
    if not can_make_environment():
        yield f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    for package, pattern in LIBRARIES.items():
        if not has_library(pattern):
            yield package
    if not has_chinese_font():
        yield FONT_PACKAGE


if __name__ == "__main__":
    sys.stdout.writelines(f"{package}\n" for package in missing_packages())
