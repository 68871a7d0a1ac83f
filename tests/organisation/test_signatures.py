"""Which signatures may open a message."""

import pytest

from newsletter.organisation.signatures import SignatureError, check_signature


@pytest.mark.parametrize("signature", ["党报", "如皋党建手机报社", "ABC党建"])
def test_two_to_eight_characters_pass_unchanged(signature: str) -> None:
    assert check_signature(signature) == signature


@pytest.mark.parametrize("signature", ["", "党", "如皋党建手机报社区"])
def test_other_lengths_are_refused(signature: str) -> None:
    with pytest.raises(SignatureError, match=f"has {len(signature)} characters"):
        check_signature(signature)


@pytest.mark.parametrize(
    ("signature", "shown"),
    [
        ("【党建】", "【"),
        ("党 建", "U\\+0020"),
        ("党\u3000建", "U\\+3000"),
        ("党\n建", "U\\+000A"),
        ("党\u200b建", "U\\+200B"),
    ],
)
def test_brackets_spaces_and_invisible_characters_are_refused_by_name(signature: str, shown: str) -> None:
    with pytest.raises(SignatureError, match=shown):
        check_signature(signature)
