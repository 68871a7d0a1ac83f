"""How long ``newsletter --help`` takes, against a hello-world program of the same library (at most 1.5 times)."""

import compileall
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import newsletter

#: Times each command is run; the median counts.
ROUNDS: Final = 10
_HELLO: Final = '''"""Hello, world."""

import typer


def main(name: str = "world") -> None:
    """Say hello."""
    print(f"Hello {name}")


if __name__ == "__main__":
    typer.run(main)
'''
#: The same with the plain help that our own program shows.
_PLAIN: Final = _HELLO.replace(
    "typer.run(main)", "app = typer.Typer(rich_markup_mode=None)\n    app.command()(main)\n    app()"
)


def time_once(command: list[str], environment: dict[str, str]) -> float:
    """Milliseconds from start to end of a process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return (time.perf_counter() - start) * 1_000


def run() -> None:
    """Print the medians, taken in turn so that whatever else the machine does falls on all alike."""
    compileall.compile_dir(str(Path(newsletter.__file__).parent), quiet=2)
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # The installed command, not `-m`: that is what a person starts.
    installed = shutil.which("newsletter", path=str(Path(sys.executable).parent)) or "newsletter"
    with tempfile.TemporaryDirectory() as directory:
        hello, plain = Path(directory) / "hello.py", Path(directory) / "plain.py"
        hello.write_text(_HELLO, encoding="utf-8")
        plain.write_text(_PLAIN, encoding="utf-8")
        commands = {
            "newsletter --help": [sys.executable, installed, "--help"],
            "hello --help": [sys.executable, str(hello), "--help"],
            "hello": [sys.executable, str(hello)],
            "hello with plain help --help": [sys.executable, str(plain), "--help"],
            "newsletter --language zh-CN --help": [sys.executable, installed, "--language", "zh-CN", "--help"],
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for command in commands.values():
            time_once(command, environment)
        for _ in range(ROUNDS):
            for name, command in commands.items():
                taken[name].append(time_once(command, environment))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    for name, median in medians.items():
        print(f"{name}: {median:.0f} ms (median of {ROUNDS})")
    ours = medians["newsletter --help"]
    print(f"ratio to hello --help: {ours / medians['hello --help']:.2f} (aim: 1.5 or less)")
    print(f"ratio to running hello: {ours / medians['hello']:.2f}")
    print(f"ratio to hello with plain help --help: {ours / medians['hello with plain help --help']:.2f}")
