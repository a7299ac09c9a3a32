"""Signs of faults with which a car may still be driven: a short way only, or until a visit."""

from backend.workshop.safety_words import (
    LAMP_EN,
    Rule,
    rule,
)

_COLD = "早上|早晨|冷车|第一脚|雨后|下雨|洗完?车|刚起步|偶尔"
_COLD_EN = (
    "morning|when (?:it'?s )?cold|first (?:few )?(?:stops?|minutes?|time)"
    r"|after (?:rain|a wash|washing|it rains)|occasional\w*"
)
"""When a damp or cold brake squeaks and nothing is wrong with it."""

FAR: tuple[Rule, ...] = (
    rule(
        "warning",
        "do_not_drive_far",
        "灯[^，。；,.;!?！？]{0,5}(?:一闪|闪烁|在闪|闪个|闪着|闪了?$|闪得|闪)|(?:闪烁"
        "|一闪一闪|闪着|闪)的?~(?:黄灯|故障灯|发动机灯|警告灯|灯)",
        "转向灯|双闪|大灯|氛围灯|尾灯|胎压|快闪",
    ),
    rule(
        "warning",
        "do_not_drive_far",
        r"\b(?:blink|flash)\w*\b≈\b(?:light|lamp|engine|warning|symbol|mil)\b"
        r"|\b(?:engine|warning|yellow|amber|orange|mil|dash\w*|check)\b≈\b(?:blink"
        r"|flash)\w*",
        "turn signals?|indicators?|hazards?|headlights?|ambient|(?:tyre|tire)|tpms",
    ),
    rule(
        "warning",
        "do_not_drive_far",
        "(?:abs|esp|气囊|安全气囊|变速箱|变速器|电瓶|蓄电池|充电(?:指示|故障)?|转向"
        "|ev|epc|电机|动力系统|刹车|制动|底盘|悬架|水温)~(?:灯|报警|警告)~?(?:亮|常亮"
        "|报|闪|$|了)?|(?:警告|警示|报警|警报)灯|仪表~(?:一堆|好多|很多|全)~(?:灯|亮)"
        "|系统故障",
        "多少钱|刹车灯(?:不|坏)|转向灯|环境",
    ),
    rule(
        "warning",
        "do_not_drive_far",
        r"\b(?:abs|esp|esc|airbag|srs|transmission|gearbox|battery|charging|alternator"
        r"|coolant|steering|brakes?|engine temp\w*|electronic power) (?:\w+ )?"
        + LAMP_EN
        + r"|\bwarning (?:light|lamp|message|triangle)s?\b|\bdash\w*\b≈\blit up like"
        r"|\bsystem fault\b",
        "(?:tyre|tire)|brake lights? (?:is |are )?(?:out|not|broken)",
    ),
    rule(
        "brakes",
        "do_not_drive_far",
        "(?:刹车|制动|踩刹)~(?:磨|铁|金属|哐|刺耳|尖叫|异响|响|吱|嘎|咯|抖|偏|有声"
        "|声音|咔)|(?:磨|吱|嘎|响)~刹车|(?:刹车|制动)片~(?:磨没|磨完|没了|磨到底|薄"
        "|报警)|(?:刹车|制动)[油液]~(?:(?<!多)少|低|报警|不足)|刹车距离~(?:变长|长了"
        "|好长)|金属摩擦声?|磨铁|铁磨铁",
        "(?:" + _COLD + ")(?!.*(?:磨铁|金属|哐))",
    ),
    rule(
        "brakes",
        "do_not_drive_far",
        r"\bbrak\w+\b≈\b(?:grind\w*|squeal\w*|squeak\w*|screech\w*|scrap\w*|nois\w+"
        r"|judder\w*|shudder\w*|vibrat\w*|pulsat\w*|pulls?|worn|metal\w*|thin|low)\b"
        r"|\b(?:grind\w*|squeal\w*|squeak\w*|screech\w*|scrap\w*|shudder\w*|vibrat\w*"
        r"|shak\w*)\b≈\bbrak\w+|\bgrinding\b|\bmetal on metal"
        r"|\bstopping distance\b≈\blonger",
        "(?:" + _COLD_EN + ")(?!.*(?:grind|metal))",
    ),
    rule(
        "other",
        "do_not_drive_far",
        "(?:抖|震|振|晃|颤)(?:动|得|的|个)?~(?:厉害|严重|剧烈|很大|不行|凶|不停|明显"
        "|狠|要命|慌)|(?:剧烈|严重|强烈|使劲|猛烈|猛|狂|疯狂|一直|突然)(?:地"
        "|的)?(?:抖|震|振|晃|颤)|方向盘~(?:抖|晃|震)|(?:发动机|引擎|车身|整车|车子?"
        "|怠速)~(?:抖|震动|振动|打摆)",
    ),
    rule(
        "other",
        "do_not_drive_far",
        r"\b(?:vibrat|shak|shudder|judder|wobbl)\w*\b|\bmisfir\w*|\brough idle"
        r"|\bidl\w+ rough\w*",
        "shaker|milkshake|vibration (?:massage|alert)|phone",
    ),
    rule(
        "overheating",
        "do_not_drive_far",
        "(?:水温|温度表|温度)~(?:偏?高|升|偏|涨|往上)|(?:漏|缺|少)(?:了)?(?:冷却液"
        "|防冻液)|(?:冷却液|防冻液)~(?:漏|(?<!多)少|低|不足|报警|渗)",
        "空调|座椅",
    ),
    rule(
        "overheating",
        "do_not_drive_far",
        r"\boverheat\w*\b|\b(?:running|getting|gets|runs) (?:a (?:bit|little) )?(?:hot"
        r"|hotter|warm)\b|\btemp\w*\b≈\b(?:high|climb\w*|ris\w+|rose|going up|creep\w*"
        r"|above)|\bcoolant\b≈\b(?:low|leak\w*|light|warning|loss|losing|drip\w*)"
        r"|\b(?:leak\w*|losing|low on|low) coolant",
        "seat|cabin|air ?con|a/c",
    ),
    rule(
        "other",
        "do_not_drive_far",
        "机油~(?:低|(?<!多)少|不足|见底|下降|缺|变少)|(?:缺|少|烧)机油"
        "|漏(?:了)?(?:机油|油|变速箱油|液)|(?:机油|变速箱|底盘|发动机|车底"
        "|地上)~(?:漏|渗|滴)|一滩(?:油|水|黑)",
        "空调|天窗|多少公里|多久",
    ),
    rule(
        "other",
        "do_not_drive_far",
        r"\b(?:low|burn\w*) (?:on )?(?:engine )?oil\b|\boil\b≈\b(?:low|leak\w*|drip\w*"
        r"|dropping|burn\w*)|\bleak\w*\b≈\b(?:oil|fluid|transmission)|\b(?:oil|fluid"
        r"|puddle|liquid)\b≈\b(?:under|underneath|beneath|on the (?:ground|floor"
        r"|driveway))|\bleak\w*\b≈\b(?:under|underneath)\b",
        "how (?:often|much oil)|sunroof|roof|low[- ]oil price",
    ),
    rule(
        "tyre",
        "do_not_drive_far",
        "(?:胎|轮子)~(?:扎|钉|漏气|慢漏|掉气|偏磨|磨平|磨光)|扎(?:了|到"
        "|着)?(?:一?个)?(?:钉|胎|玻璃)|跑偏|吃胎",
    ),
    rule(
        "tyre",
        "do_not_drive_far",
        r"\b(?:nail|screw|glass)\b≈\b(?:tyre|tire)|\b(?:tyre"
        r"|tire)s?\b≈\b(?:los\w+ (?:air|pressure)|leak\w*|nail|screw|bald|worn)"
        r"|\bpull(?:s|ing)? to (?:the |one )?(?:side|left|right)"
        r"|\bdrifts? to the (?:left|right)",
    ),
    rule(
        "power",
        "do_not_drive_far",
        "熄火|死火|打不着|点不着|启动不了|发动不了|无法启动|发动不起来|起动不|抛锚"
        "|趴窝|趴路|没动力|动力不足|没劲|加速无力|提不起速|限功率|限扭|限速|乌龟灯"
        "|跛行|挂不上挡|挂不进|挂不了挡|打滑|掉电|馈电|动不了|开不走|走不了|亏电",
        denial=False,
    ),
    rule(
        "power",
        "do_not_drive_far",
        r"\b(?:won'?t|doesn'?t|does not|will not|can'?t|not|didn'?t"
        r"|wouldn'?t) (?:start|turn over|turn on|crank|go into gear|shift)\w*"
        r"|\bstall\w*|\bbroke(?:n)? down|\bbreakdown\b|\blimp (?:home )?mode"
        r"|\b(?:lost?|losing|loss of|no|reduced|low) (?:engine )?power\b|\bturtle\b"
        r"|\bcuts? out\b|\b(?:gear\w*|transmission|clutch)\b≈\b(?:slip\w*|jerk\w*"
        r"|stuck|not|won'?t|n't|clunk\w*|bang\w*)|\bdead battery|\bbattery (?:is "
        "|was )?(?:dead|flat|drained)",
        "start (?:date|time|work)|power (?:seat|window|tailgate|outlet|mirror)",
        denial=False,
    ),
    rule(
        "other",
        "do_not_drive_far",
        "(?:底盘|悬挂|悬架|减震|发动机|引擎|变速箱|车轮|前轮|后轮|轴承|转向)~(?:异响"
        "|哐|咣|咚|咯|嗡|响|松|断|敲缸|哒哒|金属)|哐当|咣当|敲缸|顿挫(?:很|特别"
        "|得)?~(?:厉害|严重)|(?:变速箱|变速器)~(?:故障|异响|顿挫|打滑)|冒蓝烟"
        "|排气[管筒]?~烟|尾气~烟|烟~排气",
        "减速带",
    ),
    rule(
        "other",
        "do_not_drive_far",
        r"\b(?:clunk|knock|bang|thump|clatter|hum|rumbl)\w*\b≈\b(?:engine|wheel"
        r"|suspension|axle|under|front|rear|gear\w*|transmission)|\b(?:engine|wheel"
        r"|suspension|axle|gearbox|transmission|differential|bearing)\b≈\b(?:clunk"
        r"|knock|bang|thump|rattl|hum|rumbl|whin|noise|grind)\w*|\bexhaust\b≈\bsmok\w+"
        r"|\bsmok\w+≈\b(?:exhaust|tail ?pipe)",
        "knock down|bang for",
    ),
    rule(
        "other",
        "do_not_drive_far",
        "(?:大灯|前灯|车灯|灯泡|后面?的?灯|远光|近光|雨刮|雨刷|刹车灯|尾灯|喇叭|安全带"
        "|后视镜)~(?:不亮|不动|不工作|坏|灭|没反应|不响|扣不|卡住|断|碎|掉)|(?:挡风"
        "|前挡)~(?:裂|碎)|车门~(?:关不|锁不)|引擎盖~关不",
    ),
    rule(
        "other",
        "do_not_drive_far",
        r"\b(?:\w*lights?|lamps?|bulbs?|wipers?|horn|seat ?belts?"
        r"|mirror)\b≈\b(?:out|not work\w*|\w+n'?t work\w*|broken|stopped|dead|stuck"
        r"|cracked|failed)|\bwindscreen\b≈\bcrack\w*|\bwindshield\b≈\bcrack\w*"
        r"|\bdoor\b≈\b(?:won'?t|not|doesn'?t) (?:close|shut|latch)",
        "ambient|reading light|interior light|light (?:is )?on",
    ),
)
"""Slowly and a short way at most."""

