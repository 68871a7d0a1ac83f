"""What changed between two versions of a text, for a reader of Chinese: by character, Latin words and numbers whole.

Paragraphs are matched first and what changed inside them after; a character or two that happen to stay between two
changes are taken in with them, since islands of one character are harder to read than the passage written anew.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import Final

#: A Latin word or a number, with what joins their parts (3.5%, 9:30, COVID-19), a run of spaces; else one character.
_TOKEN: Final = re.compile(r"[A-Za-z0-9]+(?:['’.,:/-][A-Za-z0-9]+)*%?|[ \u3000]+|.", re.DOTALL)
_LINE: Final = re.compile(r"[^\n]*\n|[^\n]+")
#: The longest run, in characters, that may be taken in with the changes on either side of it.
_ISLAND: Final = 2
#: Above this product of lengths, matching falls back on rarer elements: exact matching takes quadratic time.
_EXACT: Final = 4_000_000


class Kind(StrEnum):
    """What became of a passage."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Run:
    """A passage that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True)
class TextDifference:
    """What changed in an article's three fields."""

    title: tuple[Run, ...]
    lead: tuple[Run, ...]
    body: tuple[Run, ...]


def find_differences(before: str, after: str) -> list[Run]:
    """The runs that lead from ``before`` to ``after``; those not new make up the one, those not gone the other."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    runs: list[Run] = []
    for operation, start, end, new_start, new_end in _match(old, new):
        gone, come = "".join(old[start:end]), "".join(new[new_start:new_end])
        runs += [Run(Kind.SAME, gone)] if operation == "equal" else _compare_passages(gone, come)
    return _join(runs)


def compare_texts(before: tuple[str, str, str], after: tuple[str, str, str]) -> TextDifference:
    """What changed between two versions, each given as title, lead and body."""
    title, lead, body = (tuple(find_differences(old, new)) for old, new in zip(before, after, strict=True))
    return TextDifference(title=title, lead=lead, body=body)


def mark_runs(runs: Iterable[Run]) -> str:
    """Runs as one text, with ``[-…-]`` around what went and ``{+…+}`` around what came."""
    marks = {Kind.SAME: "{}", Kind.GONE: "[-{}-]", Kind.NEW: "{{+{}+}}"}
    return "".join(marks[run.kind].format(run.text) for run in runs)


def only_changed(runs: Sequence[Run]) -> list[Run]:
    """The runs without the paragraphs in which nothing changed; a line with ``…`` stands for those left out."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        for piece in _LINE.findall(run.text):
            lines[-1].append(Run(run.kind, piece))
            if piece.endswith("\n"):
                lines.append([])
    kept: list[Run] = []
    for is_changed, group in groupby(lines, key=lambda line: any(run.kind is not Kind.SAME for run in line)):
        passages = [run for line in group for run in line]
        if is_changed:
            kept += passages
        elif any(run.text.strip() for run in passages):
            kept.append(Run(Kind.SAME, "…\n"))
    return _join(kept)


def _match(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > _EXACT)
    return matcher.get_opcodes()


def _compare_passages(before: str, after: str) -> list[Run]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    changes: list[tuple[str, str]] = []
    for operation, start, end, new_start, new_end in _match(old, new):
        gone, come = "".join(old[start:end]), "".join(new[new_start:new_end])
        # What stayed is written as a pair of equals, so that it can be taken in with what stands around it.
        changes.append((gone, come if operation != "equal" else gone))
    return [run for gone, come in _take_in_islands(changes) for run in _runs_of(gone, come)]


def _take_in_islands(changes: list[tuple[str, str]]) -> list[tuple[str, str]]:
    kept: list[tuple[str, str]] = []
    for place, (gone, come) in enumerate(changes):
        following = changes[place + 1] if place + 1 < len(changes) else None
        former = kept[-1] if kept else ("", "")
        is_island = gone == come and following is not None and _is_island(gone, former, following)
        if is_island or (gone != come and former[0] != former[1]):
            kept[-1] = (former[0] + gone, former[1] + come)
        else:
            kept.append((gone, come))
    return kept


def _is_island(text: str, before: tuple[str, str], after: tuple[str, str]) -> bool:
    """Whether a passage that stayed is short, in one line, and no longer than the changes on either side of it."""
    size = min(max(map(len, before)), max(map(len, after)))
    return before[0] != before[1] and len(text) <= min(_ISLAND, size) and "\n" not in text


def _runs_of(gone: str, come: str) -> list[Run]:
    if gone == come:
        return [Run(Kind.SAME, gone)]
    return [run for run in (Run(Kind.GONE, gone), Run(Kind.NEW, come)) if run.text]


def _join(runs: Iterable[Run]) -> list[Run]:
    return [Run(kind, "".join(run.text for run in group)) for kind, group in groupby(runs, key=lambda run: run.kind)]
