"""What invented members are called: common surnames with plain given names, some of which come up twice.

The characters are chosen so that no combination is the name of a national leader.
"""

from typing import Final

from newsletter.demo.profiles import urn

#: Surnames by how common they are, with some that the county is known for (冒, 缪, 丛, 佘).
SURNAMES: Final = urn(
    {
        "王": 9, "李": 9, "张": 9, "陈": 9, "刘": 7, "吴": 6, "周": 6, "徐": 6, "朱": 5, "孙": 5, "杨": 5, "黄": 5,
        "顾": 4, "钱": 4, "沈": 4, "丁": 3, "薛": 3, "许": 3, "章": 3, "石": 3, "冒": 2, "缪": 2, "丛": 2, "佘": 1,
    }
)  # fmt: skip
FIRST: Final = tuple("春秋冬玉桂金银秀文永长广志建国海雨晓思子家佳")
SECOND: Final = tuple("梅英芳生林根泉荣祥辉涵萱宇轩琴凤田禾苗")
SINGLE: Final = tuple("梅松琴芳静燕霞蓉")

#: Every given name: three parts of four have two characters, the others one.
GIVEN_NAMES: Final = tuple(first + second for first in FIRST for second in SECOND) + SINGLE * 17
