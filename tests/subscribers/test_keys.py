"""The keys' quick ways give what the plain ways give."""

import hmac
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from newsletter.keys import DataKeys

KEYS = DataKeys("0123456789abcdef", {1: bytes(range(32)), 2: bytes(32)})


@given(st.text(max_size=200))
def test_number_and_name_keys_are_plain_hmac(text: str) -> None:
    key = KEYS._number_key
    assert KEYS.number_key(text) == hmac.new(key, text.encode(), sha256).hexdigest()[:32]
    assert KEYS.name_key("n" + text) == hmac.new(key, f"name/n{text}".encode(), sha256).hexdigest()[:32]


def test_many_are_encrypted_as_one_is() -> None:
    texts, contexts = ["a", "张三", ""], ["number/1", "name/2", "name/3"]
    many = KEYS.encrypt_many(texts, contexts)
    assert [KEYS.decrypt(one, context) for one, context in zip(many, contexts, strict=True)] == texts
    assert {one[0] for one in [*many, KEYS.encrypt("a", "number/1")]} == {2}
    assert len({one[1:13] for one in many + KEYS.encrypt_many(texts, contexts)}) == 6
    assert KEYS.encrypt_many([], []) == []
