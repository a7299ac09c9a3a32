"""The day of a visit to the workshop: arrival, work done, no-show."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "visit_day.title": ("当天", "On the day"),
    "visit_day.arrived": ("到店", "Arrived"),
    "visit_day.finished": ("完工", "Finished"),
    "visit_day.technician": ("技师", "Technician"),
    "visit_day.done": ("实际完成", "Work done"),
    "visit_day.arrive": ("车已到店", "The car is here"),
    "visit_day.complete": ("完工", "Work finished"),
    "visit_day.no_show": ("客户未到", "Did not come"),
    "visit_day.mileage": ("里程表读数（公里）", "Odometer, in km"),
    "visit_day.counts": (
        "下次保养从这里的里程和项目算起。",
        "The next service is counted from this mileage and this work.",
    ),
    "visit_day.not_active": ("这个预约已经不在有效状态。", "This booking does not stand any more."),
    "visit_day.too_early": ("还没到预约的日子或时间。", "Its day or time has not come yet."),
    "visit_day.not_arrived": ("车还没有到店。", "The car is not here yet."),
    "visit_day.was_arrived": ("车已经到店了。", "The car is here."),
    "visit_day.bad_mileage": ("里程要填 0 到 999,999 的整数。", "Give whole km from 0 to 999,999."),
    "visit_day.mileage_below": (
        "比上次记录的 {km} 公里少，请核对。",
        "Less than the {km} km on record; please check.",
    ),
    "visit_day.unknown_item": ("有项目不在菜单上。", "Some work is not on the menu."),
}
