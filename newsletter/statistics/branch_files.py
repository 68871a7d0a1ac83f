"""Where branches' forms are written: a directory for its owner only."""

from pathlib import Path

from newsletter.files import unwritable


def make_directory(path: Path) -> None:
    """Make a directory for forms, for its owner only; one that is there stays as it is.

    Raises:
        UnwritableError: it cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from error
