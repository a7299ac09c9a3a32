"""Generic words of the trade, the same for every brand: bodies, energies, colours, trim levels.

The codes of bodies and energies are those of the store. Each term may name characters that must
not stand right before or right after it, where the same letters are part of another word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.nlu.spans import Span
from bot.nlu.text import Normalised


@dataclass(frozen=True)
class Term:
    kind: str
    codes: tuple[str, ...]
    """More than one where the word covers several, such as 新能源."""
    words: tuple[str, ...]
    not_before: str = ""
    not_after: str = ""


def _term(kind: str, code: str, words: str, not_before: str = "", not_after: str = "") -> Term:
    return Term(
        kind,
        tuple(code.split("|")),
        tuple(word.strip() for word in words.split("|")),
        not_before,
        not_after,
    )


TERMS: tuple[Term, ...] = (
    _term("body", "sedan", "轿车|小轿车|三厢|三厢车|三厢轿车|四门轿车|sedan|saloon|notchback|轎車"),
    _term("body", "hatchback", "两厢|两厢车|掀背车|掀背|hatchback|hatch|city car|small car|兩廂"),
    _term(
        "body",
        "suv",
        "suv|越野|越野车|城市越野|运动型多用途车|crossover|off-roader|offroader|四驱越野|越野車",
    ),
    _term(
        "body",
        "mpv",
        "mpv|商务车|保姆车|面包车|多功能车|七座商务|minivan|people carrier|van|商務車",
    ),
    _term("body", "pickup", "皮卡|皮卡车|pickup|pick-up|pickup truck|pick-up truck|truck"),
    _term(
        "energy",
        "petrol",
        "汽油|汽油车|燃油车|燃油|油车|汽油版|燃油版|petrol|gasoline|gas-powered|gas car|"
        "combustion|ice car|petrol-powered",
        not_after="加",
        not_before="费耗箱泵味",
    ),
    _term(
        "energy",
        "hybrid",
        "混动|混动车|混动版|油电混动|油电混合|混合动力|双擎|轻混|hybrid|hev|full hybrid|混動",
    ),
    _term(
        "energy",
        "plug_in_hybrid",
        "插混|插电混动|插电式混动|插电式混合动力|插电|增程|增程式|phev|plug-in hybrid|"
        "plug in hybrid|"
        "plug-in|dm-i|dmi|range extender|range-extended|erev",
    ),
    _term(
        "energy",
        "electric",
        "纯电|纯电动|纯电车|纯电动车|电动|电动车|电车|电动汽车|纯电版|电动版|electric|"
        "electric car|"
        "electric vehicle|ev|bev|fully electric|all-electric|pure electric|"
        "battery electric|電動車|"
        "電車|純電",
        not_after="充发",
        not_before="位座调尾后踏滑侧折门窗",
    ),
    _term(
        "energy", "electric|plug_in_hybrid", "新能源|新能源车|新能源汽车|绿牌|绿牌车|new energy|nev"
    ),
    _term("colour", "white", "白色|珍珠白|white|白的"),
    _term("colour", "black", "黑色|black|黑的"),
    _term("colour", "grey", "灰色|灰的|grey|gray"),
    _term("colour", "silver", "银色|银的|银灰|银灰色|silver"),
    _term("colour", "red", "红色|红的|red|枣红"),
    _term("colour", "blue", "蓝色|蓝的|blue|湖蓝|天蓝色"),
    _term("colour", "green", "绿色|绿的|green|墨绿|墨绿色"),
    _term("colour", "brown", "棕色|咖啡色|brown"),
    _term("colour", "gold", "金色|香槟金|香槟色"),
    _term("colour", "orange", "橙色|橘色|orange"),
    _term("colour", "yellow", "黄色|黄的|yellow"),
    _term("colour", "purple", "紫色|purple"),
    _term(
        "trim_level",
        "top",
        "高配|高配版|顶配|顶配版|最高配|最顶配|最高配置|满配|高配置|高配款|高端款|高端版|"
        "顶级版|top trim|top spec|"
        "top-spec|high-end model|high-end version|high-end trim|high-end one|higher-end model|"
        "higher-end version|high-end|higher configuration|high configuration|highest configuration|"
        "fully equipped|top configuration|highest trim|high trim|high spec|"
        "top of the line|top-of-the-line|"
        "top model|top version|fully loaded|best trim|top one|頂配|range-topping",
        not_before="置",
    ),
    _term(
        "trim_level",
        "base",
        "低配|低配版|最低配|最低配置|低配置|入门|入门版|入门款|入门级|丐版|乞丐版|基础版|基础款|低配款|低端款|低端版|普通配置|常规配置|基本配置|"
        "low-end model|low-end version|low-end|lower configuration|low configuration|"
        "basic configuration|standard configuration|regular configuration|basic version|"
        "basic model|basic trim|base trim|base model|base version|base spec|"
        "lowest trim|low trim|entry level|"
        "entry-level|entry trim|entry model|cheapest trim|cheapest version|低配的|入門",
    ),
    _term(
        "trim_level",
        "mid",
        "中配|中配版|中间配置|中等配置|中间那款|mid trim|mid-trim|middle trim|"
        "mid spec|mid-spec|mid-range trim|mid-level|middle one",
    ),
    _term(
        "comparison",
        "cheaper",
        "便宜点|便宜一点|便宜些|便宜一些|更便宜|再便宜|便宜点儿|便宜一点儿|实惠点|"
        "实惠一点|更实惠|价格低一点|价位低一点|低一点的|再低点|cheaper|less expensive|"
        "lower price|lower priced|lower-priced|less money|more affordable|"
        "not so expensive|cheaper one",
    ),
)

_CHINESE = {
    "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
    "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_ENGLISH = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "sixth": 6, "6th": 6, "last": -1,
}  # fmt: skip
_CHINESE_ORDINAL = re.compile(
    r"第\s?(?P<number>[一二两三四五六七八九十]|\d{1,2})\s?(?:个|個|款|辆|輛|台|种|種|项|項|条|輛|家|部)(?!\s?(?:周|週|星期|礼拜|月|小时|季))"
    r"|(?P<last>最后(?:面)?(?:那|一)?(?:那|一)?(?:个|款|辆|台|种|项)|后者|最後一個)"
    r"|(?P<former>前者)"
)
_ENGLISH_ORDINAL = re.compile(
    r"\b(?:the\s|your\s)?(?P<word>first|second|third|fourth|fifth|sixth|last|[1-6](?:st|nd|rd|th))\s"
    r"(?:one|option|car|model|choice|suggestion|item|vehicle|trim|version|slot)\b"
    r"|\b(?:option|number|no\.?|choice)\s?#?(?P<number>\d{1,2})(?![\d:.,]|\s?(?:am|pm|km|k\b))"
    r"|\bthe\s(?P<bare>first|second|third|last)(?=\s?(?:[.,!?]|please|$))"
    r"|\bthe\s(?P<pair>former|latter)\b"
)


def _ordinal(match: re.Match[str]) -> int:
    found = {name: text for name, text in match.groupdict().items() if text is not None}
    if "number" in found:
        number = found["number"]
        return _CHINESE[number] if number in _CHINESE else int(number)
    for name in ("word", "bare"):
        if name in found:
            return _ENGLISH[found[name]]
    if "former" in found:
        return 1
    return 1 if found.get("pair") == "former" else -1


def find_ordinals(text: Normalised) -> Iterator[Span]:
    """第二个, the second one, option 2: a place in a list just shown; -1 is the last.

    ``the former`` and 前者 are 1, ``the latter`` and 后者 are -1. Days and times that begin alike
    (第二天, the second of May) are left alone.
    """
    for pattern in (_CHINESE_ORDINAL, _ENGLISH_ORDINAL):
        for match in pattern.finditer(text.text):
            value = _ordinal(match)
            if value == 0:
                continue
            start, end = text.span(match.start(), match.end())
            yield Span("ordinal", start, end, text.original[start:end], value)
