"""The words by which complaints are sorted: plain ones that customers use, in both languages.

Chinese words are found anywhere in the text, English ones as whole words; the English ones
are patterns. All of them meet text in lower case and half width.
"""

import re
from typing import Literal, TypeAlias

Category: TypeAlias = Literal["sales", "service", "quality", "delivery", "charges", "other"]
Severity: TypeAlias = Literal["low", "normal", "high", "critical"]
Words: TypeAlias = tuple[re.Pattern[str], ...]


def _words(chinese: str, *english: str) -> Words:
    """`chinese`: words with spaces between them."""
    found = [re.compile(re.escape(word)) for word in chinese.split()]
    return (*found, *(re.compile(rf"\b(?:{pattern})\b") for pattern in english))


DANGER = _words(
    "刹不住 刹车失灵 刹车失效 刹车没反应 刹车没有反应 踩不动刹车 刹车踩不 没有刹车 没刹车"
    " 制动失灵 制动失效 转向失灵 方向盘失灵 方向盘锁死 方向盘卡 失控 突然加速 自己加速"
    " 高速熄火 高速上熄火 高速上突然熄火 行驶中熄火 行驶中突然熄火 自燃 起火 着火 冒烟 爆炸"
    " 汽油味 漏汽油 燃油泄漏 漏电 电池鼓包 气囊 爆胎 断轴 车轮掉",
    r"brak\w* (?:\w+ )?fail\w*",
    r"no brakes",
    r"brakes? (?:do|does|did)(?: not|n't) (?:work|respond)",
    r"brakes? (?:stopped|not|aren't|isn't) working",
    r"lost (?:control|steering|(?:the|my) brakes)",
    r"steering (?:\w+ )?(?:fail\w*|lock\w*)",
    r"(?:on|caught|catches|a) fire",
    r"flames",
    r"smok(?:e|ing)",
    r"explo\w+",
    r"fuel leak\w*",
    r"leak\w* fuel",
    r"smell\w* (?:of )?(?:petrol|gas|gasoline|fuel)",
    r"air ?bags?",
    r"(?:sudden|unintended) acceleration",
    r"accelerat\w+ by itself",
    r"stall\w* on the (?:highway|motorway|expressway|freeway)",
)

HARM = _words(
    "受伤 伤人 撞伤 烫伤 住院 流血 车祸 撞车 出事故 出了事故 交通事故 发生事故 差点出事 生命危险",
    r"injur\w+",
    r"hospital\w*",
    r"accident(?! car)",
    r"crash(?:ed|es)? into",
    r"collision",
    r"bleeding",
    r"life[- ]threatening",
)

HIGH = _words(
    "又坏 又出现 又出问题 又熄火 又漏 又亮 再次出现 第二次 第三次 第四次 两次了 三次了"
    " 修了两次 修了三次 修了几次 修了好几次 反复 多次 没修好 没有修好 没解决 老毛病 返修"
    " 抛锚 趴窝 熄火 无法启动 打不着火 启动不了 漏油 事故车 翻新车 泡水车 调表"
    " 退车 退一赔三 欺诈 欺骗 诈骗 骗人 骗子 骗我 隐瞒 虚假宣传 霸王条款"
    " 12315 12345 消协 消费者协会 市场监管 起诉 律师 法院 曝光 媒体 记者"
    " 辱骂 骂人 骂我 骂了 威胁 推搡 动手打 歧视",
    r"again and again",
    r"(?:second|third|fourth|2nd|3rd|4th) time",
    r"(?:two|three|four|several|many) times",
    r"(?:still|has|have|hasn't|haven't|was|never) (?:not |never |been )*"
    r"(?:fixed|repaired|solved) (?:it|properly)",
    r"(?:still|again|never)(?: \w+){0,2} (?:not|n't|isn't|wasn't|hasn't been|not been)"
    r" (?:fixed|repaired|solved|working)",
    r"(?:isn't|wasn't|hasn't been|never) (?:fixed|repaired|solved)",
    r"(?:fail\w*|broke|breaks|broken|back|happen\w*) again",
    r"keeps? (?:\w+ )?(?:happening|failing|breaking|stalling|coming back)",
    r"same (?:problem|fault|issue)",
    r"repeated(?:ly)?",
    r"broke down",
    r"breakdown",
    r"won't start",
    r"stranded",
    r"stall(?:s|ed|ing)",
    r"(?:oil|coolant) leak\w*",
    r"leak\w* (?:oil|coolant)",
    r"fraud\w*",
    r"scam\w*",
    r"cheat\w*",
    r"lied|lying",
    r"misled|mislead\w*",
    r"deceiv\w+",
    r"false advertis\w+",
    r"sue|lawyer|legal action|court|consumer (?:association|protection)|journalist|the media",
    r"insult\w*|threaten\w*|swore at|shout\w* at|discriminat\w+",
    r"accident car",
    r"full refund",
)

