"""What changed between two versions of a text, character by character, as suits Chinese: [-gone-]{+new+}."""

from difflib import SequenceMatcher


def mark_differences(before: str, after: str) -> str:
    """``after`` with what was taken out in ``[-…-]`` and what was put in within ``{+…+}``."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    pieces: list[str] = []
    for operation, start, end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            pieces.append(after[new_start:new_end])
            continue
        if start < end:
            pieces.append(f"[-{before[start:end]}-]")
        if new_start < new_end:
            pieces.append(f"{{+{after[new_start:new_end]}+}}")
    return "".join(pieces)
