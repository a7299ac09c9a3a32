"""The service menu in chat: what is due, what it costs."""

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.models import ServiceItem
from backend.workshop import plan as plans
from backend.workshop.pricing import Quote, menu, quote
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import remember, which
from bot.actions.context import Turn

DIAGNOSIS = "diagnosis"
"""The line of the menu that finds the cause of a fault."""
SHOWN = 8
"""Lines of the menu in one message."""


def mentioned_items(turn: Turn) -> list[str]:
    """Codes of the service items in the message, in order."""
    return list(dict.fromkeys(str(code) for code in turn.found("service_item")))


def priced_lines(turn: Turn, quoted: Quote) -> list[str]:
    """`小保养：398 元（配件 248 元，工时 150 元）`, unpriced items named as such."""
    prices = {line.item.id: line for line in quoted.lines}
    lines = []
    for item in quoted.items:
        line = prices.get(item.id)
        colon = turn.either("：", ": ")
        if line is None:
            lines.append(
                turn.name_of(item)
                + colon
                + turn.either("到店检查后报价", "priced after inspection")
            )
            continue
        amount = wording.yuan(line.amount, turn.language)
        parts = wording.yuan(line.parts, turn.language)
        labour = wording.yuan(line.labour, turn.language)
        lines.append(
            turn.name_of(item)
            + colon
            + turn.either(
                f"{amount}（配件 {parts}，工时 {labour}）",
                f"{amount} (parts {parts}, labour {labour})",
            )
        )
    return lines


def total_line(turn: Turn, quoted: Quote) -> str:
    if quoted.total is None:
        return turn.either(
            "合计：到店检查后报价，您确认后才施工",
            "Total: after inspection; no work starts before you agree",
        )
    return turn.either("合计：", "Total: ") + wording.yuan(quoted.total, turn.language)


def told_price(turn: Turn, quoted: Quote) -> str:
    """The work with its price, and why it is proposed when it came from the schedule."""
    mileage = turn.slot("service_mileage")
    head = ""
    if mileage and turn.slot("service_by_plan"):
        head = turn.either(
            f"{mileage:,} 公里按保养计划建议做这些，不需要的可以去掉：\n",
            f"The schedule recommends this at {mileage:,} km; tell me what to leave out:\n",
        )
    facts = [line.fact for line in quoted.lines]
    parts = [wording.bullets(priced_lines(turn, quoted)), total_line(turn, quoted)]
    return head + "\n".join([*parts, wording.provenance(turn, *facts)]).rstrip()


async def energy_of(turn: Turn, session: AsyncSession, model_code: str | None) -> str | None:
    """The energy of a model, when all its trims share one."""
    model = await catalogue.model(session, model_code) if model_code else None
    energies = {trim.energy for trim in model.trims} if model else set()
    named = turn.first("energy")
    if named and (not energies or named in energies):
        return str(named)
    return energies.pop() if len(energies) == 1 else None


async def due_codes(
    turn: Turn, session: AsyncSession, mileage_km: int, model_code: str | None
) -> list[str]:
    """What the maker's schedule asks for at a mileage."""
    energy = await energy_of(turn, session, model_code)
    found = await plans.due_items(session, mileage_km, None, energy or "petrol")
    covered = {code for due in found.due for code in due.item.covers}
    return [due.item.code for due in found.due if due.item.code not in covered]


def interval(turn: Turn, item: ServiceItem) -> str:
    """`每 10,000 公里或 12 个月`"""
    km = f"{item.interval_km:,}" if item.interval_km else ""
    if km and item.interval_months:
        return turn.either(
            f"每 {km} 公里或 {item.interval_months} 个月，以先到为准",
            f"every {km} km or {item.interval_months} months, whichever comes first",
        )
    if km:
        return turn.either(f"每 {km} 公里", f"every {km} km")
    if item.interval_months:
        return turn.either(
            f"每 {item.interval_months} 个月", f"every {item.interval_months} months"
        )
    return ""


