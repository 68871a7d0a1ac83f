"""Which words in a file or on the command line stand for which profession, standing, yes or no."""

from functools import cache
from typing import Final
from unicodedata import normalize

from newsletter.subscribers.models import Profession, Standing

PROFESSION_LABELS: Final[dict[Profession, str]] = {
    Profession.WORKER: "工人",
    Profession.FARMER: "农牧渔民",
    Profession.SPECIALIST: "专业技术人员",
    Profession.MANAGER: "管理人员",
    Profession.OFFICIAL: "党政机关工作人员",
    Profession.STUDENT: "学生",
    Profession.OTHER: "其他职业",
}
STANDING_LABELS: Final[dict[Standing, str]] = {
    Standing.ACTIVIST: "入党积极分子",
    Standing.PROSPECTIVE: "发展对象",
    Standing.PROBATIONARY: "预备",
    Standing.FULL: "正式",
    Standing.NONE: "群众",
}
#: In the public bulletin a profession; here the flag ``retired``.
RETIRED_LABEL: Final = "离退休人员"
RETIRED_CODE: Final = "retired"
#: May follow the labels of those who are in: 正式党员, 预备党员.
_MEMBER_SUFFIX: Final = "党员"
_SUFFIXED: Final = (Standing.PROBATIONARY, Standing.FULL)
#: What offices' lists say besides: in the members' information system, and in the code list GB/T 4762.
_USUAL_STANDINGS: Final = {
    "积极分子": Standing.ACTIVIST,
    "中共预备党员": Standing.PROBATIONARY,
    "中共党员": Standing.FULL,
}
FLAGS: Final[dict[str, bool]] = {
    **dict.fromkeys(("yes", "y", "true", "1", "是", "√", "✓", "✔"), True),
    **dict.fromkeys(("no", "n", "false", "0", "否", "×", "✗", ""), False),
}


def clean_cell(cell: str) -> str:
    """A cell as it is compared: full-width forms made plain, outer spaces gone, case folded."""
    return normalize("NFKC", cell).strip().casefold()


@cache
def _standings() -> dict[str, Standing]:
    words = {str(standing): standing for standing in Standing}
    words |= {label: standing for standing, label in STANDING_LABELS.items()} | _USUAL_STANDINGS
    return words | {STANDING_LABELS[standing] + _MEMBER_SUFFIX: standing for standing in _SUFFIXED}


@cache
def _professions() -> dict[str, Profession]:
    words = {str(profession): profession for profession in Profession}
    return words | {label: profession for profession, label in PROFESSION_LABELS.items()}


def parse_profession(cell: str) -> Profession | None:
    """The profession a code or label names; None when it names none."""
    return _professions().get(clean_cell(cell))


def means_retired(cell: str) -> bool:
    """Whether what stands as the profession says that the person is retired."""
    return clean_cell(cell) in (RETIRED_LABEL, RETIRED_CODE)


def parse_standing(cell: str) -> Standing | None:
    """The standing a code or label names; None when it names none."""
    return _standings().get(clean_cell(cell))


def parse_flag(cell: str) -> bool | None:
    """Yes or no; empty is no; None when it is neither."""
    return FLAGS.get(clean_cell(cell))
