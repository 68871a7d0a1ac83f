"""How long all copy checks of a 2,000-character article take, against one regex pass over the same text."""

import re
import statistics
import time
from collections.abc import Callable
from datetime import date
from typing import Final

from newsletter.articles.checks import check_copy
from newsletter.articles.reference.loading import CheckContext
from tests.articles.checks.planted import PLANTED, read_reference

#: Times each side is measured; the median counts.
ROUNDS: Final = 30
CHARACTERS: Final = 2_000
AIM_MILLISECONDS: Final = 50
_SENTENCES: Final = (
    "11月21日（星期六）上午9时，市委书记顾怀舟，市委副书记、市长沈砚秋到搬经镇加力社区调研秋种工作。",
    "今年全镇共种麦3.2万亩，其中机播2.1万亩、撒播1.1万亩，比去年的3万亩增长6.7%。",
    "“过去靠天，现在靠渠。”村民老陆说，渠通了以后，一亩地能多收两百斤，大家心里都踏实了。",
    "白蒲镇勇敢村把板凳会开到田头，党员和群众坐在一起，商量今冬清淤、修路和照看老人三件事。",
)
#: The plain baseline: the text taken apart into words, figures and marks.
_PASS: Final = re.compile(r"[一-鿿]{1,2}|\d+(?:\.\d+)?|.")


def an_article(characters: int) -> str:
    """Ordinary sentences, a paragraph of four each, cut at so many characters."""
    paragraph = "".join(_SENTENCES)
    return "\n\n".join([paragraph] * (characters // len(paragraph) + 1))[:characters]


def median_milliseconds(work: Callable[[], object]) -> float:
    """The median of ``ROUNDS`` runs, after one that is not counted."""
    work()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1_000)
    return statistics.median(taken)


def run() -> None:
    """Print milliseconds of both, their ratio, and what the first call costs, which prepares names and sounds."""
    body = an_article(CHARACTERS)
    context = CheckContext(date(2026, 11, 21), *read_reference(PLANTED / "reference"))
    start = time.perf_counter()
    check_copy("秋种时节看搬经", "", body, context)
    first = (time.perf_counter() - start) * 1_000
    ours = median_milliseconds(lambda: check_copy("秋种时节看搬经", "", body, context))
    plain = median_milliseconds(lambda: sum(1 for _ in _PASS.finditer(body)))
    print(
        f"all checks of {CHARACTERS:,} characters: {ours:.1f} ms (median of {ROUNDS}; aim: {AIM_MILLISECONDS} or less)"
    )
    print(f"one regex pass over the same text: {plain:.2f} ms")
    print(f"ratio: {ours / plain:.0f}")
    print(f"the first call of a process, sounds and names prepared: {first:.0f} ms")


if __name__ == "__main__":
    run()
