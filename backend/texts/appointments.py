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
