"""Run a command in this process and kill it, as ``kill -9`` does, right before or after it calls a given function.

``python -m tests.crash.dying before newsletter.delivery.sending:claim_rows 2 -- send 1 --yes``: at the second call.
"""

import importlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import Any

from newsletter.cli import main


def run_and_die(target: str, *words: object, when: str = "before", call: int = 1) -> None:
    """Type a command in a process of its own; it must have died where it was told to."""
    command = [sys.executable, "-m", "tests.crash.dying", when, target, str(call), "--", *map(str, words)]
    died = subprocess.run(command, check=False, capture_output=True, text=True, env=_environment(os.environ))
    assert died.returncode == -signal.SIGKILL, f"{target}: {died.returncode}\n{died.stdout}{died.stderr}"


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {**environment, "PYTHONPATH": str(Path(__file__).parents[2])}


def plant(target: str, *, when: str, call: int) -> None:
    """Have ``module:name`` (or ``module:Class.name``) kill this process at its ``call``-th call."""
    module, _, path = target.partition(":")
    *owners, name = path.split(".")
    owner = reduce(getattr, owners, importlib.import_module(module))
    original = getattr(owner, name)
    count = 0

    def deadly(*arguments: Any, **more: Any) -> Any:
        nonlocal count
        count += 1
        if count == call and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*arguments, **more)
        if count == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


if __name__ == "__main__":
    when, target, call, _separator, *words = sys.argv[1:]
    plant(target, when=when, call=int(call))
    sys.exit(main(words))
