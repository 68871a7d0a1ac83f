"""Our own name of a delivery."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.references import read_reference, write_reference
from newsletter.errors import OutsideError

IDS = st.integers(1, 2**31 - 1)


@given(IDS, IDS, IDS)
def test_what_is_written_is_read(edition: int, batch: int, subscriber: int) -> None:
    assert read_reference(write_reference(edition, batch, subscriber)) == (edition, batch, subscriber)


@pytest.mark.parametrize("strange", ["", "1-2", "1-2-3-4", "a-b-c", "SM0123"])
def test_what_we_never_wrote_is_refused(strange: str) -> None:
    with pytest.raises(OutsideError, match="not ours"):
        read_reference(strange)
