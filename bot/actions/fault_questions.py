"""What customers ask or tell about driving on, after they reported a fault."""

import re

_DRIVING_ON = re.compile(
    r"(?:还|那|就|先|我|车|现在|这样|这)?(?:能|可以|敢|可不可以|能不能|可否|得)(?:再|继续"
    r"|接着|慢慢|自己|直接|不能|先|正常)*(?:开(?!发票|票|户|单|门|具|始|到几|几点|空调|天窗"
    r"|通|放|收据|证明|锁|蓝牙|会|业)|上路|行驶|跑(?!多|几)|走(?!保险|流程|贷)|上高速|启动)"
    r"|继续开|接着开|开(?:回家|回去|过去|过来|到店|到你们|去店|去你们)|还能动吗"
    r"|不能开了?[吗吧]|\b(?:can|could|may|should|shall"
    r"|do) (?:i|we) (?:still |just |even |safely |really |actually )*(?:drive"
    r"|keep (?:driving|going)|continue|carry on|use (?:it|the car)|go on|make it|get home"
    r")|\b(?:ok|okay|safe|fine|alright|possible) to (?:still )?(?:drive|keep"
    r"|continue|use)|\bstill (?:drive|driv\w*|go)\b|\bkeep (?:driving|going)\b"
    r"|(?<!test )\bdrive (?:it )?(?:home|there|on(?! \w+day)|to you|over|in)\b|\bdriv(?:e|a)ble\b",
    re.I,
)
_DANGEROUS = re.compile(
    r"要不要停|用不用停|需要停车|要停车吗|\b(?:should|must) (?:i|we) (?:stop|pull over)"
    r"|\b(?:have|need) to (?:stop|pull over)\b|"
    r"危险|严重(?:吗|不|么)|要紧|安全(?:吗|不|么)|有没有事|有事吗|没事(?:吧|吗|么)|有问题吗"
    r"|会出事|会不会出|会爆|会着火|会自燃|问题大|\bdangerous\b|\bis (?:it|that|this) (?:safe"
    r"|serious|bad|ok|okay|risky|urgent)|\bhow (?:bad|serious|dangerous)|\b(?:serious|risky"
    r"|urgent)\b\s*\?|\bis it a problem\b|\bwill it (?:explode|catch fire|blow)|\bsafe\s*\?",
    re.I,
)
_MOTORWAY = re.compile(
    r"(?:在|上|走|跑|下不了)(?:着|了|个)?[^，。,.!?]{0,5}(?:高速|高架|快速路|环线|绕城"
    r"|隧道)(?!.{0,4}(?:领航|辅助|费|油耗|怎么走|口下))|应急车道|\b(?:on|along|middle of"
    r"|side of)\b[^.,;!?]{0,14}\b(?:highway|motorway|freeway|expressway|interstate|tunnel)\b"
    r"|\bhard shoulder\b|\bemergency lane\b",
    re.I,
)
_STOPPED = re.compile(
    r"停(?:在|到|好|下|了|靠)[^，。,.!?]{0,4}(?:路边|边上|车|了|来|下|稳|服务区|停车场|车库"
    r"|家|小区)|停路边|靠边(?:停|了)?|在[^，。,.!?]{0,6}(?:车库|小区|停车场|楼下|单位|公司)(?:里|内)?$"
    r"|已经停|停下来?了|停好了|在(?:路边|服务区|停车场|家"
    r"|车库)|\bpulled (?:over|up|in)\b|\bparked\b|\b(?:i'?m|i am|we'?re|have|i'?ve|already"
    r"|just) stopped\b|\bstopped (?:at|on|by|in) the\b|\broad ?side\b|\bside of the road\b"
    r"|\bon the shoulder\b|\bat home\b|\bparking lot\b|\bcar park\b|\bservice area\b"
    r"|\blay-?by\b",
    re.I,
)
_MOVING = re.compile(
    r"(?:正在|还在|在)(?:开|路上|行驶|开车|跑)|路上呢|开着呢|开车呢|\b(?:i'?m|i am|we'?re"
    r"|we are|still) (?:still |just )?driving\b|\bon the (?:road|way|move)\b|\bin traffic\b"
    r"|\bon my way\b",
    re.I,
)


def on_motorway(text: str) -> bool:
    """Whether the customer says that he is on a motorway or another fast road."""
    return bool(_MOTORWAY.search(text))


_DARK = re.compile(
    r"夜里|晚上|夜间|天黑|雨天|下雨|雾|\b(?:night|dark|evening|rain\w*|fog\w*)\b", re.I
)
_LAMP_OUT = re.compile(
    r"(?:大灯|车灯|刹车灯|尾灯|前灯|近光|远光|灯泡?).{0,4}(?:不亮|坏|灭)"
    r"|\b(?:\w*lights?|lamps?|bulbs?)\b.{0,20}\b(?:out|not|\w+n'?t|broken|dead|gone|blown)\b",
    re.I,
)


