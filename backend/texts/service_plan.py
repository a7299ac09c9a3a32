"""What customers are told, unasked but by their own wish, of a car that is due."""

DUE = {
    "zh": "{car}快到保养时间了：{items}。{why}现在就约吗？不想再收到，回复“不再提醒”。",
    "en": "Your car {car} is nearly due: {items}. {why}"
    'Shall we book it? Reply "no more reminders" to stop these.',
}
BOOK = {"zh": "现在预约", "en": "Book it now"}
BY_MILEAGE = {
    "zh": "按您报过的里程推算，现在约 {km} 公里。",
    "en": "Going by the mileages you gave, it is at about {km} km now. ",
}
BY_DATE = {
    "zh": "按保养周期，应在 {day} 前后做。",
    "en": "By the schedule it should be done around {day}. ",
}
