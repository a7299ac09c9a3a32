"""Chinese words of time, each with the kind of token that it makes."""

from __future__ import annotations

from typing import Any

Entry = tuple[str, Any]

ZH: dict[str, Entry] = {}


def _zh(kind: str, value: Any, words: str) -> None:
    for word in words.split():
        ZH[word] = (kind, value)


_zh("rday", 0, "今天 今日 今儿 今儿个")
_zh("rday", 1, "明天 明日 明儿 明儿个 翌日 次日 第二天 隔天")
_zh("rday", 2, "后天 后日 后儿 后儿个")
_zh("rday", 3, "大后天 大后日")
_zh("rday", -1, "昨天 昨日 昨儿 昨儿个")
_zh("rday", -2, "前天 前日")
_zh("rday", -3, "大前天")
for _day, _first in ((0, "今"), (1, "明"), (-1, "昨"), (2, "后天"), (1, "明天")):
    _zh("rdaypart", (_day, "morning"), f"{_first}早 {_first}早上 {_first}晨")
    _zh("rdaypart", (_day, "evening"), f"{_first}晚 {_first}晚上 {_first}夜")
_zh("rdaypart", (0, "noon"), "今午")
_zh("rdaypart", (1, "noon"), "明午")

_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_WEEKS = ("周", "星期", "礼拜")
_RELATIVE = {
    "这": 0, "这个": 0, "本": 0, "今": 0, "下": 1, "下个": 1, "下一": 1, "下一个": 1, "下下": 2,
    "下下个": 2, "上": -1, "上个": -1, "上一": -1, "上一个": -1, "上上": -2, "上上个": -2, "当": 0,
}  # fmt: skip
for _week in _WEEKS:
    for _name, _number in _DAYS.items():
        _zh("weekday", _number, _week + _name)
        for _prefix, _offset in _RELATIVE.items():
            _zh("weekweekday", (_offset, _number), _prefix + _week + _name)
    for _prefix, _offset in _RELATIVE.items():
        _zh("week", _offset, _prefix + _week)
        for _suffix in ("末", "六日", "六周日", "六日两天"):
            _zh("weekweekend", _offset, _prefix + _week + _suffix)
    _zh("digitweek", None, _week)
_zh("weekend", None, "周末 周六日 双休日 礼拜六日 星期六日 周六周日")
_zh("week", 0, "这一周")
_zh("monthrel", 0, "这个月 本月 当月 这月 月内")
_zh("monthrel", 1, "下个月 下月 次月")
_zh("monthrel", 2, "下下个月 下下月")
_zh("monthrel", -1, "上个月 上月")
_zh("yearrel", 0, "今年 本年")
_zh("yearrel", 1, "明年 来年")
_zh("yearrel", 2, "后年")
_zh("yearrel", -1, "去年")
_zh("yearrel", -2, "前年")
_zh("firstmonth", 1, "元月 元月份")
_zh("lunar", 1, "正月 大年")
_zh("lunar", 12, "腊月")
_zh("monthpos", "start", "月初")
_zh("monthpos", "middle", "月中 月中旬")
_zh("monthpos", "end", "月底 月末")
_zh("tenth", "start", "上旬 初")
_zh("tenth", "middle", "中旬 中")
_zh("tenth", "late", "下旬")
_zh("tenth", "end", "底 末")
_zh("yearend", None, "年底 年末 岁末")

_zh("part", "morning", "早上 早晨 上午 午前 早间 一早 一大早 大清早")
_zh("part", "early", "清晨")
_zh("part", "dawn", "黎明 拂晓 天亮")
_zh("part", "noon", "中午 正午 晌午 午间")
_zh("part", "afternoon", "下午 午后")
_zh("part", "evening", "当晚 当夜 傍晚 晚上 晚间 黄昏 晚些时候")
_zh("part", "night", "夜里 夜间 夜晚 深夜 半夜 午夜 前半夜 大半夜")
_zh("part", "small hours", "凌晨")
_zh("part", "late night", "后半夜 下半夜")
_zh("shortpart", "morning", "早 晨")
_zh("shortpart", "evening", "晚 夜")
_zh("shortpart", "noon", "午")

