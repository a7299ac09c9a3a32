"""Signs of fire, leaking fuel, a damaged high-voltage battery and an engine boiling over."""

from backend.workshop.safety_words import Rule, rule

HEAT: tuple[Rule, ...] = (
    rule(
        "fire",
        "stop_now",
        "冒(?:了|着|出|起|大|浓|白|黑|蓝|青|黄|灰|滚滚)*烟|起烟|出烟|浓烟|黑烟|白烟"
        "|烟从|(?<!抽)烟味(?:从|冒)|(?<![不打点])着火(?!点)|起火|失火|自燃(?!险|保险"
        "|率)|烧起来|烧着了|火苗|火花(?!塞)|明火|爆炸|冒火|冒烟|焦[糊胡煳臭]"
        "|[糊胡煳焦]味|烧焦|烧[糊胡煳]|烧塑料|烧橡胶|(?:塑料|橡胶|电线|线路)~烧",
        "排气[管筒]?~(?:冒|烟)|(?:冒|烟)~排气|尾气~烟|烟灰|点烟器|灭火器|防火",
    ),
    rule(
        "fire",
        "stop_now",
        "(?:汽油|燃油|柴油)[的]?(?:味|异味|气味)|(?:一股|股|有|很大|大|浓|重"
        "|刺鼻)~油味|闻到~油|油味~(?:大|重|浓|刺鼻)|漏(?:了)?(?:汽油|燃油|柴油)"
        "|(?:汽油|燃油|柴油|油箱|油管)~(?:漏|泄漏|渗)",
    ),
    rule(
        "fire",
        "stop_now",
        r"\bsmok(?:e|es|ing|ey|y)\b|\b(?:on|caught|catch\w*) fire\b|\bflam(?:es?"
        r"|ing)\b|\bfire\b|\bexplo(?:d\w+|sion)\b|\bspark(?:s|ing)\b",
        r"smoke[- ]free|non-?smoking|smokers?\b|no smoking|smoking (?:area|room"
        "|package|allowed)|(?:can|may) (?:i|we) smoke|smoke (?:grey|gray|detector"
        r"|silver)|smok\w+ (?:grey|gray|glass)|fire[- ](?:red|orange|extinguisher"
        "|engine red|sale|insurance|resistant)|fire up|flame[- ](?:red|orange|blue)"
        "|flaming red|spark plugs?|exhaust≈smoke|smoke≈(?:exhaust|tailpipe|tail pipe)"
        "|i'?m on fire",
    ),
    rule(
        "fire",
        "stop_now",
        r"\bsmell\w*\b≈\b(?:petrol|gas|gasoline|fuel|diesel|burn\w*|burnt|smoke"
        r"|hot plastic|rubber)\b|\b(?:petrol|gas|gasoline|fuel|diesel) (?:smell|odou?r"
        r"|fumes|leak\w*|is leaking|dripping)|\bleak\w* (?:of )?(?:petrol|gas|gasoline"
        r"|fuel|diesel)\b|\b(?:burning|burnt)\b≈\b(?:smell|odou?r|plastic|rubber)"
        r"|\bstinks? of (?:petrol|gas|fuel|burn\w*)|\b(?:petrol|gas|gasoline"
        r"|fuel)\b≈\b(?:leak|drip)\w*",
        "leak(?:age)? (?:test|detector)",
    ),
    rule(
        "battery",
        "stop_now",
        "(?:电池|电芯|电池包)~(?:鼓包|鼓起|膨胀|变形|嘶嘶|滋滋|冒|漏液|漏电|起火|着火"
        "|热失控|过热|高温|发烫|很烫|托底|磕|撞|进水|被撞)|动力电池~(?:故障|报警|警告"
        "|异常|亮|红)|高压(?:系统|电|电池|部件|线)?~(?:故障|报警|警告|断开|异常|漏)"
        "|漏电|绝缘~(?:故障|报警|低|异常)|热失控|三电~(?:故障|报警)|充电~(?:火花|打火"
        "|滋滋|冒|烧|糊|着火|炸)|被?电到了?我?|触电|电了一下|电池~有~嘶",
    ),
    rule(
        "battery",
        "stop_now",
        "泡水|水淹|被淹|淹(?:了|到|过)|进水(?:了)?熄火|涉水~熄火|冲进水|掉进?水",
        "泡水车|淹水险|涉水险",
    ),
    rule(
        "battery",
        "stop_now",
        r"\bbattery\b≈\b(?:swell\w*|swollen|bulg\w*|hiss\w*|leak\w*|overheat\w*"
        r"|very hot|too hot|thermal|punctur\w*|popping)|\b(?:swollen|bulging|leaking"
        r"|hissing|overheat\w*) (?:\w+ )?battery\b|\bhiss\w*\b≈\bbattery\b"
        r"|\bthermal runaway\b|\b(?:high[- ]voltage|hv|ev|traction battery"
        r"|drive battery|electric system|powertrain)\b≈\b(?:warnings?|faults?|errors?"
        r"|alerts?|malfunction|failure)\b|\belectric shock|\b(?:shocked"
        r"|electrocuted) (?:me|when|by)|\binsulation (?:fault|warning|failure)"
        r"|\b(?:flooded|under ?water|submerged)\b",
        "warning (?:sticker|label)",
    ),
    rule(
        "overheating",
        "stop_now",
        "开锅|(?:水箱|冷却液|防冻液|水壶)~(?:开了|沸|喷|爆|冒|翻|漏光|没了|没有了)"
        r"|(?:水温|温度)~(?:过高|太高|很高|爆表|到顶|顶|红|报警|警报|警告|灯|120|13\d)"
        "|(?:发动机|引擎|电机)~(?:过热|高温|温度过高|拉缸)|引擎盖~(?:热气|蒸汽|冒气)"
        "|冒蒸汽|机盖~冒",
        "空调|座椅|环境温度|有点|偏高|略|一点点?高|怎么(?:调|看)",
    ),
    rule(
        "overheating",
        "stop_now",
        r"\bboil(?:s|ed|ing)?\b|\boverheat(?:s|ed|ing)?\b"
        r"|\bsteam(?:ing)?\b≈\b(?:bonnet|hood|engine|radiator|front)|\b(?:bonnet|hood"
        r"|engine|radiator)\b≈\bsteam\w*|\btemp\w*\b≈\b(?:in (?:the )?red|red|maxed"
        r"|max|through the roof|too high|very high|warning|light)|\bengine (?:is "
        "|was )?(?:too|very|really) hot",
        r"(?:starting|starts|started|begin\w*|about|tend\w*) to overheat|\ba (?:bit"
        r"|little)\b|seat|(?:tyre|tire) temp|boiled egg|slightly|cabin|air ?con",
    ),
)