@answers("ask_maintenance_price")
async def maintenance_price(turn: Turn, session: AsyncSession) -> Events:
    """Prices of the items named, or of what is due at the mileage named, or the menu."""
    cars = await which(turn, session)
    model = cars.model if cars.mentioned else None
    code = model.code if model else turn.slot("service_model")
    code = None if code == "other" else code
    wanted = mentioned_items(turn)
    mileage = turn.first("mileage")
    topic = turn.slot("topic") or {}
    if turn.intent == "inform" and topic.get("ask") == "ask_maintenance_price" and not wanted:
        # "山屿" after "3万公里该做什么": the same question about that car.
        mileage = mileage or ({"km": topic["due_km"]} if topic.get("due_km") else None)
        wanted = [] if mileage else list(topic.get("items") or [])
    asked = list(wanted)
    head = ""
    if mileage and not wanted:
        wanted = await due_codes(turn, session, int(mileage["km"]), code)
        km = f"{int(mileage['km']):,}"
        if not wanted:
            turn.say("utter_nothing_due", km=km)
            return []
        head = turn.either(f"{km} 公里按保养计划该做：", f"Due at {km} km by the schedule:")
    if not wanted and turn.tracker.active_loop_name == "maintenance_form":
        wanted = list(turn.slot("service_items") or [])
    if not wanted:
        wanted = [item.code for item in await menu(session)][:SHOWN]
        head = turn.either("常用保养项目和价格：", "Our usual services and prices:")
    quoted = await quote(session, turn.today, wanted, code)
    if quoted.unsuitable:
        quoted, asked = await _suitable(turn, session, quoted, asked, code)
    if not quoted.items:
        await ask_colleague(turn, session)
        turn.say("utter_not_confirmed", subject=turn.either("这个项目", "this service"))
        return []
    if quoted.missing:
        await ask_colleague(turn, session)
    lines = priced_lines(turn, quoted)
    if len(quoted.items) <= 2:
        lines = [
            line + (turn.either("；", "; ") + interval(turn, item) if interval(turn, item) else "")
            for line, item in zip(lines, quoted.items, strict=True)
        ]
    text = wording.bullets(lines)
    if head:
        text = head + "\n" + text
    in_form = turn.tracker.active_loop_name == "maintenance_form"
    if (mileage or in_form) and len(quoted.items) > 1:
        text += "\n" + total_line(turn, quoted)
    facts = [line.fact for line in quoted.lines]
    turn.tell(
        text + "\n" + wording.provenance(turn, *facts),
        buttons=[wording.button(turn.either("预约保养", "Book a service"), "/book_maintenance")],
    )
    return [
        remember(
            turn,
            ask="ask_maintenance_price",
            items=wanted if mileage else asked,
            due_km=int(mileage["km"]) if mileage else None,
            service_car=code,
        )
    ]


async def _suitable(
    turn: Turn, session: AsyncSession, quoted: Quote, asked: list[str], code: str | None
) -> tuple[Quote, list[str]]:
    """The quote without what is not for this car, which is said when it was asked for; the menu
    for the car when nothing is left. With it, what is left of what was asked."""
    wrong = {item.code for item in quoted.unsuitable}
    names = [turn.name_of(item) for item in quoted.unsuitable if item.code in asked]
    if names:
        listed = wording.joined(names, turn)
        turn.tell(turn.either(f"{listed}不适用于这款车。", f"{listed} does not apply to this car."))
    left = [item.code for item in quoted.items if item.code not in wrong]
    if not left:
        everything = [item.code for item in await menu(session)]
        whole = await quote(session, turn.today, everything, code)
        others = {item.code for item in whole.unsuitable}
        left = [one for one in everything if one not in others][:SHOWN]
    kept = [one for one in asked if one not in wrong]
    return await quote(session, turn.today, left, code), kept
