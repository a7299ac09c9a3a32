"""What a customer is told about his complaint without asking, in both languages."""

TAKEN = {
    "zh": "您的投诉 {number} 由{name}接手处理，最晚 {due} 前回复您。",
    "en": "{name} is now handling your complaint {number} and will reply to you by {due}.",
}
TAKEN_UNTIMED = {
    "zh": "您的投诉 {number} 由{name}接手处理，有进展会在这里告诉您。",
    "en": "{name} is now handling your complaint {number} and will keep you posted here.",
}
RESOLVED = {
    "zh": "您的投诉 {number} 已处理：{result}\n这样解决了吗？",
    "en": "Your complaint {number} has been dealt with: {result}\nIs it solved for you?",
}
SOLVED = {"zh": "解决了", "en": "Yes, solved"}
UNSOLVED = {"zh": "没有解决", "en": "No, not yet"}
REOPENED = {
    "zh": "您的投诉 {number} 重新开始处理，最晚 {due} 前回复您。",
    "en": "We have reopened your complaint {number}. Someone will reply to you by {due}.",
}
REOPENED_UNTIMED = {
    "zh": "您的投诉 {number} 重新开始处理，有进展会在这里告诉您。",
    "en": "We have reopened your complaint {number} and will keep you posted here.",
}
