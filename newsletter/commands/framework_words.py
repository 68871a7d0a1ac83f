"""Which words of the command-line framework users see: gathered here, since they stand in no source of ours.

Typer hands these to the standard library's ``gettext``, which ``translation.use_language`` points at our catalogue.
Nothing imports this file: it is read when the catalogue is made. ``tests/test_catalogue.py`` compares it with what the
installed typer asks for.
"""

from typing import Final

from newsletter.translation import mark

#: typer 0.29, ``typer/core.py``: headings and marks of help, and the errors of groups.
FRAMEWORK_WORDS: Final = (
    mark("Arguments"),
    mark("Options"),
    mark("Commands"),
    mark("required"),
    mark("default: {default}"),
    mark("env var: {var}"),
    mark("(dynamic)"),
    mark("Missing command."),
    mark("No such command {name!r}."),
    mark("Aborted!"),
)
