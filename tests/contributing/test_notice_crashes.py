"""A sender of notices that dies at any step: run again, nobody is told twice and nobody is left out."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from newsletter.delivery import notices as sending
from newsletter.delivery.gateways.sandbox import SandboxGateway
from newsletter.delivery.notices import send_notices
from newsletter.newsroom import Newsroom
from newsletter.workflow.contributing.outbox import queue_notices
from tests.command_line import CommandLine
from tests.contributing.desks import GU, LU, handed_over, states, submit, with_numbers
from tests.crash.dying import run_and_die

COUNT = 5
#: Where the sender is made to die: whose attribute, its name, before or after, at which call.
STEPS: list[tuple[Any, str, str, int]] = [
    (sending, "take_replies", "after", 1),
    (sending, "settle_unclear_notices", "after", 1),
    (sending, "claim_notices", "before", 1),
    (sending, "claim_notices", "after", 1),
    (sending._Run, "_claim", "after", 1),
    (SandboxGateway, "_draw_fate", "before", 1),
    (SandboxGateway, "_draw_fate", "before", 3),
    (sending, "record_notice_outcomes", "before", 1),
    (sending, "record_notice_outcomes", "after", 1),
    (sending._Run, "_record", "after", 1),
    (sending, "settle_unclear_notices", "before", 2),
    (sending, "take_receipts", "before", 1),
    (sending, "take_receipts", "after", 1),
]


class DiedError(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@pytest.fixture
def desk(newsroom: Newsroom) -> Newsroom:
    """Five receipts that wait, claimed two at a time."""
    found = with_numbers(newsroom)
    for number in range(COUNT):
        submit(found, f"稿件{number}", contributor=(LU, GU)[number % 2])
    assert queue_notices(found).waiting == COUNT
    return found


def deadly(original: Callable[..., Any], when: str, call: int) -> Callable[..., Any]:
    """``original``, which kills whoever calls it for the ``call``-th time."""
    calls = Counter[str]()

    def act(*arguments: Any, **more: Any) -> Any:
        calls["all"] += 1
        if (when, calls["all"]) == ("before", call):
            raise DiedError
        result = original(*arguments, **more)
        if calls["all"] == call:
            raise DiedError
        return result

    return act


@pytest.mark.parametrize(("owner", "name", "when", "call"), STEPS)
def test_a_dead_sender_is_succeeded_without_loss_or_doubling(  # noqa: PLR0917 (the step)
    desk: Newsroom, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, when: str, call: int
) -> None:
    monkeypatch.setattr(sending, "_CLAIMED_AT_ONCE", 2)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, deadly(getattr(owner, name), when, call))
        with pytest.raises(DiedError):
            send_notices(desk)
    queue_notices(desk)
    send_notices(desk)
    assert sorted(handed_over(desk).values()) == [1] * COUNT
    assert states(desk) == {"delivered": COUNT}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "when", "call"),
    [
        ("newsletter.delivery.gateways.sandbox:SandboxGateway.send", "before", 4),
        ("newsletter.delivery.notices:record_notice_outcomes", "before", 1),
        ("newsletter.delivery.notices:take_receipts", "before", 1),
    ],
)
def test_kill_9_neither_loses_nor_doubles(
    desk: Newsroom, shell: CommandLine, target: str, when: str, call: int
) -> None:
    line = ("--newsroom", shell.directory, "--as", "ma", "notices", "send", "--yes")
    run_and_die(target, *line, when=when, call=call)
    assert shell.ask("notices", "send", "--yes", by="ma")["notices"]["delivered"] == COUNT
    assert sorted(handed_over(desk).values()) == [1] * COUNT
