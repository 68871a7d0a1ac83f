"""How what a reader or the desk writes is folded before it is compared with words we know. Pure."""

from typing import Final
from unicodedata import category, normalize

#: Traditional characters that occur in the words we know or beside them, and what they are in simplified writing.
_TRADITIONAL: Final = (
    "訂閱閲復覆絕發騷擾頻興內無關號碼換遷沒過貴費給變員團開離實這個話機亂靜鐘點條為爲錯認識誰別對聯經謝請"
    "煩刪銷註訴舉報從單裡裏黨覺時間與轉調組織係處網學習強國錢愛們來麼會訊傳電動長樣還後騙誤種讓聽夠戶屆現"
    "應該見邊車務賬帳線終滿緊並彆壓擊圍辦傷紅壞歡雙兩歲週題類願響顯讀設説說講議諸證資質誠詢廣鬧門問聞鐵鈴"
    "項預須體驗據擇撥數斷權歸殘氣況淨減測準溝獲將專導屬層師幾庫當彙徵憂懷戰態總眾滾"
)
_SIMPLIFIED: Final = (
    "订阅阅复复绝发骚扰频兴内无关号码换迁没过贵费给变员团开离实这个话机乱静钟点条为为错认识谁别对联经谢请"
    "烦删销注诉举报从单里里党觉时间与转调组织系处网学习强国钱爱们来么会讯传电动长样还后骗误种让听够户届现"
    "应该见边车务账账线终满紧并别压击围办伤红坏欢双两岁周题类愿响显读设说说讲议诸证资质诚询广闹门问闻铁铃"
    "项预须体验据择拨数断权归残气况净减测准沟获将专导属层师几库当汇征忧怀战态总众滚"
)
_SIMPLER: Final = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
#: Kinds of characters that carry no word: punctuation, separators, controls, the signs among ``~ + ^ |``, and emoji
#: with what chooses their look.
NO_WORD: Final = ("P", "Z", "C", "Sm", "Sk", "So", "M")


def fold_text(text: str) -> str:
    """``ＴＤ，訂過`` → ``TD,订过``: full-width forms, case and traditional writing make no difference."""
    return normalize("NFKC", text).translate(_SIMPLER).upper()


def fold_words(text: str) -> str:
    """The same, with every run of what carries no word made one space, and none at the ends."""
    spaced = (" " if category(c).startswith(NO_WORD) else c for c in fold_text(text))
    return " ".join("".join(spaced).split())
