"""The one way a document is written before it is hashed or signed."""

import hashlib
import json
from typing import Any


def canonical_json(document: dict[str, Any]) -> str:
    """UTF-8 JSON with sorted keys and no white space; the same document always gives the same text.

    Raises:
        ValueError: a float is in it; floats have no one way of being written.
    """
    _refuse_floats(document)
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_text(text: str) -> str:
    """SHA-256 of the UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise ValueError(f"a float in a canonical document: {value}")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