_zh("dian", None, "点 点钟 点整 时整 点正")
_zh("dianhalf", None, "点半 点半钟 时半")
_zh("shi", None, "时")
_zh("fen", None, "分 分钟整")
_zh("ke", None, "刻 刻钟")
_zh("unit", "minute", "分钟")
_zh("unit", "hour", "小时 个小时 钟头 个钟头 个钟")
_zh("unit_half", "hour", "个半小时 个半钟头 个半钟")
_zh("unit", "day", "天")
_zh("unit", "week", "个星期 个礼拜")
_zh("unit", "month", "个月")
_zh("unit_half", "month", "个半月")
_zh("unit", "workday", "个工作日 工作日")
_zh("year", None, "年")
_zh("month", None, "月 月份")
_zh("hao", None, "号 日")
_zh("half", None, "半")
_zh("after", None, "后 以后 之后 过后 后面")
_zh("before", None, "前 以前 之前")
_zh("onward", None, "开始")
_zh("within", None, "内 以内 之内")
_zh("pass", None, "过 再过 再 再等 再等个")
_zh("days", (0, 1), "今明两天 今明两日 今天明天")
_zh("days", (1, 2), "明后天 明后两天 明后两日 明天后天")
_zh("fewdays", 3, "这两三天 近两三天 最近两三天")
_zh("fewdays", 2, "这几天 这两天 最近几天 最近两天 近几天 近两天 这几日 最近这几天")
_zh("somedays", 3, "过几天 几天后 几天之后 几天以后 过些天")
_zh("somedays", 2, "过两天")
_zh("now", None, "此时 此刻")
_zh("link", None, "到 至 直到")
_zh("around", None, "大概 大约 差不多 约莫 大致")
_zh("orso", None, "左右 前后 上下 多 多钟 来钟")
_zh("exclude", None, "除了 除 除去 不要 不是 别 避开 不约")
_zh("every", None, "每 每个 每逢 逢")
_zh("nth", None, "第")
_zh("ge", None, "个")
_zh("glue", None, "的 在 是 约 就 于 吧 那 那天 这天 当天 当日")
_zh("or", None, "或 或者 还是 和 跟 以及 要么")
_zh("change", None, "改成 改到 改为 换成 换到 换为 挪到 调到 调整到 推迟到 提前到 延到 推到 改约")
# Words that contain one of the above and mean nothing in time.
_zh(
    "skip",
    None,
    "一下 等下 一会 一会儿 一些 一样 一起 一直 一定 一共 一般 一边 一切 时候 同时 到时 到时候 "
    "按时 准时 "
    "及时 时间 小时候 平时 有时 当时 临时 周围 周边 周到 周年 周期 周转 周全 周长 下周围 点击 "
    "点评 点赞 "
    "有点 差点 早点 晚点 快点 慢点 大点 小点 多点 少点 重点 优点 缺点 特点 地点 网点 焦点 要点 "
    "观点 起点 "
    "热点 景点 零点几 几点 什么时候 天窗 天气 天然 天线 天际 聊天 整天 白天 成天 每天都 日常 "
    "日产 日系 日行 "
    "节日 生日 假日 日子 日本 日历 号码 型号 账号 信号 单号 编号 车牌号 手机号 电话号 底盘 前排 "
    "后排 前面 "
    "前轮 后轮 前驱 后驱 前后排 前大灯 前脸 后备箱 后备厢 后视镜 内饰 后座 晚安 早安 早上好 "
    "上午好 中午好 "
    "下午好 晚上好 早餐 晚餐 午餐 分期 分期付款 年款 年检 年审 年费 月供 月租 月付 年化 春节好 "
    "新年好 "
    "元旦快乐 新年快乐 国庆快乐 中秋快乐 节日快乐 多少 许多 到底 到店 到货 到达 遇到 收到 看到 "
    "达到 到位 "
    "直到现在 过去 过程 通过 不过 再见 再说 再问 中间 中控 中型 中级 中高 中低 中大型 初步 初始 "
    "末尾 多功能 多媒体",
)

for _name, _words in {
    "new_year": "元旦 元旦节",
    "eve": "除夕 大年三十 年三十",
    "spring": "春节 过年 大年初一 新春",
    "lantern": "元宵 元宵节",
    "valentine": "情人节",
    "women": "妇女节 三八节",
    "qingming": "清明 清明节",
    "labour": "五一 劳动节 五一节 五一劳动节",
    "children": "儿童节 六一儿童节",
    "dragon": "端午 端午节",
    "qixi": "七夕 七夕节",
    "mid_autumn": "中秋 中秋节",
    "national": "国庆 国庆节 十一国庆 十一国庆节 十一期间 十一长假 十一假期 十一黄金周",
    "double_ninth": "重阳 重阳节",
    "singles": "双十一 双11",
    "double_twelve": "双十二 双12",
    "christmas_eve": "平安夜",
    "christmas": "圣诞 圣诞节",
}.items():
    for _word in _words.split():
        ZH[_word] = ("holiday", _name)
        for _more in ("假期", "长假", "放假", "期间", "当天", "那天", "小长假"):
            ZH.setdefault(_word + _more, ("holiday", _name))
_zh("yearside", ("spring", 1), "年后 年后面 过完年 节后")
_zh("yearside", ("spring", -1), "年前")
# Lengths of the longer words by their first two characters, longest first: text that is none of
# them costs two look-ups a character.
ZH_SIZES: dict[str, tuple[int, ...]] = {
    pair: tuple(sorted({len(word) for word in ZH if word[:2] == pair}, reverse=True))
    for pair in {word[:2] for word in ZH if len(word) > 1}
}
ZH_FIRST = frozenset(word[0] for word in ZH)