OK: tuple[Rule, ...] = (
    rule(
        "warning",
        "ok_to_drive",
        "黄(?:色)?的?~(?:灯|标|叹号)|灯~黄|(?:故障|发动机|引擎|保养|提示|胎压|尿素"
        r"|雾)~灯|报码|故障码|p0\d{3}",
        "多少钱|氛围灯|雾灯多",
    ),
    rule(
        "warning",
        "ok_to_drive",
        r"\b(?:yellow|amber|orange)\b≈\b"
        + LAMP_EN
        + r"|\b(?:check engine|engine management|engine|mil|eml|service|maintenance|tpms"
        r"|(?:tyre|tire)(?: pressure)?) (?:\w+ )?"
        + LAMP_EN
        + r"\b|\bcheck engine\b|\bfault codes?\b|\bp0\d{3}\b",
    ),
    rule(
        "tyre",
        "ok_to_drive",
        "胎压~(?:灯|报警|低|异常|高|不准|不足|亮)",
        "多少|有没有|支持",
    ),
    rule(
        "tyre",
        "ok_to_drive",
        r"\b(?:tyre|tire) pressure\b≈\b(?:low|light|warning|on|alert)|\blow (?:tyre"
        r"|tire) pressure|\btpms\b≈\b(?:on|light|warning)",
    ),
    rule(
        "brakes",
        "ok_to_drive",
        "(?:刹车|制动|踩刹)~(?:吱|尖|响|异响|声)|(?:吱|响)~刹车",
    ),
    rule(
        "brakes",
        "ok_to_drive",
        r"\bbrak\w+\b≈\b(?:squeak|squeal|nois)\w*|\b(?:squeak|squeal)\w*\b",
    ),
    rule(
        "other",
        "ok_to_drive",
        "(?:空调|冷气|暖风|暖气)~(?:不冷|不凉|不制冷|不热|不制热|没冷|没风|风小|坏"
        "|有味|霉味|异味|臭|响|失灵|不出|不工作)|霉味|(?:冷气|空调|暖风)没|(?:车机"
        "|中控|屏幕|大屏|导航|蓝牙|收音机|倒车影像|影像|雷达|carplay|音响|喇叭|麦克风"
        "|仪表盘?|摄像头|usb)~(?:死机|黑屏|卡|不显示|花屏|连不上|没声|断|坏|不准"
        "|没反应|一直叫|闪退|失灵)|(?:车窗|天窗|后备箱|尾门|座椅|后视镜|门把手|油箱盖"
        "|充电口盖|扶手箱|烟灰缸|点烟器|钥匙|遥控)~(?:升不|降不|打不开|关不|漏水|异响"
        "|响|卡|坏|没电|没反应|不动|失灵|松)|(?:内饰|中控台|车内|后座)~(?:异响|响)"
        "|有异味|减速带~(?:响|咯|咚)|掉漆|划痕|刮花|刮蹭|剐蹭",
    ),
    rule(
        "other",
        "ok_to_drive",
        r"\b(?:a/?c|air ?con\w*|air conditioning|climate|heater|heating)\b≈\b(?:not"
        r"|n'?t|isn'?t|warm|weak|smell\w*|broken|stopped|no longer|hot air|cold air"
        r"|dead|nois\w+)|\b(?:screen|infotainment|display|bluetooth|carplay"
        "|android auto|camera|radio|speakers?|navigation|sensors?|usb|key ?fob|remote"
        "|window|sunroof|trunk|boot|tailgate|seat|ashtray|glove ?box|armrest"
        r"|cup ?holder)\b≈\b(?:frozen|freezes?|black|blank|not|n'?t|dead|crash\w*"
        r"|stuck|broken|rattl\w*|leak\w*|won'?t|no sound|disconnect\w*|beep\w*"
        r"|squeak\w*|loose)|\brattl\w*|\bscratch\w*|\bmusty\b",
    ),
)
"""May be driven, and ought to be looked at soon."""
