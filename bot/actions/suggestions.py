"""Being unsure: likely readings as buttons, and a person the second time in a row."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.actions import wording
from bot.actions.base import Events
from bot.actions.cars import remember
from bot.actions.context import Turn
from bot.actions.handover import hand_over

SUGGESTIONS = 2
PLAUSIBLE = 0.05
"""A reading less likely than that is no suggestion, only the first of many."""
TITLES = {
    "ask_models": ("看看车型", "See the models"),
    "recommend_model": ("推荐车型", "Help me choose"),
    "ask_config": ("了解配置", "Features and figures"),
    "ask_price": ("问价格", "List price"),
    "ask_onroad_price": ("算落地价", "On-road price"),
    "ask_promotion": ("看优惠", "Current offers"),
    "ask_finance": ("贷款月供", "Finance"),
    "book_test_drive": ("预约试驾", "Book a test drive"),
    "book_appointment": ("预约到店", "Book an appointment"),
    "manage_booking": ("查改预约", "My bookings"),
    "book_maintenance": ("预约保养", "Book a service"),
    "ask_maintenance_price": ("保养价格", "Service prices"),
    "report_fault": ("车辆故障", "A fault with my car"),
    "ask_usage": ("用车问题", "Using my car"),
    "complaint": ("我要投诉", "Make a complaint"),
    "complaint_status": ("投诉进度", "My complaint"),
    "order_status": ("查订单进度", "Order status"),
    "trade_in": ("旧车置换", "Trade-in"),
    "insurance": ("车险", "Insurance"),
    "ask_purchase_process": ("购车流程", "How to buy"),
    "ask_warranty": ("质保政策", "Warranty"),
    "ask_hours": ("营业时间", "Opening hours"),
    "ask_location": ("地址和电话", "Address and phone"),
    "human_handoff": ("找人工", "Talk to a person"),
    "privacy": ("个人信息", "My personal data"),
}


async def suggest(turn: Turn, session: AsyncSession) -> Events:
    """Two likely readings as buttons; unsure a second time in a row: a person."""
    if was_unsure(turn):
        called = await hand_over(turn, session, reason="utter_unsure_again")
        if not called:
            # Somebody comes already.
            turn.say("utter_unsure_waiting")
        return [*called, remember(turn, unsure_at=turn.message_id)]
    ranking = (turn.tracker.latest_message or {}).get("intent_ranking") or []
    likely = [
        entry["name"]
        for entry in ranking
        if entry["name"] in TITLES and entry.get("confidence", 0) >= PLAUSIBLE
    ][:SUGGESTIONS]
    for spare in ("ask_price", "book_test_drive"):
        if len(likely) < SUGGESTIONS and spare not in likely:
            likely.append(spare)
    index = 1 if turn.language == "en" else 0
    entities = _carried(turn)
    turn.say(
        "utter_unsure",
        buttons=[wording.button(TITLES[name][index], f"/{name}{entities}") for name in likely],
    )
    return [remember(turn, unsure_at=turn.message_id)]


def was_unsure(turn: Turn) -> bool:
    """Whether the customer's previous message was answered with suggestions already."""
    return turn.follows((turn.slot("topic") or {}).get("unsure_at"))


def _carried(turn: Turn) -> str:
    """The model of the unclear message travels with the button."""
    model = turn.first("model")
    return f'{{"model": "{model}"}}' if isinstance(model, str) and model.isascii() else ""
