"""A car to be registered elsewhere: the fees on record are those of the dealership's city."""

import re

from backend.models import Dealership
from bot.actions.context import Turn

_CITIES = """
北京 beijing|上海 shanghai|天津 tianjin|重庆 chongqing|广州 guangzhou|深圳 shenzhen|杭州 hangzhou
苏州 suzhou|南京 nanjing|武汉 wuhan|成都 chengdu|西安 xi'?an|长沙 changsha|郑州 zhengzhou
青岛 qingdao|济南 jinan|大连 dalian|沈阳 shenyang|哈尔滨 harbin|长春 changchun|石家庄 shijiazhuang
太原 taiyuan|合肥 hefei|南昌 nanchang|福州 fuzhou|厦门 xiamen|宁波 ningbo|温州 wenzhou|无锡 wuxi
佛山 foshan|东莞 dongguan|珠海 zhuhai|海口 haikou|三亚 sanya|南宁 nanning|昆明 kunming|贵阳 guiyang
兰州 lanzhou|银川 yinchuan|西宁 xining|乌鲁木齐 urumqi|拉萨 lhasa|呼和浩特 hohhot|香港 hong kong
""".strip().replace("\n", "|")
_NAMES = tuple(tuple(pair.split(" ", 1)) for pair in _CITIES.split("|"))
_PATTERN = re.compile(
    r"(?P<zh>" + "|".join(zh for zh, _ in _NAMES) + r")(?!路|大道|街|牌(?:子)?汽车)"
    r"|\b(?P<en>" + "|".join(en for _, en in _NAMES) + r")\b"
    r"|(?:外地|外省|异地)(?:牌|上牌|落户|户口|的?牌照)"
    r"|\b(?:out[- ]of[- ]town|another city)\b",
    re.I,
)


def named_elsewhere(turn: Turn, place: Dealership) -> bool:
    """Whether a message names a city other than the dealership's: 上海牌落地多少, "in Shanghai"."""
    if turn.pressed:
        return False
    own = (place.city_zh.removesuffix("市"), place.city_en.lower())
    return any(
        not any(name and name in found[0].lower() for name in own)
        for found in _PATTERN.finditer(turn.text)
    )
