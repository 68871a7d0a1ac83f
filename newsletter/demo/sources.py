"""What the sample newsroom is made of: its files, its people, its columns and what its readers reply.

The county and its towns are real (their codes are public); villages, people, companies and events are invented.
"""

import csv
from importlib import resources
from pathlib import Path
from typing import Final, NamedTuple


class Staff(NamedTuple):
    """One person at the desk; ``role`` is a role's code."""

    name: str
    role: str


class SampleContributor(NamedTuple):
    """A correspondent and the code of the unit they write for."""

    name: str
    unit: str


class SampleColumn(NamedTuple):
    """A column; ``owner`` is the code of the department whose dedicated column (专栏) it is."""

    code: str
    name: str
    owner: str | None = None


class SampleUnit(NamedTuple):
    """A line of ``units.csv``; ``parent`` and ``region_code`` may be empty."""

    code: str
    name: str
    kind: str
    parent: str
    region_code: str


class Reply(NamedTuple):
    """What a reader texts back, and how often among all replies (a weight, no unit)."""

    text: str
    weight: int


NEWSROOM_NAME: Final = "如皋党员手机报"
SIGNATURE: Final = "如皋手机报"

ADMIN: Final = Staff("sun", "admin")
EDITOR: Final = Staff("li", "editor")
REVIEWER: Final = Staff("wang", "reviewer")
ISSUER: Final = Staff("zhao", "issuer")
ANALYST: Final = Staff("chen", "analyst")
STAFF: Final = (EDITOR, REVIEWER, ISSUER, ANALYST)

#: The unit that gets a town's dedicated edition (专刊), and the department that gets its own.
TOWN_OF_THE_EDITION: Final = "banjing"
DEPARTMENT_OF_THE_EDITION: Final = "nyj"

#: In the order the main edition prints them.
COLUMNS: Final = (
    SampleColumn("yaowen", "要闻"),
    SampleColumn("tianjian", "田间党课", DEPARTMENT_OF_THE_EDITION),
    SampleColumn("jiceng", "基层动态"),
    SampleColumn("fuwu", "为民服务"),
    SampleColumn("liudong", "流动党员之家"),
    SampleColumn("yinfa", "银发先锋"),
)

CONTRIBUTORS: Final = (
    SampleContributor("许知秋", "zzb"),
    SampleContributor("陆小满", "banjing"),
    SampleContributor("顾春禾", "nyj"),
    SampleContributor("季云帆", "rucheng"),
    SampleContributor("缪晓棠", "baipu"),
    SampleContributor("倪江月", "changjiang"),
    SampleContributor("袁满舟", "rsj"),
    SampleContributor("葛念安", "wjw"),
    SampleContributor("石望舒", "wuyao"),
    SampleContributor("冒新雨", "xiayuan"),
)

#: The article that says nothing, who sends it in, and why the desk declines it.
WEAK_ARTICLE: Final = "15-weak.txt"
WEAK_CONTRIBUTOR: Final = "冒新雨"
WEAK_COLUMN: Final = "jiceng"
DECLINE_REASON: Final = "通篇没有时间、地点和具体的人与事，请写清做了哪一件事、谁受了益，再来投稿。"

#: The article with a slip the desk overlooks: 窖 (jiào) for 窑 (yáo), two characters that look alike.
SLIP_ARTICLE: Final = "14-wuyao-two-foot-canal.md"
SLIP_QUOTE: Final = "吴窖镇"
SLIP_MENDED: Final = "吴窑镇"
RETURN_REASON: Final = "《两尺渠》正文把吴窑镇的“窑”误作“窖”，请改正后再送审。"

#: The article for the town's edition alone, with a village leader's name misspelt: 洲 for 舟, two characters of one
#: sound. The copy check knows the right name from the sample ``roster.csv``.
TOWN_ARTICLE: Final = "16-banjing-bridge-blackboard.md"
LEADER_SLIP: Final = "丛怀洲"
LEADER_NAME: Final = "丛怀舟"
TOWN_RETURN_REASON: Final = "《桥头一块小黑板》社区书记的姓名有一处写错，请按名册改正。"

#: Replies that ask to leave; the ones with a reason behind the word are for a person at the desk to read.
OPT_OUT_REPLIES: Final = (
    Reply("R", 30),
    Reply("退订", 25),
    Reply("TD", 15),
    Reply("Ｒ", 6),
    Reply("t d", 4),
    Reply("退订。", 4),
    Reply("STOP", 3),
    Reply("退订 太多", 8),
    Reply("退订，字太小看不清", 3),
    Reply("退订，我已转到外地支部", 2),
)

#: Replies that ask for something else, and must not unsubscribe anybody.
OTHER_REPLIES: Final = (
    Reply("收到", 12),
    Reply("板凳会办得好", 4),
    Reply("种麦明白纸在哪里领？", 3),
    Reply("下月换号，怎么登记？", 3),
    Reply("如何退订亲友的号码？", 1),
)

#: What the desk notes when somebody leaves by telephone.
TELEPHONE_REASON: Final = "来电退订：内容发得太密"


def content_root() -> Path:
    """The directory of the sample files, inside the installed package."""
    return Path(str(resources.files("newsletter.demo") / "content"))


def units_path() -> Path:
    """The sample units, in the format of ``units import``."""
    return content_root() / "units.csv"


def roster_path() -> Path:
    """The sample roster of leaders: what the copy checks know their names from."""
    return content_root() / "roster.csv"


def article_paths() -> tuple[Path, ...]:
    """The articles worth printing (Markdown), in the order of their file names; the weak one is not among them."""
    return tuple(sorted((content_root() / "articles").glob("*.md")))


def weak_path() -> Path:
    """The article (plain text) that the desk declines."""
    return content_root() / "articles" / WEAK_ARTICLE


def slip_path() -> Path:
    """The article with the wrong place name."""
    return content_root() / "articles" / SLIP_ARTICLE


def write_mended(path: Path) -> None:
    """Write the article with the slip to ``path``, its place name put right and nothing else changed.

    Raises:
        OSError: the file cannot be written.
    """
    text = slip_path().read_text(encoding="utf-8")
    path.write_text(text.replace(SLIP_QUOTE, SLIP_MENDED), encoding="utf-8")


def sample_units() -> tuple[SampleUnit, ...]:
    """The sample units, parents before children."""
    with units_path().open(encoding="utf-8", newline="") as file:
        return tuple(SampleUnit(**row) for row in csv.DictReader(file))
