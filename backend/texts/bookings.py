"""What customers are told when staff have moved or cancelled what they had booked."""

DRIVE_MOVED = {
    "zh": "您预约的{model}试驾（{number}）改到了{time}，试驾车 {car}。"
    "时间不合适的话，在这里回复就能再改。",
    "en": "Your test drive of the {model} ({number}) has been moved to {time}, in the car {car}. "
    "If that does not suit you, reply here and we'll find another time.",
}
VISIT_MOVED = {
    "zh": "您的到店服务（{number}）改到了{time}。时间不合适的话，在这里回复就能再改。",
    "en": "Your service visit ({number}) has been moved to {time}. "
    "If that does not suit you, reply here and we'll find another time.",
}
DRIVE_CANCELLED = {
    "zh": "您预约的{time}{model}试驾（{number}）已由门店取消。想另约时间，在这里告诉我们就行。",
    "en": "Your test drive of the {model} on {time} ({number}) has been cancelled by the "
    "dealership. To book another time, just reply here.",
}
VISIT_CANCELLED = {
    "zh": "您{time}的到店服务（{number}）已由门店取消。想另约时间，在这里告诉我们就行。",
    "en": "Your service visit on {time} ({number}) has been cancelled by the dealership. "
    "To book another time, just reply here.",
}
