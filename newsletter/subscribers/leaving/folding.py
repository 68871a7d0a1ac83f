"""How what a reader or the desk writes is folded before it is compared with words we know. Pure."""

from typing import Final
from unicodedata import category, normalize

#: Traditional characters that occur in the words we know, and what they are in simplified writing.
_TRADITIONAL: Final = (
    "訂閱復絕發騷擾頻興趣內無關號碼換遷沒過貴費給變員團開離實這個話機亂靜鐘點條為錯認識誰別對聯經謝請煩"
)
_SIMPLIFIED: Final = (
    "订阅复绝发骚扰频兴趣内无关号码换迁没过贵费给变员团开离实这个话机乱静钟点条为错认识谁别对联经谢请烦"
)
_SIMPLER: Final = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
#: Kinds of characters that carry no word: punctuation, separators, controls, and the signs among ``~ + ^ |``.
NO_WORD: Final = ("P", "Z", "C", "Sm", "Sk")


def fold_text(text: str) -> str:
    """``ＴＤ，訂過`` → ``TD,订过``: full-width forms, case and traditional writing make no difference."""
    return normalize("NFKC", text).translate(_SIMPLER).upper()


def fold_words(text: str) -> str:
    """The same, with every run of what carries no word made one space, and none at the ends."""
    spaced = (" " if category(c).startswith(NO_WORD) else c for c in fold_text(text))
    return " ".join("".join(spaced).split())
