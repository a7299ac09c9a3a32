"""Signs that a car cannot be stopped or steered any more."""

from backend.workshop.safety_words import (
    BRAKE,
    BRAKE_EN,
    WHEEL,
    Rule,
    rule,
)

CONTROL: tuple[Rule, ...] = (
    rule(
        "brakes",
        "stop_now",
        BRAKE + "~(?:失灵|失效|没反应|没有反应|没啥反应|不灵|不管用|不好使|不好用|没用|没了"
        "|不起作用|不工作|变软|发软|软了|软绵绵|软趴趴|很软|太软|好软"
        "|软(?![不件吗么])|变硬|很硬|太硬|硬邦邦|硬得|硬(?![不件吗么])|踩不动|踩不下"
        "|踩不住|踩不到|踩到底|到底|踩空|踩下去|沉下去|下沉|陷下去|没劲|没力|无力"
        "|没感觉|没脚感|坏了|漏油|不住|抱死|卡死|卡住|锁死|故障)",
        "踩下去(?:有|会)?.{0,4}(?:响|声|抖)|软硬",
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
        BRAKE_EN
        + r"≈\b(?:fail\w*|(?:is|are|both|all) out|soft|softer|spongy|mushy|squishy|sloppy|gone"
        "|go(?:es)? out"
        "|went out|dead|sinks?|sinking|sank|sunk|floor|to the metal|weak|useless|numb"
        "|rock hard|really hard|very hard|too hard|so hard|stiff|seized|locked"
        r"|lock up|locks up|jammed|stuck|give out|gave out|giving out|not? respon\w+"
        r"|non-?responsive|unresponsive|no pressure|nothing happens|not work\w*"
        r"|\w+n'?t work\w*|\w+n'?t respon\w+|\w+n'?t stop\w*|\w+n'?t hold\w*"
        r"|\w+n'?t grip\w*|barely \w+|hardly \w+|stopped working|not stopping|fading"
        r"|broken?|broke|leak\w*)",
        "soft brake sound|hard brake test",
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
)
