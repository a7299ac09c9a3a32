"""Other makes of car and their well-known models, as customers name them when they compare.

A name means the make, under its Latin name. The catalogue comes first: a dealership of Toyota
finds its own brand and models by the names of its export, and these lists are silent on them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

KIND: Final = "make"


def _words(line: str) -> frozenset[str]:
    return frozenset(line.split())


_MAKES: Final = """
Toyota: toyota 丰田 一汽丰田 广汽丰田 豐田
Honda: honda 本田 广汽本田 东风本田
Nissan: nissan 日产 东风日产 尼桑
Mazda: mazda 马自达
Subaru: subaru 斯巴鲁
Mitsubishi: mitsubishi 三菱
Suzuki: suzuki 铃木
Lexus: lexus 雷克萨斯 凌志
Infiniti: infiniti 英菲尼迪
Acura: acura 讴歌
Hyundai: hyundai 现代汽车 北京现代 韩国现代
Kia: kia 起亚
Genesis: 捷尼赛思
Volkswagen: volkswagen vw 大众 一汽大众 上汽大众 大众汽车
Audi: audi 奥迪 奧迪
BMW: bmw 宝马 寶馬
Mercedes-Benz: mercedes-benz mercedes benz merc 奔驰 梅赛德斯 大奔 平治 賓士
Porsche: porsche 保时捷
Mini: mini_cooper 宝马mini
Skoda: skoda 斯柯达
Opel: opel 欧宝
Volvo: volvo 沃尔沃 富豪汽车
Peugeot: peugeot 标致 标志汽车
Citroen: citroen citroën 雪铁龙
Renault: renault 雷诺
Fiat: fiat 菲亚特
Alfa Romeo: alfa_romeo 阿尔法罗密欧
Land Rover: land_rover range_rover 路虎 揽胜
Jaguar: jaguar 捷豹
Bentley: bentley 宾利
Rolls-Royce: rolls-royce 劳斯莱斯
Ferrari: ferrari 法拉利
Lamborghini: lamborghini 兰博基尼
Maserati: maserati 玛莎拉蒂
Ford: ford 福特 长安福特
Lincoln: lincoln 林肯
Chevrolet: chevrolet chevy 雪佛兰
Buick: buick 别克
Cadillac: cadillac 凯迪拉克
Chrysler: chrysler 克莱斯勒
Jeep: jeep 吉普
Dodge: dodge 道奇
Tesla: tesla 特斯拉
BYD: byd 比亚迪 比亞迪
Geely: geely 吉利汽车 吉利银河 吉利
Lynk & Co: lynk&co lynk_&_co 领克
Zeekr: zeekr 极氪
Chery: chery 奇瑞
Exeed: exeed 星途
Haval: haval 哈弗
Great Wall: great_wall_motor gwm 长城汽车 长城炮 长城皮卡
Tank: 坦克300 坦克500 坦克400 tank_300 tank_500
Changan: changan 长安汽车 长安
Wuling: wuling 五菱
Baojun: baojun 宝骏
Hongqi: hongqi 红旗
Roewe: roewe 荣威
MG: 名爵 mg
GAC: gac 传祺 广汽传祺 广汽埃安 埃安 aion
Li Auto: li_auto lixiang 理想汽车 理想
Nio: nio 蔚来
Xpeng: xpeng xiaopeng 小鹏
Aito: aito 问界
Xiaomi: xiaomi_su7 xiaomi_yu7 小米汽车 小米su7 小米yu7 su7
Leapmotor: leapmotor leap_motor 零跑
Voyah: voyah 岚图
Denza: denza 腾势
Deepal: deepal 深蓝汽车 深蓝s7 深蓝s07
Avatr: avatr 阿维塔
"""

_MODELS: Final = """
Toyota: camry 凯美瑞 corolla 卡罗拉 levin 雷凌 highlander 汉兰达 rav4 荣放
Toyota: avalon 亚洲龙 prado 普拉多 sienna 赛那 塞纳 威兰达 alphard 埃尔法 hilux prius
Honda: civic 思域 accord 雅阁 cr-v crv 皓影 冠道 odyssey 奥德赛 飞度 缤智 hr-v
Nissan: sylphy 轩逸 teana altima 天籁 x-trail 奇骏 qashqai 逍客
Mazda: 昂克赛拉 阿特兹 cx-5
Volkswagen: lavida 朗逸 passat 帕萨特 magotan 迈腾 sagitar 速腾 tiguan 途观
Volkswagen: 途观l 途昂 tayron 探岳 jetta 捷达 宝来 高尔夫 途锐 id.3 id.4 id4
Mercedes-Benz: c级 e级 s级 glc gle
BMW: 3系 5系 7系 1系 2系
Tesla: model_3 model_y
BYD: 秦plus 宋plus 宋pro 汉ev 汉dmi 唐dmi 元plus 海豚 海鸥 海豹 qin_plus song_plus seagull
Buick: gl8 君威 君越 英朗 昂科威
Ford: mondeo 蒙迪欧 福克斯 锐界 f-150 f150 ranger mustang
Hyundai: elantra 伊兰特 sonata 索纳塔 tucson 途胜
Kia: sportage 狮跑 k5
Haval: 哈弗h6 大狗
Wuling: 宏光 宏光mini
Chery: 瑞虎 tiggo
"""

_ONLY_AFTER_MAKE: Final = _words(
    "levin avalon accord odyssey glc gle c级 e级 s级 1系 2系 7系 海豚 海鸥 海豹 seagull ranger k5 "
    "宏光mini 大狗 高尔夫"
)
"""Names that alone are something else, or too little."""

_WITH_MAKE: Final = {
    "BYD": "宋 秦 汉 唐 元 song qin han tang seal dolphin",
    "Volkswagen": "golf polo",
    "Tesla": "model_s model_x 毛豆",
    "Ford": "focus fiesta",
    "Honda": "fit pilot",
}
"""Models that are understood beside their make alone: 比亚迪宋."""

_NOT_BEFORE: Final = {
    "大众": "化点评品脸口媒传",
    "理想": "的中地化状型吗么了不",
    "吉利": "的数号话",
    "红旗": "下飘",
    "长安": "街大",
    "三菱": "空电",
    "理想汽车": "的",
    "本田": "径",
    "标致": "的",
    "奔驰": "在",
}
_NOT_AFTER: Final = {
    "理想": "不很较太最挺更够是算蛮",
    "吉利": "不",
    "大众": "普广",
    "标致": "很挺真",
}

CODE: Final = re.compile(
    r"[ -]?(?:[a-z]{1,3}-?\d{1,3}[a-z]{0,3}(?![a-z\d])|[1-8]系(?!列)|[a-gs]级(?!别))"
)
"""The code of a model right behind its make: A6L, X5, 3系, C级. It belongs to the make, whatever
a catalogue calls by the same code."""


@dataclass(frozen=True)
class MakeName:
    make: str
    text: str
    not_before: str = ""
    not_after: str = ""


def _listed(lines: str) -> Iterator[tuple[str, list[str]]]:
    for line in lines.strip().splitlines():
        make, _, names = line.partition(": ")
        yield make, [name.replace("_", " ") for name in names.split()]


def names(ours: Collection[str]) -> Iterator[MakeName]:
    """All names except those of ``ours``, the catalogue's names without gaps, in lower case.

    A make whose name the catalogue holds is the dealership's own: nothing of it is listed.
    """
    models: dict[str, list[str]] = {}
    for make, some in _listed(_MODELS):
        models.setdefault(make, []).extend(some)
    for make, makes in _listed(_MAKES):
        if any(_squeezed(name) in ours for name in makes):
            continue
        alone = models.get(make, [])
        beside = [*alone, *(name.replace("_", " ") for name in _WITH_MAKE.get(make, "").split())]
        listed = [
            *makes,
            *(name for name in alone if name not in _ONLY_AFTER_MAKE),
            *(f"{first} {name}" for first in makes for name in beside),
        ]
        for text in listed:
            if _squeezed(text) not in ours:
                yield MakeName(make, text, _NOT_BEFORE.get(text, ""), _NOT_AFTER.get(text, ""))


def _squeezed(name: str) -> str:
    return name.lower().replace(" ", "").replace("-", "")
