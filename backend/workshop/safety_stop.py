"""Signs of a fault with which a car must not be driven a metre further."""

from backend.workshop.safety_control import CONTROL
from backend.workshop.safety_heat import HEAT
from backend.workshop.safety_words import (
    LAMP,
    LAMP_EN,
    ROAD,
    ROAD_EN,
    SOMEONE,
    SOMEONE_EN,
    Rule,
    rule,
)

_OTHER: tuple[Rule, ...] = (
    rule(
        "warning",
        "stop_now",
        "(?:亮|跳|出|显示|闪|报|弹|蹦)(?:了|着|起|出|的是?)*(?:一个|一盏|个|盏|只|俩"
        "|两个)?(?:小|大)?红(?:色)?的?[^，。；,.;!?！？绿]{0,7}"
        + LAMP
        + "|红(?:色)?的?(?!绿)[^，。；,.;!?！？]{0,8}"
        + LAMP
        + "[^，。；,.;!?！？停]{0,4}(?:亮|闪|报|常亮|起来|出现|跳)|"
        + LAMP
        + "~(?:红的|红色|变红|是红|亮红|红了|发红)|红色(?:警告|报警|故障|警示|预警)"
        "|仪表~红",
        "等红灯|闯红灯|红绿灯|氛围灯|尾灯|日行灯|路口|装饰|颜色|大灯|拍照|电子眼",
    ),
    rule(
        "warning",
        "stop_now",
        "机油(?:压力)?~(?:灯|报警|警告|壶)|机油压力~(?:低|不足|过低|没)|机油~(?:没了"
        "|漏光|空了|一滴)|油壶灯",
        "保养灯|机油寿命|更换",
    ),
    rule(
        "warning",
        "stop_now",
        r"\bred\b(?! (?:car|paint|colou?r|leather|interior|seats?|one))≈\b"
        + LAMP_EN
        + r"\b|\b"
        + LAMP_EN
        + r"\b≈\b(?:red|in red)\b",
        r"(?:at|ran|run|running|jump\w*|through) (?:a |the |every "
        "|any )?red (?:traffic )?lights?|red light (?:camera|ticket|violation)"
        "|ambient|interior|mood|tail ?lights?|rear lights?|traffic lights?|infra-?red",
    ),
    rule(
        "warning",
        "stop_now",
        r"\boil (?:pressure )?(?:light|lamp|warning|symbol|can)\b|\b(?:low|no|loss of"
        r"|lost) oil pressure|\bno oil\b|\bout of oil\b|\b(?:hot"
        r"|high)[- ]temp\w* (?:light|warning)|\bstop (?:now|immediately|safely"
        r"|the (?:car|vehicle|engine))\b≈\b(?:message|display|dash\w*|screen|says"
        r"|warning)|\b(?:message|display|dash\w*|screen|says|warning)\b≈\bstop (?:now"
        r"|immediately|safely|the (?:car|vehicle|engine))\b",
        "oil (?:change|service|life)|how (?:do|to|can)",
        denial=False,
    ),
    rule(
        "crash",
        "stop_now",
        "气囊~(?:弹|爆|炸|开了|打开|出来|崩)",
        "几个|打开方式|爆炸险|灯",
    ),
    rule(
        "crash",
        "stop_now",
        "撞(?:车|了|上|到|坏|树|墙|人|护栏|烂|飞|翻)|被撞|被追尾|追尾(?!预警|险|提醒"
        "|碰撞预|警)|车祸|(?:出|发生|遇到|遇上|遇)(?:了|个|一个|点|交通|车)*事故|翻车"
        "|侧翻|翻沟|怼(?:上|到|了)|受伤|流血|骨折|昏迷|被卡在车",
        "碰撞(?:测试|预警|安全|得分)|防撞|撞色|事故车|不是事故|(?:没|未)出?过事故|撞脸|撞款",
    ),
    rule(
        "crash",
        "stop_now",
        r"\bair ?bags?\b≈\b(?:deploy\w*|went off|popped|blew|blown|opened|inflated"
        r"|came out|exploded|go off)\b|\bcrash(?:ed|ing)?\b|\baccident\b|\bcollision\b"
        r"|\brear[- ]ended\b|\b(?:rolled over|flipped over|overturned)\b|\b(?:injur\w+"
        r"|bleeding|unconscious)\b|\b(?:i|we|he|she|they|just|someone|somebody|car"
        "|truck|bus|got|was|been) (?:just )?(?:hit|ran into|slammed into"
        r"|crashed into)\b(?! (?:the )?(?:brakes?|\d|gas|road|market|pedal|button"
        "|price|showroom))",
        r"crash[- ]test\w*|crash rating|(?:screen|system|app|carplay|software"
        r"|infotainment|navigation|display|radio|map)\b≈crash\w*|crash\w*≈\b(?:screen"
        "|app|carplay|software|infotainment|navigation)|accident[- ](?:insurance|free"
        "|car|history|repair|cover|claim)|by accident|collision (?:avoidance|warning"
        "|repair|insurance|detection|mitigation|alert)|forward collision"
        "|airbag (?:light|lamp)|how many",
    ),
    rule(
        "power",
        "stop_now",
        ROAD + "[^，。；,.;!?！？]{0,12}(?:熄火|没动力|没有动力|失去动力|动力丢失|动力消失"
        "|动力中断|失速|趴窝|抛锚|不走了|走不动|跑不动|开不动|限速|没反应|断电|灭了"
        "|罢工|动不了|死火)|(?:熄火|没动力|失去动力|趴窝|抛锚|死火|动不了|罢工"
        "|没电了?)(?:在|到)(?:了)?~" + ROAD,
        "异响",
        denial=False,
    ),
    # 打不着火了 在高速上: what does not go stands where others drive.
    rule(
        "power",
        "stop_now",
        "(?:打不着|点不着|启动不了|发动不了|无法启动|起动不|动不了|走不了|开不走|趴窝|抛锚)"
        "[^。；;!?！？]{0,8}(?:在|停|困)[^。；;!?！？]{0,8}" + ROAD,
        denial=False,
    ),
    rule(
        "power",
        "stop_now",
        "突然(?:就|间|一下)?(?:加速|没动力|没有动力|失去动力|失速|熄火|断电|没油门"
        "|不走|减速|急刹|死火)|失控|自己加速|自动加速|油门~(?:卡|回不|不回|没反应"
        "|失灵|失效|踩不)|踩油门~(?:没反应|不走|没用)|动力(?:突然|忽然|一下子?|全"
        "|完全|全部|就)*(?:没了|没有了|中断|丢失|消失)|失速|车~自己(?:走|跑|动)|溜车"
        "|飞车",
        denial=False,
    ),
    rule(
        "power",
        "stop_now",
        r"\b(?:lost|lose|losing|loss of|no|without) (?:all )?(?:engine )?power\b≈"
        + ROAD_EN
        + "|"
        + ROAD_EN
        + r"≈\b(?:lost|losing|no|loses) (?:all )?(?:engine )?power\b|\b(?:suddenly|just"
        "|car|it|engine) (?:just |suddenly |completely )?(?:lost|losing"
        r"|lose) (?:all )?(?:engine )?power\b|\b(?:engine|car|it|vehicle"
        r"|motor)\b(?: \w+){0,2} (?:died|dies|cut out|cuts out|shut off|shut down"
        r"|stalled|stalls|conked out|quit|stopped|broke down)\b≈"
        + ROAD_EN
        + "|"
        + ROAD_EN
        + r"≈\b(?:died|dies|cut out|cuts out|shut off|shut down|stalled|stalls"
        r"|conked out|broke down|broken down)\b|\b(?:stalled|stalls|broke(?:n)? down"
        r"|stuck|stranded|died)\b≈\b(?:on|in) (?:the "
        "|a )?(?:side of )?(?:the )?(?:highway|motorway|freeway|expressway|interstate"
        "|middle|tunnel|bridge|fast lane)",
        "steering power|seat",
        denial=False,
    ),
    rule(
        "power",
        "stop_now",
        r"\b(?:sudden|unintended|uncontrolled) acceleration"
        r"|\baccelerat\w+ (?:by itself|on its own|itself|suddenly|without)"
        r"|\b(?:throttle|accelerator|gas(?: pedal)?)\b≈\b(?:stuck|sticks|jammed"
        r"|not respon\w*|\w+n'?t respon\w*|no response|unresponsive)"
        r"|\bout of control\b|\blos\w+ control\b|\bwon'?t stop accelerating"
        r"|\brolls? away\b|\bmoves? by itself|\bsurg(?:es|ed|ing) forward",
        denial=False,
    ),
    rule(
        "tyre",
        "stop_now",
        "(?<!防)爆胎(?!监|预|险|胎)|(?:轮胎|车胎|前胎|后胎|胎|轮子|车轮)~(?:爆了|爆掉"
        "|爆裂|炸|掉了|掉下|脱落|飞|裂开)|(?:车轮|轮子|[前后左右]轮)~(?:松|掉|飞|炸"
        "|爆)|断轴|轮胎螺丝~(?:松|掉|断)",
    ),
    rule(
        "tyre",
        "stop_now",
        r"\bblow-?\s?outs?\b|\b(?:tyre|tire|wheel)s?\b≈\b(?:burst\w*|blew|blown"
        "|exploded|came off|fell off|coming off|falling off|loose|shredded|ripped)"
        r"|\bburst (?:tyre|tire)|\bblew (?:a|the|my|out a) (?:tyre|tire)|\b(?:loose"
        r"|lost a) wheel(?: nuts?)?\b|\bwheel nuts?\b≈\b(?:loose|missing)"
        r"|\bbroken axle",
        "steering wheel",
    ),
    rule(
        "tyre",
        "stop_now",
        "(?:轮胎|车胎|前胎|后胎|胎|轮子)~(?:瘪|没气|没有气|跑光|扁了|鼓包|起包|开裂)",
        certain=False,
    ),
    rule(
        "tyre",
        "stop_now",
        r"\bflat (?:tyre|tire)|\b(?:tyre|tire)s?\b≈\b(?:flat|bulg\w*|bubble|no air)"
        r"|\bpuncture\w*",
        "run-?flat|flat tyre price|repair kit",
        certain=False,
    ),
    rule(
        "trapped",
        "stop_now",
        SOMEONE + "~(?:锁|关|困|反锁|落|忘|留)(?:在|到|进)?(?:了)?~(?:车里|车内|车上|车子?里"
        "|里面|里边|车厢|后备箱)|(?:锁|关|困|忘|落|留)(?:在|到)?~(?:车里|车内"
        "|车上)[^，。；,.;!?！？]{0,6}"
        + SOMEONE
        + "|(?:我|我们|自己)(?:被)?~(?:锁|困|关)在?~(?:车里|车内|里面)|反锁[着了]?~"
        + SOMEONE
        + "|车门~打不开[^。]{0,8}"
        + SOMEONE
        + "~(?:里面|车里)",
        "钥匙~(?:锁|关|落|忘)",
    ),
    rule(
        "trapped",
        "stop_now",
        SOMEONE_EN + r"≈\b(?:locked|trapped|stuck|shut|left)\b≈\b(?:in|inside)\b|\b(?:locked"
        r"|trapped|stuck|shut|left)\b≈"
        + SOMEONE_EN
        + r"≈\b(?:in|inside)\b|\b(?:i'?m|i am|we'?re|we are) (?:locked|trapped"
        r"|stuck) (?:in|inside) (?:the|my|our|this) (?:car|vehicle)|\b(?:locked"
        "|trapped) inside (?:the|my) (?:car|vehicle)",
        r"\bkeys?\b|child lock|child seat|left hand|on the left|stuck in traffic",
    ),
    rule(
        "other",
        "stop_now",
        ROAD + "~(?:车门|引擎盖|机盖|发动机盖|前盖)~(?:开了|弹开|掀|打开|飞)|(?:引擎盖|机盖"
        "|前盖)~(?:弹开|掀起|飞起|没锁)|尾气~(?:进|灌|窜)~(?:车内|车里|车厢)|车(?:里"
        "|内)~尾气",
    ),
    rule(
        "other",
        "stop_now",
        r"\b(?:hood|bonnet)\b≈\b(?:flew|flies|popped|pops|came) (?:open|up)"
        r"|\bdoors?\b≈\b(?:flew|flies|opens?|opened) (?:open )?(?:while|when) driving"
        r"|\bexhaust (?:fumes?|gas\w*)\b≈\b(?:in|inside|into)\b|\bcarbon monoxide",
    ),
)

STOP: tuple[Rule, ...] = (*CONTROL, *HEAT, *_OTHER)