LOW = _words(
    "建议 提个意见 提点意见 希望改进 希望改善 希望能改 可以改进 小问题 小瑕疵 小毛病"
    " 不是大事 不是什么大事 没什么大事",
    r"suggest\w*",
    r"could be better",
    r"minor",
    r"small (?:thing|issue|problem)",
    r"(?:not|no|isn't) (?:a )?big deal",
    r"would be nice",
    r"room for improvement",
)

CATEGORIES: tuple[tuple[Category, Words], ...] = (
    (
        "charges",
        _words(
            "收费 多收 乱收 收了 费用 价格不 价钱 涨价 加价 强制消费 捆绑 手续费 服务费 发票"
            " 退款 退钱 定金 订金 押金 账单 扣款 不退 太贵 贵了",
            r"(?:over)?charg(?:e|es|ed)",
            r"fees?",
            r"bill(?:ed|ing)?",
            r"invoice",
            r"refund",
            r"deposit",
            r"hidden costs?",
            r"(?:too )?expensive",
            r"paid (?:more|twice)",
        ),
    ),
    (
        "delivery",
        _words(
            "交车 提车 交付 到车 等车 延期 没到店 还没到货 推迟",
            r"deliver\w*",
            r"hand-?over",
            r"waiting for (?:my|the) (?:new )?car",
            r"still no car",
        ),
    ),
    (
        "quality",
        _words(
            "质量 故障 异响 漏油 漏水 漏电 抖动 掉漆 生锈 开裂 缺陷 失灵 失效 死机 黑屏 亏电"
            " 熄火 冒烟 起火 自燃 刹车 变速箱 发动机 电池 气囊 方向盘 抛锚 坏了 打不着火"
            " 无法启动 续航 顿挫 跑偏",
            r"quality",
            r"defect\w*",
            r"faults?|faulty",
            r"leak\w*",
            r"rattl\w*",
            r"nois(?:e|es|y)",
            r"vibrat\w*",
            r"rust\w*",
            r"brakes?",
            r"engine",
            r"gearbox|transmission",
            r"battery",
            r"air ?bags?",
            r"steering",
            r"broke down|broken|won't start|stall\w*",
            r"smok(?:e|ing)|fire",
            r"paint|screen",
        ),
    ),
    (
        "sales",
        _words(
            "销售 导购 试驾 承诺 合同 忽悠 宣传 订车 配置不符 赠品 答应",
            r"sales\w*",
            r"test[- ]drive",
            r"promis\w+",
            r"contract",
            r"advertis\w+",
            r"mis-?sold",
            r"free gift",
        ),
    ),
    (
        "service",
        _words(
            "服务 态度 售后 维修 保养 修车 修了 返修 技师 师傅 接待 前台 排队 没人理"
            " 不理 等了 爽约 预约 洗车 辱骂 骂人",
            r"servic(?:e|ing)",
            r"staff",
            r"rude\w*|impolite|unprofessional|attitude",
            r"repair\w*|fix(?:ed)?",
            r"mainten\w+",
            r"technician|mechanic",
            r"reception\w*",
            r"advis[oe]r",
            r"wait(?:ed|ing)",
            r"ignored",
            r"appointment",
        ),
    ),
)
"""Of subjects with equally many words in a text the first one counts."""
