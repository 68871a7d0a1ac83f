"""What holds for every answer: headers, how often one may ask, and trouble that tells nothing."""

import asyncio
import base64
import hashlib
import logging
import re
from pathlib import Path

import pytest
import uvicorn
from uvicorn.server import ServerState

from newsletter.newsroom import Newsroom
from newsletter.web.application import create_app
from newsletter.web.buckets import BURST, MISS_COST, Buckets
from newsletter.web.impatience import ImpatientProtocol
from tests.web.browsing import Browser

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.mark.parametrize("path", ["/", "/healthz", "/u/222222222222", "/u/", "/u", "/docs", "/openapi.json"])
@pytest.mark.parametrize("method", METHODS)
def test_every_answer_is_kept_by_nobody_and_fetches_nothing(browser: Browser, path: str, method: str) -> None:
    answer = browser.request(method, path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.status_code == (200 if path == "/healthz" and method in ("GET", "HEAD") else answer.status_code)
    assert answer.status_code in (200, 404, 405)


def test_the_policy_names_the_very_style_on_the_page(browser: Browser, tokens: list[str]) -> None:
    answer = browser.get(f"/u/{tokens[0]}")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{hashed}'" in answer.headers["content-security-policy"]


def test_pages_carry_neither_script_nor_anything_from_elsewhere(browser: Browser, tokens: list[str]) -> None:
    for page in (browser.get(f"/u/{tokens[0]}").text, browser.post(f"/u/{tokens[0]}").text, browser.get("/").text):
        assert not re.search(r"<script|src=|href=|url\(|@import| on\w+=|style=", page)


def test_whoever_asks_too_often_waits(linked: Newsroom, tokens: list[str]) -> None:
    clock = Clock()
    browser = Browser(create_app(linked, buckets=Buckets(clock)))
    codes = [browser.get(f"/u/{tokens[0]}").status_code for _ in range(int(BURST) + 1)]
    assert codes == [200] * int(BURST) + [429]
    clock.seconds = 1
    assert browser.get(f"/u/{tokens[0]}").status_code == 200


def test_whoever_guesses_waits_much_sooner(linked: Newsroom) -> None:
    browser = Browser(create_app(linked, buckets=Buckets(Clock())))
    codes = [browser.get("/u/222222222222").status_code for _ in range(int(BURST))]
    assert codes.count(404) == BURST / MISS_COST
    assert codes[-1] == 429


def test_a_few_misses_keep_no_honest_reader_out(linked: Newsroom, tokens: list[str]) -> None:
    browser = Browser(create_app(linked, buckets=Buckets(Clock())))
    for _ in range(20):
        assert browser.get("/u/222222222222").status_code == 404
    assert browser.post(f"/u/{tokens[0]}").status_code == 200


def test_a_form_that_never_comes_in_is_not_waited_for(
    linked: Newsroom, tokens: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_request: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("newsletter.web.application._BODY_SECONDS", 0.01)
    monkeypatch.setattr("newsletter.web.application.read_departure", never)
    assert Browser(create_app(linked)).post(f"/u/{tokens[0]}").status_code == 408


def test_a_connection_without_a_request_is_closed(linked: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImpatientProtocol, "header_seconds", 0.05)
    config = uvicorn.Config(create_app(linked), access_log=False, log_config=None)
    config.load()

    async def hold(said: bytes) -> bytes:
        state = ServerState()
        server = await asyncio.get_running_loop().create_server(
            lambda: ImpatientProtocol(config, state, {}), "127.0.0.1", 0
        )
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(said)
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
        return answer

    assert asyncio.run(hold(b"")) == asyncio.run(hold(b"GET /healthz HTTP/1.1\r\nHost: x")) == b""
    assert asyncio.run(hold(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")).endswith(b"ok\n")


def test_one_address_does_not_use_up_anothers() -> None:
    buckets = Buckets(Clock())
    while buckets.take("10.0.0.1"):
        pass
    assert buckets.take("10.0.0.2")
    while buckets.take("2001:db8::1"):
        pass
    assert not buckets.take("2001:db8::2"), "the same network"
    assert buckets.take("2001:db8:0:1::2")
    assert buckets.take("no address")


def test_buckets_are_no_more_than_fit() -> None:
    buckets = Buckets(Clock())
    for place in range(20_000):
        buckets.take(f"10.{place >> 16}.{place >> 8 & 255}.{place & 255}")
    assert len(vars(buckets)["_left"]) == 10_000


def test_trouble_shows_as_a_page_and_tells_nothing(
    linked: Newsroom, tokens: list[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_values: object, **_named: object) -> None:
        raise RuntimeError(f"/u/{tokens[0]} 13900000001")

    monkeypatch.setattr("newsletter.web.application.leave_by_link", break_down)
    browser = Browser(create_app(linked))
    with caplog.at_level(logging.DEBUG, logger="newsletter.web"):
        answer = browser.post(f"/u/{tokens[0]}")
    assert answer.status_code == 500
    assert "暂时打不开" in answer.text
    assert caplog.messages == ["RuntimeError: 500"]
    assert "Traceback" not in answer.text + caplog.text


def test_a_database_that_is_gone_is_told_of(linked: Newsroom, tokens: list[str], browser: Browser) -> None:
    assert browser.get("/healthz").text == "ok\n"
    linked.engine.dispose()
    for path in Path(linked.directory).glob("newsletter.db*"):
        path.unlink()
    Path(linked.directory, "newsletter.db").mkdir()
    assert browser.get("/healthz").status_code == 503
    assert browser.get(f"/u/{tokens[0]}").status_code == 503
