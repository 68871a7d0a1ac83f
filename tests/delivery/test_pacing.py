"""How fast, and when, messages may go out."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery import sending
from newsletter.delivery.pacing import CLAIM_SECONDS, OutsideWindowError, Pacer, claim_limit, raise_if_outside_window
from newsletter.delivery.planning import BATCH_ROWS
from newsletter.delivery.sending import send_edition
from newsletter.newsroom import Newsroom
from newsletter.settings import validate_settings
from tests.delivery.conftest import EDITION, MEMBERS
from tests.delivery.gateways import ObedientGateway
from tests.delivery.ledgers import totals

UseGateway = Callable[[ObedientGateway], ObedientGateway]


@pytest.mark.parametrize(
    ("rate", "parts_each", "expected"),
    [
        (None, 1, 500),
        (100, 1, 500),
        (50, 1, 500),
        (49.9, 1, 499),
        (50, 2, 250),
        (10, 3, 33),
        (1, 11, 1),
        (0.01, 1, 1),
        (1, 0, 10),
    ],
)
def test_a_claim_holds_what_ten_seconds_release(rate: float | None, parts_each: int, expected: int) -> None:
    assert claim_limit(rate, parts_each) == expected


@given(st.floats(0.01, 10_000), st.integers(1, 60))
def test_a_claim_never_lasts_longer(rate: float, parts_each: int) -> None:
    limit = claim_limit(rate, parts_each)
    assert 1 <= limit <= BATCH_ROWS
    assert limit == 1 or limit * parts_each / rate <= CLAIM_SECONDS * (1 + 1e-9)


def with_window(newsroom: Newsroom, window: str | None) -> Newsroom:
    document = newsroom.settings.model_dump(exclude={"sending"})
    sending_table = {} if window is None else {"window": window}
    return replace(newsroom, settings=validate_settings({**document, "sending": sending_table}, newsroom.directory))


def at(hour: int, minute: int = 0) -> datetime:
    """The hour of tomorrow in Shanghai, as the clock gives it, in UTC: what was signed a moment ago lies before it."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    return tomorrow.replace(hour=(hour - 8) % 24, minute=minute, second=0, microsecond=0)


@pytest.mark.parametrize(
    ("window", "hour", "minute", "is_open"),
    [
        ("08:00–21:00", 8, 0, True),
        ("08:00-21:00", 20, 59, True),
        ("08:00–21:00", 7, 59, False),
        ("08:00–21:00", 21, 0, False),
        ("22:00–06:00", 23, 0, True),
        ("22:00–06:00", 0, 0, True),
        ("22:00–06:00", 5, 59, True),
        ("22:00–06:00", 6, 0, False),
        ("22:00–06:00", 21, 59, False),
        (None, 3, 0, True),
    ],
)
def test_the_hours(newsroom: Newsroom, window: str | None, hour: int, minute: int, is_open: bool) -> None:
    newsroom = with_window(newsroom, window)
    if is_open:
        raise_if_outside_window(newsroom, at(hour, minute))
    else:
        with pytest.raises(OutsideWindowError, match=f"it is {hour:02}:{minute:02}"):
            raise_if_outside_window(newsroom, at(hour, minute))


def test_every_real_gateway_has_hours_unless_it_says_so(newsroom: Newsroom) -> None:
    document = newsroom.settings.model_dump(exclude={"sending", "gateway"})
    settings = validate_settings({**document, "gateway": {"kind": "twilio"}}, newsroom.directory)
    with pytest.raises(OutsideWindowError, match="08:00 to 21:00"):
        raise_if_outside_window(replace(newsroom, settings=settings), at(22))


def test_the_pacer_spaces_messages_by_their_parts() -> None:
    async def five() -> float:
        pacer = Pacer(200, 2)
        start = time.monotonic()
        await asyncio.gather(*(pacer.wait_turn() for _ in range(5)))
        return time.monotonic() - start

    assert 0.04 <= asyncio.run(five()) < 0.4


def test_without_a_rate_nobody_waits() -> None:
    async def many() -> None:
        pacer = Pacer(None, 3)
        for _ in range(1_000):
            await pacer.wait_turn()

    start = time.monotonic()
    asyncio.run(many())
    assert time.monotonic() - start < 0.5


def test_a_rate_slows_the_sending(ready: Newsroom, use_gateway: UseGateway) -> None:
    use_gateway(ObedientGateway())
    start = time.monotonic()
    report = send_edition(ready, EDITION, rate=100)
    assert report.ledger["accepted"] == MEMBERS
    parts_each = report.parts // MEMBERS
    assert time.monotonic() - start >= (MEMBERS - 1) * parts_each / 100


def test_the_end_of_the_hours_stops_between_claims_and_loses_nothing(
    ready: Newsroom, use_gateway: UseGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "claim_limit", lambda *_: 5)
    gateway = use_gateway(ObedientGateway())
    clock = iter([at(20)] * 1_000)
    evening = replace(with_window(ready, "08:00–21:00"), clock=lambda: at(21) if gateway.messages else next(clock))
    with pytest.raises(OutsideWindowError):
        send_edition(evening, EDITION)
    assert totals(ready, EDITION) == {"accepted": 5, "queued": MEMBERS - 5}
    assert send_edition(replace(evening, clock=lambda: at(8)), EDITION).stage == "sent"
    assert len({message.number_key for message in gateway.messages}) == len(gateway.messages) == MEMBERS
