"""One document, one text: what is signed and hashed cannot be written in two ways."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.journal.canonical import canonical_json, sha256_text

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc中", max_size=3), inner, max_size=3),
    max_leaves=10,
)
DOCUMENT = st.dictionaries(st.text("abc中", max_size=3), PLAIN, max_size=4)


@given(DOCUMENT, st.randoms())
def test_the_order_of_fields_does_not_matter(document: dict[str, Any], random: Any) -> None:
    keys = list(document)
    random.shuffle(keys)
    assert canonical_json({key: document[key] for key in keys}) == canonical_json(document)


@given(DOCUMENT)
def test_what_is_written_reads_back(document: dict[str, Any]) -> None:
    assert json.loads(canonical_json(document)) == document


@given(DOCUMENT, DOCUMENT)
def test_two_documents_have_two_texts(one: dict[str, Any], other: dict[str, Any]) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (canonical_json(one) == canonical_json(other)) is same


def test_chinese_stands_as_it_is_without_white_space() -> None:
    assert canonical_json({"乙": [1, None, True], "a": "党 报"}) == '{"a":"党 报","乙":[1,null,true]}'


@pytest.mark.parametrize("document", [{"a": 1.0}, {"a": [1, {"b": 0.1}]}, {"a": (2.5,)}, {"a": {"b": float("nan")}}])
def test_floats_are_refused_at_any_depth(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="float"):
        canonical_json(document)


def test_the_hash_is_of_utf8() -> None:
    assert sha256_text("党") == "cc0b50fd16d7eb5a2fc55baf59ff46bb8b313e550a089f045dd47dea8433e91e"
