"""Entering what came by phone or in person."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "entry.new": ("登记", "Enter one"),
    "entry.kinds": ("登记什么", "What to enter"),
    "entry.kind.test-drive": ("试驾", "Test drive"),
    "entry.kind.service-booking": ("维保", "Service visit"),
    "entry.kind.complaint": ("投诉", "Complaint"),
    "entry.kind.inquiry": ("咨询", "Inquiry"),
    "entry.title.test-drive": ("登记试驾", "Enter a test drive"),
    "entry.title.service-booking": ("登记维保", "Enter a service visit"),
    "entry.title.complaint": ("登记投诉", "Enter a complaint"),
    "entry.title.inquiry": ("登记咨询", "Enter an inquiry"),
    "entry.look": ("还没有登记。请看标红的地方。", "Nothing was entered. See the fields in red."),
    "entry.optional": ("（可不填）", " (optional)"),
    "entry.name": ("姓名（老客户可不填）", "Name (not needed if known)"),
    "entry.as_known": ("沿用客户资料", "As on record"),
    "entry.choose": ("请选择", "Choose"),
    "entry.by_words": ("按内容判断", "By the words"),
    "entry.asked": ("客户问了什么", "What the customer asks"),
    "entry.follow_up_at": ("约定回复时间", "To be called back by"),
    "entry.assignee": ("由谁跟进", "Who follows it up"),
    "entry.me": ("我", "Me"),
    "entry.quote": ("查时间和价格", "Check time and price"),
    "entry.tell_price": ("请先告知客户价格", "Tell the customer the price first"),
    "entry.confirm": ("客户同意，确认登记", "The customer agrees: enter it"),
    "entry.save": ("登记", "Enter it"),
    "entry.wrong.missing": ("请填写。", "Please fill this in."),
    "entry.wrong.too_long": ("内容太长。", "This is too long."),
    "entry.wrong.unknown": ("没有这个选项。", "There is no such choice."),
    "entry.wrong.not_a_phone": (
        "不是完整的电话号码，请核对位数。",
        "This is no complete phone number. Please check the digits.",
    ),
    "entry.wrong.not_a_time": (
        "没有这个日期或时间。",
        "There is no such date or time.",
    ),
    "entry.wrong.past": ("这个时间已经过了。", "This time has already passed."),
    "entry.wrong.not_a_plate": ("不是有效的车牌号。", "This is no valid number plate."),
    "entry.wrong.not_a_mileage": ("里程应是 0 到 999999 公里。", "Between 0 and 999,999 km."),
}
