"""Signs of a fault with which a car must not be driven a metre further."""

from backend.workshop.safety_words import (
    BRAKE,
    BRAKE_EN,
    LAMP,
    LAMP_EN,
    ROAD,
    ROAD_EN,
    SOMEONE,
    SOMEONE_EN,
    WHEEL,
    Rule,
    rule,
)

STOP: tuple[Rule, ...] = (
    rule(
        "brakes",
        "stop_now",
        BRAKE + "~(?:失灵|失效|没反应|没有反应|没啥反应|不灵|不管用|不好使|不好用|没用|没了"
        "|不起作用|不工作|变软|发软|软了|软绵绵|软趴趴|很软|太软|好软"
        "|软(?![不件吗么])|变硬|很硬|太硬|硬邦邦|硬得|硬(?![不件吗么])|踩不动|踩不下"
        "|踩不住|踩不到|踩到底|到底|踩空|踩下去|沉下去|下沉|陷下去|没劲|没力|无力"
        "|没感觉|没脚感|坏了|漏油|不住|抱死|卡死|卡住|锁死|故障)",
        "踩下去(?:有|会)?.{0,4}(?:响|声|抖)|软硬|灯.{0,3}坏",
        denial=False,
    ),
    rule(
        "brakes",
        "stop_now",
        "踩了?刹车~(?:往前|还走|还冲|还在走|还溜)|刹不住|刹不下|刹不了|刹不停"
        "|停不下来|停不住车|踩不住刹车|踩不动刹车|(?:没有?|无|失去)(?:了)?刹车(?!片"
        "|盘|油|灯|异|声|痕|抖|问|故|失|噪|响|距|不|软|辅)",
        "停不下来.{0,3}(?:响|叫)|(?:响|叫|报警)[得个]?停不下来",
        denial=False,
    ),
    rule(
        "brakes",
        "stop_now",
        "(?:刹车|制动)[油液](?:~漏|没了|没有了|见底|空了)|漏(?:刹车|制动)[油液]",
    ),
    rule(
        "brakes",
        "stop_now",
        "(?:刹车|制动)~(?:灯|警告|报警|提示)~(?:红|常亮)|手刹(?:放不|松不)",
        "高位|尾灯|刹车灯(?:不|坏)",
    ),
    rule(
        "brakes",
        "stop_now",
        "踏板~(?:到底|沉下|掉下|塌|陷|发软|变软|没阻力|踩空)",
        denial=False,
    ),
    rule(
        "brakes",
        "stop_now",
        BRAKE_EN + r"≈\b(?:fail\w*|soft|softer|spongy|mushy|squishy|sloppy|gone|go(?:es)? out"
        "|went out|dead|sinks?|sinking|sank|sunk|floor|to the metal|weak|useless|numb"
        "|rock hard|really hard|very hard|too hard|so hard|stiff|seized|locked"
        r"|lock up|locks up|jammed|stuck|give out|gave out|giving out|not? respon\w+"
        r"|non-?responsive|unresponsive|no pressure|nothing happens|not work\w*"
        r"|\w+n'?t work\w*|\w+n'?t respon\w+|\w+n'?t stop\w*|\w+n'?t hold\w*"
        r"|\w+n'?t grip\w*|barely \w+|hardly \w+|stopped working|not stopping|fading"
        r"|broken?|broke|leak\w*)",
        "brake (?:light|lamp)s? (?:is |are )?(?:broken|not|n't|dead|out)"
        "|light (?:is )?(?:broken|out)|soft brake sound|hard brake test",
        denial=False,
    ),
    rule(
        "brakes",
        "stop_now",
        r"\b(?:no|lost|losing|without|zero|barely any|hardly any|almost no) (?:my "
        r"|the |any |all )?brak(?:es?|ing)\b(?! (?:noise|squeal|squeak|pads?|lights?"
        "|dust|problem|issue|warning|judder|assist|fluid))",
        denial=False,
    ),
    rule(
        "brakes",
        "stop_now",
        r"\b(?:car|vehicle|it|truck) (?:won'?t|will not|wouldn'?t|doesn'?t|does not"
        "|can'?t|cannot|isn'?t|not) (?:brake|braking|stop(?:ping)?"
        r"|slow(?:ing)?(?: down)?)\b(?! \w+ing)|\b(?:can'?t|cannot|couldn'?t"
        r"|unable to) (?:brake|slow down|stop (?:the|my|this) (?:car|vehicle))\b",
        denial=False,
    ),
    rule(
        "brakes",
        "stop_now",
        r"\bbrak\w+ fail\w*|\bfail\w* brak\w+|\bbrake fluid\b≈\b(?:leak\w*|empty|gone)"
        r"|leak\w* brake fluid",
    ),
    rule(
        "steering",
        "stop_now",
        WHEEL + "~(?:失灵|失效|锁死|锁住|锁了|卡|打不动|转不动|扳不动|拧不动|打不了|没反应"
        "|没有反应|死沉|很重|变重|好重|太重|特别重|突然重|贼重|重得|老重|很沉|变沉"
        "|发沉|好沉|太沉|特别沉|沉得|突然沉|贼沉|沉了|重了|不听使唤|控制不|没助力"
        "|没有助力|助力没|助力消失|失去助力|掉了|脱落|故障|坏了|失控|打空|虚位很?大)",
        "重不重|沉不沉|按键|按钮|加热|喇叭|真皮|套|卡扣",
        denial=False,
    ),
    rule(
        "steering",
        "stop_now",
        "打方向~(?:重|沉|费劲|打不动|没反应)|打不动方向|(?<!转)方向~(?:打不动|转不动"
        "|锁死|失灵|卡死)|(?:转向|方向)?助力(?:系统)?~(?:失效|失灵|没了|消失|故障)",
        denial=False,
    ),
    rule(
        "steering",
        "stop_now",
        r"\bsteering\b≈\b(?:fail\w*|lock(?:ed|s|ing)?|stuck|seized|jammed|heavy"
        "|heavier|stiff|hard to turn|(?:very|really|too|so|suddenly|got|gets|went"
        r"|became) hard|won'?t turn|\w+n'?t turn\w*|not turn\w*|\w+n'?t work\w*"
        r"|not work\w*|\w+n'?t respon\w*|not respon\w*|unresponsive|gone|dead|loose"
        "|went out|broke|broken|died)",
        "heated|heating|button|leather|horn|control|lock nut|wheel lock(?! )|steering feel",
        denial=False,
    ),
    rule(
        "steering",
        "stop_now",
        r"\b(?:no|lost|losing|without) (?:my |the |any |all )?(?:power )?steering\b"
        r"|\b(?:can'?t|cannot|couldn'?t|can hardly|unable to) (?:steer"
        r"|turn the (?:steering )?wheel)\b",
        denial=False,
    ),
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