def in_the_dark(text: str, fault: str) -> bool:
    """Whether, with a lamp that is out, it is asked to drive in the dark or in bad weather."""
    return bool(_DARK.search(text) and _LAMP_OUT.search(fault))


_WHAT_NOW = re.compile(
    r"^\W*(?:那|那我|现在|我)*(?:该|要|应该)?(?:怎么办|咋办|咋整|怎么弄|怎么处理)"
    r"|\bwhat (?:should|do|can|shall) (?:i|we) do\b|\bwhat now\b",
    re.I,
)


def what_now(text: str) -> bool:
    """那怎么办, "what should I do": about the fault only right after it was told."""
    return bool(_WHAT_NOW.search(text))


def question(text: str) -> str | None:
    """What a message asks or tells about driving on; None when it does neither."""
    if _DRIVING_ON.search(text):
        return "drive"
    if _MOTORWAY.search(text):
        return "motorway"
    if _DANGEROUS.search(text):
        return "dangerous"
    if _STOPPED.search(text):
        return "stopped"
    return "moving" if _MOVING.search(text) else None


_SAFE = re.compile(
    r"(?:人|大家|我们?|都)(?:已经|都|全)*(?:安全|没事|下车|下来|出来|撤离|离开车?)了?"
    r"|没(?:有)?人受伤|站远了|离远了"
    r"|\b(?:i'?m|i am|we'?re|we are|were|everyone(?:'?s| is)|everybody(?:'?s| is)|all)"
    r" (?:all |now )?"
    r"(?:safe|ok|okay|fine|out|away|unhurt)\b|\b(?:out of|away from|left) the (?:car|vehicle)\b"
    r"|\b(?:nobody|no ?one)(?:'?s| is| was)? (?:hurt|injured)\b",
    re.I,
)
_NOT_SAFE = re.compile(
    r"不安全|有事|\b(?:not|isn'?t|aren'?t|still in|trapped|stuck)\b|[?？吗]", re.I
)


def tells_safe(text: str) -> bool:
    """Whether it says that the people are out of danger."""
    return bool(_SAFE.search(text)) and not _NOT_SAFE.search(text)


_TOW = re.compile(
    r"(?:叫|派|要|来|安排|请|帮我?叫|需要|联系)(?:个|辆|一辆|一下|台|你们)?(?:的)?(?:道路)?(?:拖车|救援|清障车)"
    r"(?!电话|服务|吗|多少|怎么|要钱|免费|费)|(?:派|来)(?:个?人|师傅|辆?车)(?:来|过来)?(?:救|拖|拉)"
    r"|(?:把车|帮我)拖(?:到|去|走|回)|拖车(?:来|过来|拉)"
    r"|\b(?:send|need|get|call|want|arrange)(?: me| us)?(?: a| the| some)?"
    r"(?: tow(?:ing)?(?: truck)?| recovery(?: truck)?| roadside (?:help|assistance)"
    r"| breakdown truck)\b"
    r"|\b(?:tow|recover) (?:me|my car|the car|it)\b",
    re.I,
)
_ASKED = re.compile(
    r"多少钱|免费|收费|怎么收|电话|号码|包含|包括|有没有|送不送|是不是|吗\W*$"
    r"|\b(?:how much|free|cost|price|include[sd]?|number|do you|does|is there)\b",
    re.I,
)
_NOT_WANTED = re.compile(
    r"不用|不要|不需要|取消|已经|(?:来|到|叫|拖)了|\bdon'?t\b|\bcancel\b|\balready\b", re.I
)


_SEND = re.compile(
    r"\b(?:send|get) (?:me |us )?(?:someone|somebody|anyone|a mechanic|help)\b(?!.{0,12}\bcall)"
    r"|\bcan (?:someone|somebody|anyone|u|you) come (?:out|over|and (?:help|get|fetch))\b"
    r"|(?:派|叫)(?:个)?(?:人|师傅)(?:过?来|来一下)",
    re.I,
)
_HELP = re.compile(
    r"(?:派|来|叫)(?:个|一个|位)?(?:人|师傅|技师|车)(?:过?来)?(?:吗|吧|不|看看|帮忙|一下|\W|$)"
    r"|\b(?:can|could|will) you (?:send|come)\b|\bsend (?:someone|somebody|help|a mechanic)\b",
    re.I,
)


GRAVE = frozenset({"stop_now", "do_not_drive_far"})
"""The levels of danger at which a car stays where it is."""


def wants_help(text: str, *, grave: bool) -> bool:
    """Whether, of a fault that was told, somebody is to come to the car. With a `grave` one he
    wants it who only asks for it: 你们能来人吗."""
    if _NOT_WANTED.search(text):
        return False
    return bool(_SEND.search(text) and not _ASKED.search(text)) or (
        grave and bool(_HELP.search(text))
    )


def wants_tow(text: str) -> bool:
    """Whether help is wanted where the car stands; a question about such help wants none yet."""
    return bool(_TOW.search(text)) and not (_ASKED.search(text) or _NOT_WANTED.search(text))
