"""The service menu in chat: what is due, what it costs."""

import re

from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.texts import facts
from backend.workshop.plan import Car, Interval, plan_for
from backend.workshop.pricing import Quote, menu, quote
from bot.actions import wording
from bot.actions.context import Turn

SHOWN = 8
"""Lines of the menu in one message."""
DIAGNOSIS = "diagnosis"
"""The line of the menu that finds the cause of a fault."""


def mentioned_items(turn: Turn) -> list[str]:
    """Codes of the service items in the message, in order."""
    return list(dict.fromkeys(str(code) for code in turn.found("service_item")))


_WHOLE = re.compile(
    r"全车检查|车辆检查|常规检查|\b(?:vehicle|car|full|general)? ?inspection\b", re.I
)


async def whole_check(session: AsyncSession) -> str | None:
    """The line of the menu that looks over the whole car; None where there is none."""
    known = await menu(session)
    return next((one.code for one in known if _WHOLE.search(f"{one.name_zh} {one.name_en}")), None)


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
        lines.append(
            facts.service_price(turn.name_of(item), line.parts, line.labour, turn.language)
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
    used = [line.fact for line in quoted.lines]
    parts = [wording.bullets(priced_lines(turn, quoted)), total_line(turn, quoted)]
    return head + "\n".join([*parts, wording.provenance(turn, *used)]).rstrip()


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
    car = Car(turn.today, mileage_km)
    return (await plan_for(session, car, model_code, energy or "petrol")).due_codes


def interval(turn: Turn, line: Interval | None) -> str:
    """`每 10,000 公里或 12 个月，以先到为准`; empty where the schedule says nothing."""
    if line is None:
        return ""
    km = f"{line.km:,}" if line.km else ""
    if km and line.months:
        return turn.either(
            f"每 {km} 公里或 {line.months} 个月，以先到为准",
            f"every {km} km or {line.months} months, whichever comes first",
        )
    if km:
        return turn.either(f"每 {km} 公里", f"every {km} km")
    return turn.either(f"每 {line.months} 个月", f"every {line.months} months")


async def suitable(
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
