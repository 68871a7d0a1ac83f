"""In which province a place lies, from how an office writes it: ``上海市浦东新区`` → 31. A province, and no nearer."""

import re
from functools import cache
from typing import Final
from unicodedata import normalize

from newsletter.organisation.regions import LEVEL_LENGTHS

#: Digits of a province's code.
PROVINCE_LENGTH: Final = LEVEL_LENGTHS[0]
#: The 34 divisions of the first level: GB/T 2260 code → short name.
PROVINCES: Final[dict[str, str]] = {
    "11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古",
    "21": "辽宁", "22": "吉林", "23": "黑龙江",
    "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西", "37": "山东",
    "41": "河南", "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南",
    "50": "重庆", "51": "四川", "52": "贵州", "53": "云南", "54": "西藏",
    "61": "陕西", "62": "甘肃", "63": "青海", "64": "宁夏", "65": "新疆",
    "71": "台湾", "81": "香港", "82": "澳门",
}  # fmt: skip
#: Cities of the second level by province, and a few of the third that many move to. A name that elsewhere is a
#: district's, a county's or a firm's stands with the word that tells it apart (朝阳市, 阿里地区).
_CITIES: Final[dict[str, str]] = {
    "13": "石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安",
    "14": "太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁",
    "15": "内蒙 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安盟 锡林郭勒 阿拉善",
    "21": "沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳市 葫芦岛",
    "22": "长春 四平 辽源 通化 白山市 松原 白城 延边",
    "23": "哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭",
    "32": "南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 昆山 张家港 常熟 太仓 江阴 宜兴",
    "33": "杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌 慈溪",
    "34": "合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城",
    "35": "福州 厦门 莆田 三明市 泉州 漳州 南平 龙岩 宁德 晋江",
    "36": "南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶",
    "37": "济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽",
    "41": "郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源",
    "42": "武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门 神农架",
    "43": "长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西",
    "44": "广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮",
    "45": "南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾市 崇左",
    "46": "海口 三亚 三沙 儋州",
    "51": "成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山",
    "52": "贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南",
    "53": "昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河州 文山州 西双版纳 大理 德宏 怒江 迪庆",
    "54": "拉萨 日喀则 昌都 林芝 山南市 那曲 阿里地区",
    "61": "西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛",
    "62": "兰州 嘉峪关 金昌 白银市 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南州",
    "63": "西宁 海东市 海北州 黄南州 海南州 海南藏族 果洛 玉树 海西州",
    "64": "银川 石嘴山 吴忠 固原 中卫",
    "65": "乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城 阿勒泰 石河子",
    "71": "台北 高雄 台中 台南",
}
#: What follows where a name is a street's, a gate's, a district's or a village's, and not the city's.
_NOT_THE_CITY: Final = r"(?![东西南北中一二三四五六七八九十]{0,2}(?:路|街|大街|大道|巷|门|区|镇|乡|村|里|桥|饭店|宾馆))"
_CODE: Final = re.compile(r"\d{2}(?:\d{2}){0,2}|\d{9}|\d{12}")


def find_province(text: str) -> str:
    """The code (2 digits) of the province a place lies in; empty where it cannot be told.

    Args:
        text: a region code, an address, a city, or words around one: ``在深圳打工``.
    """
    plain = "".join(character for character in normalize("NFKC", text) if character.isalnum())
    if plain.isascii():
        return plain[:PROVINCE_LENGTH] if _CODE.fullmatch(plain) and plain[:PROVINCE_LENGTH] in PROVINCES else ""
    found = _pattern().search(plain)
    return _codes()[found[0]] if found else ""


def province_label(code: str) -> str:
    """A province's short name; an unknown code is its own label."""
    return PROVINCES.get(code, code)


@cache
def _codes() -> dict[str, str]:
    cities = {name: code for code, names in _CITIES.items() for name in names.split()}
    return cities | {name: code for code, name in PROVINCES.items()}


@cache
def _pattern() -> "re.Pattern[str]":
    """The first name there is, the longest of those that begin there."""
    names = sorted(_codes(), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(names)}){_NOT_THE_CITY}")
