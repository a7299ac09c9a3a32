"""What customers are told of their appointments without having asked, in both languages."""

DRIVE = {"zh": "试驾{model}", "en": "test drive of the {model}"}
VISIT = {"zh": "{items}", "en": "{items}"}

REMINDER = {
    "zh": "提醒您：{when} {what}，预约号 {number}。\n地址：{address}\n"
    "{bring}要改时间或取消，直接回复就行。",
    "en": "A reminder: {what}, {when}, number {number}.\nAddress: {address}\n"
    "{bring}To move or cancel it, just reply here.",
}
BRING_LICENCE = {"zh": "请带上驾驶证。", "en": "Please bring your driving licence. "}
TOMORROW = {"zh": "明天（{day}）{clock}", "en": "tomorrow, {day}, {clock}"}

OTHER_TRIM = {
    "zh": "您 {when} 的试驾（{number}）换了一台车：{trim}。时间和地点不变。",
    "en": "Your test drive {when} ({number}) will be in another car, the {trim}. "
    "Time and place stay the same.",
}
CAR_LOST = {
    "zh": "您 {when} 试驾的{model}（{number}）出车检查没通过，那个时间也没有别的同款车，很抱歉。"
    "改到下面哪个时间方便？",
    "en": "The {model} for your test drive {when} ({number}) did not pass its check, and no other "
    "one is free then. Sorry about that. Would one of these times suit you instead?",
}
CAR_LOST_NO_TIME = {
    "zh": "您 {when} 试驾的{model}（{number}）出车检查没通过，暂时没有别的同款车，很抱歉。"
    "顾问会联系您；想换一款车试驾，直接告诉我。",
    "en": "The {model} for your test drive {when} ({number}) did not pass its check, and there is "
    "no other one at the moment. Sorry about that. A consultant will get in touch; to drive "
    "another model instead, just tell me.",
}
CAR_BACK = {
    "zh": "您 {when} 试驾的{model}（{number}）已经修好，可以照原来的时间来。",
    "en": "The {model} for your test drive {when} ({number}) is ready again; "
    "the time stands as booked.",
}
CALL_OFF = {"zh": "不试了", "en": "Call it off"}
MISSED = {
    "zh": "今天 {clock} 的试驾（{number}）没等到您。想换个时间，直接告诉我哪天方便。",
    "en": "We missed you at your test drive at {clock} today ({number}). "
    "To find another time, just tell me which day suits you.",
}

HOW_WAS_IT = {
    "zh": "今天的{model}试驾感觉怎么样？5 分是很满意，1 分是不满意。",
    "en": "How was your drive in the {model}? 5 is very good, 1 is not good.",
}
SCORE = {"zh": "{score} 分", "en": "{score}"}
