"""``python -m tests.benchmarks [NAME…]``: run every ``…_benchmark`` here, or those named, one after the other."""

import importlib
import pkgutil
import sys
from pathlib import Path
from typing import Final

_ENDING: Final = "_benchmark"


def main(names: list[str]) -> None:
    """Run each benchmark's ``run()``; a name is the module's without its ending."""
    found = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    for name in (name for name in found if name.endswith(_ENDING)):
        short = name.removesuffix(_ENDING)
        if not names or short in names:
            print(f"== {short}")
            importlib.import_module(f"tests.benchmarks.{name}").run()


if __name__ == "__main__":
    main(sys.argv[1:])
