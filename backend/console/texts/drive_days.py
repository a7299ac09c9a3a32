"""The day of a test drive: checklist, arrival, end, no-show, feedback."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "drive_day.title": ("当天", "On the day"),
    "drive_day.arrived": ("到店", "Arrived"),
    "drive_day.displaced": (
        "没有可用的试驾车，已请客户改时间",
        "No car at that time; the customer was offered others",
    ),
    "drive_day.arrive": ("客户已到店", "Customer has arrived"),
    "drive_day.complete": ("试驾完成", "Drive finished"),
    "drive_day.no_show": ("客户未到", "Did not come"),
    "drive_day.checklist": ("出车检查", "Checklist of the car"),
    "drive_day.check": ("保存检查结果", "Save the check"),
    "drive_day.fails": (
        "有一项不打勾，这台车就停用，后面的试驾会换车或请客户改时间。",
        "If one is not ticked the car goes out of service, and its coming drives get another car "
        "or other times.",
    ),
    "drive_day.note": ("备注", "Note"),
    "drive_day.passed": ("通过", "Passed"),
    "drive_day.failed": ("未通过：{items}", "Failed: {items}"),
    "drive_day.not_active": ("这个预约已经不在有效状态。", "This booking does not stand any more."),
    "drive_day.too_early": ("还没到预约时间。", "Its time has not come yet."),
    "drive_day.no_car": ("这个预约还没有试驾车。", "This booking has no car yet."),
    "check_item.condition": ("车况完好", "Condition"),
    "check_item.cleanliness": ("内外干净", "Clean"),
    "check_item.energy": ("电量或油量够", "Charge or fuel"),
    "check_item.tyres": ("轮胎正常", "Tyres"),
    "check_item.papers": ("牌照、行驶证和保险齐全", "Plates, registration, insurance"),
    "feedback.title": ("试驾反馈", "Feedback"),
    "feedback.score": ("评分", "Score"),
    "feedback.comment": ("客户原话", "In the customer's words"),
    "feedback.next": ("下一步", "Next"),
    "feedback.open": ("客户还没答完", "Not finished yet"),
    "feedback_next.price": ("想谈价格", "Talk about the price"),
    "feedback_next.buy": ("想订车", "Order the car"),
    "feedback_next.other_car": ("想试别的车", "Drive another model"),
    "feedback_next.later": ("再考虑", "Think about it"),
}
