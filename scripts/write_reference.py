"""How the reference is written: commands from their own help, workflow and settings from the tables the code obeys."""

import re
import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import typer
from pydantic import BaseModel
from typer.core import TyperGroup

from newsletter.articles.stages import ARTICLE_TRANSITIONS
from newsletter.cli import build
from newsletter.organisation.roles import RIGHTS, Role
from newsletter.settings import Settings
from newsletter.workflow.edition_stages import EDITION_TRANSITIONS

if TYPE_CHECKING:
    from typer._click.core import Command

StageType = TypeVar("StageType", bound=StrEnum)
VerbType = TypeVar("VerbType", bound=StrEnum)

_ORIGIN: Final = "Written by `make docs` from {source}; do not edit.\n"


def write_pages() -> dict[str, str]:
    """Page name → its Markdown."""
    return {"commands.md": _commands_page(), "workflow.md": _workflow_page(), "settings.md": _settings_page()}


def _commands_page() -> str:
    root = build()
    lines = ["# Commands\n", _ORIGIN.format(source="the commands' own help")]
    lines += _describe(root, typer.Context(root, info_name="newsletter"))
    return _join(lines)


def _describe(command: "Command", context: typer.Context) -> Iterator[str]:
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
                yield from _describe(below, typer.Context(below, info_name=name, parent=context))


def _workflow_page() -> str:
    lines = ["# Workflow\n", _ORIGIN.format(source="the tables that the program obeys")]
    lines += ["\n## Who may do what\n", f"| right | {' | '.join(Role)} |", f"|---{'|---' * len(Role)}|"]
    lines += [
        f"| {right} | {' | '.join('yes' if role in RIGHTS[right] else '' for role in Role)} |" for right in RIGHTS
    ]
    lines.append("\nEverybody on staff may list, show, preview and see the status. There is no way round for admins.")
    lines += ["\n## Stages of an edition\n", *_transitions(EDITION_TRANSITIONS)]
    lines.append(
        "\n`compose` leads back to `drafted` only if it changed something: the digest tells. An edition leaves with "
        "three valid words over its digest, an editor's `submit`, a reviewer's `approve` and an issuer's `sign`, by "
        "three different people; reviewer and issuer have worked on none of its texts."
    )
    lines += ["\n## Stages of an article\n", *_transitions(ARTICLE_TRANSITIONS)]
    return _join(lines)


def _transitions(table: Mapping[tuple[StageType, VerbType], StageType]) -> Iterator[str]:
    yield "| from | by | to |\n|---|---|---|"
    yield from (f"| {stage} | {verb} | {following} |" for (stage, verb), following in table.items())


def _settings_page() -> str:
    lines = ["# Settings\n", _ORIGIN.format(source="the settings' own rules")]
    lines.append(
        "`newsletter.toml` in the newsroom's directory. An unknown key is an error that names the nearest known one."
    )
    for name, field in Settings.model_fields.items():
        lines += _table(name, field.annotation)
    return _join(lines)


def _table(name: str, model: object) -> Iterator[str]:
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return
    yield f"\n## `[{name}]`\n\n{_first_upper((model.__doc__ or '').partition(': ')[2].strip())}\n"
    inner = {key: field.annotation for key, field in model.model_fields.items()}
    plain = {key: field for key, field in model.model_fields.items() if not _is_model(inner[key])}
    if plain:
        yield "| key | default |\n|---|---|"
        yield from (f"| `{key}` | {_default(field.get_default())} |" for key, field in plain.items())
    for key, annotation in inner.items():
        yield from _table(f"{name}.{key}", annotation)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:].replace("``", "`")


def _is_model(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _default(value: object) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "must be given" if repr(value) == "PydanticUndefined" else f"`{value}`"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _join(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip(" ") for line in lines)).rstrip() + "\n"


def main() -> None:
    """Write the pages into the directory named on the command line."""
    directory = Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in write_pages().items():
        (directory / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
