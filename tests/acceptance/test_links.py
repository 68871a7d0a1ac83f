"""Leaving by a link, from the draft to the statistics."""

from pathlib import Path

import pytest

from newsletter.newsroom import open_newsroom
from newsletter.web.application import create_app
from tests.command_line import CommandLine
from tests.texts import a_subscriber_file, an_article_file
from tests.web.browsing import Browser
from tests.web.newsrooms import BASE_URL, turn_on_links


def publish(shell: CommandLine, directory: Path, article: int) -> int:
    """Submit, draft, approve and send an edition for everybody; its number."""
    shell.ask("submit", an_article_file(directory, f"第{article}篇"), by="li")
    edition: int = shell.ask("draft", article, "--submit", by="li")["edition"]
    shell.ask("approve", edition, by="wang")
    shell.ask("send", edition, "--yes", by="zhao")
    return edition


@pytest.mark.slow
def test_whoever_follows_the_link_is_not_written_to_again(
    any_shell: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_on_links(any_shell.directory)
    any_shell.ask("subscribers", "import", a_subscriber_file(tmp_path), by="li")
    first = publish(any_shell, tmp_path, 1)
    second = publish(any_shell, tmp_path, 2)
    message = any_shell.ask("sandbox", "messages", "--edition", first, by="zhao")["messages"][4]
    url = message["text"].rpartition(" ")[2]
    assert url.startswith(f"{BASE_URL}/u/")

    newsroom = open_newsroom(any_shell.directory)
    browser = Browser(create_app(newsroom))
    path = url.removeprefix(BASE_URL)
    assert "退订【如皋手机报】" in browser.get(path).text
    assert any_shell.ask("send", second, "--dry-run", by="zhao")["ledger"]["suppressed"] == 0
    assert "已退订" in browser.post(path, data={"reason": "too-many", "note": "每天都有"}).text
    newsroom.engine.dispose()

    third = publish(any_shell, tmp_path, 3)
    got = {
        found["number_key"] for found in any_shell.ask("sandbox", "messages", "--edition", third, by="zhao")["messages"]
    }
    assert len(got) == 11
    assert message["number_key"] not in got
    counted = any_shell.ask("stats", "unsubscribes", "--by", "edition", "--by", "reason", by="chen")["rows"]
    assert [(row["edition"], row["reason"]) for row in counted if row["unsubscribed"]] == [(first, "too-many")]
