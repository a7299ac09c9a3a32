"""What maintenance costs and what is due, answered without booking anything."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from rasa_sdk.events import SlotSet
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import service as catalogue
from backend.workshop.history import OwnCar, own_cars
from backend.workshop.plan import Interval, intervals, plan
from backend.workshop.pricing import energies_of, menu, quote
from bot.actions import wording
from bot.actions.answers import answers
from bot.actions.base import Events, ask_colleague
from bot.actions.cars import Cars, remember, which
from bot.actions.context import Turn
from bot.actions.form_turns import opens
from bot.actions.plan_telling import Asked, told_head, told_known, told_next
from bot.actions.plan_wishes import offer
from bot.actions.plan_words import (
    asks_interval,
    asks_plan,
    in_service_on,
    of_mine,
    of_own_car,
)
from bot.actions.service_menu import (
    SHOWN,
    energy_of,
    interval,
    mentioned_items,
    priced_lines,
    suitable,
    total_line,
)

SERVICES = 2
"""The first items of the menu, which are the services themselves."""
MOST_KM = 999_999
MOST_CARS = 3
OTHER = "other"
VISIT = "book_maintenance"
"""What a yes, or a time, in the next message goes on to."""
_ENERGY_ZH = {"petrol": "燃油", "hybrid": "混动", "plug_in_hybrid": "插混", "electric": "纯电"}
ENERGIES = tuple(_ENERGY_ZH)
"""The kinds of drive, that first whose plan is told where nothing is known."""


@answers("ask_maintenance_price")
async def maintenance_price(turn: Turn, session: AsyncSession) -> Events:
    """Prices of the items named, or of what is due, or the menu."""
    wanted = mentioned_items(turn)
    said = bool(turn.first("mileage")) or in_service_on(turn) is not None
    if asks_plan(turn) or (said and not wanted) or (_continues(turn) and _names_car(turn)):
        return await tell_plans(turn, session)
    cars = await which(turn, session)
    model = cars.model if cars.mentioned else None
    code = model.code if model else turn.slot("service_model")
    code = None if code == OTHER else code
    head = ""
    in_form = turn.tracker.active_loop_name == "maintenance_form"
    if not wanted and in_form:
        wanted = list(turn.slot("service_items") or [])
    if not wanted:
        wanted = [item.code for item in await menu(session)][:SHOWN]
        head = turn.either("常用保养项目和价格：", "Our usual services and prices:")
    quoted = await quote(session, turn.today, wanted, code)
    asked = [] if head or in_form else wanted
    if quoted.unsuitable:
        quoted, asked = await suitable(turn, session, quoted, asked, code)
    if not quoted.items:
        await ask_colleague(turn, session)
        turn.say("utter_not_confirmed", subject=turn.either("这个项目", "this service"))
        return []
    if quoted.missing:
        await ask_colleague(turn, session)
    lines = priced_lines(turn, quoted)
    facts: list[Any] = [line.fact for line in quoted.lines]
    if len(quoted.items) <= 2:
        schedule = {
            line.item.code: line
            for energy in (*(await energies(turn, session, code)),)
            for line in await intervals(session, turn.today, code, energy)
        }
        told = [interval(turn, schedule.get(item.code)) for item in quoted.items]
        lines = [
            line + (turn.either("；", "; ") + every if every else "")
            for line, every in zip(lines, told, strict=True)
        ]
        found = [schedule[i.code].fact for i in quoted.items if i.code in schedule]
        facts += [fact for fact in found if fact is not None]
    text = wording.bullets(lines)
    if head:
        text = head + "\n" + text
    if in_form and len(quoted.items) > 1:
        text += "\n" + total_line(turn, quoted)
    turn.tell(text + "\n" + wording.provenance(turn, *facts), buttons=[_book(turn)])
    # "那帮我约周六上午" is for what was priced.
    return [remember(turn, ask="ask_maintenance_price", items=asked, early=False, service_car=code)]


def general_lines(turn: Turn, schedule: Sequence[Interval]) -> str:
    """How often the first items of the menu are due: "多久保养一次"."""
    colon = turn.either("：", ": ")
    lines = [turn.name_of(line.item) + colon + interval(turn, line) for line in schedule[:SERVICES]]
    facts = [line.fact for line in schedule[:SERVICES] if line.fact is not None]
    return wording.bullets(lines) + "\n" + wording.provenance(turn, *facts) + "\n"


async def energies(turn: Turn, session: AsyncSession, code: str | None) -> list[str]:
    """The kinds of drive for which an interval may be told: the car's, else every one."""
    energy = await energy_of(turn, session, code)
    return [energy] if energy else list(reversed(ENERGIES))


async def tell_plans(turn: Turn, session: AsyncSession) -> Events:
    """The plan of the car, or of each car that a mileage was told of: 青岚5万8，X7两万."""
    pairs = _pairs(turn)
    if len(pairs) < 2:
        return await tell_plan(turn, session)
    every = turn.entities
    rest = [e for e in every if e.get("entity") not in ("model", "mileage")]
    told: list[Events] = []
    for pair in pairs[:MOST_CARS]:
        turn.entities = [*rest, *pair]
        told.append(await tell_plan(turn, session))
    turn.entities = every
    first, *others = told
    turn.slots["topic"] = next(e["value"] for e in first if e.get("name") == "topic")
    # A yes, or a time, is to the first of them.
    return [event for events in (*others, first) for event in events]


def _pairs(turn: Turn) -> list[list[dict[str, Any]]]:
    """Each model of the message with the mileage that follows it."""
    found = [e for e in turn.entities if e.get("entity") in ("model", "mileage")]
    found.sort(key=lambda e: int(e.get("start") or 0))
    return [
        [model, mileage]
        for model, mileage in pairwise(found)
        if (model["entity"], mileage["entity"]) == ("model", "mileage")
    ]


async def tell_plan(turn: Turn, session: AsyncSession) -> Events:
    """What is due now with its price, and what comes next."""
    asked = await _asked(turn, session)
    if isinstance(asked, list):
        return asked
    # The plan's words may name an item ("下次保养"): what is due is not for the words to say.
    energy, note = await _energy(turn, session, asked.code)
    schedule = await intervals(session, turn.today, asked.code, energy)
    if not schedule:
        await ask_colleague(turn, session)
        turn.say("utter_not_confirmed", subject=turn.either("保养计划", "the service schedule"))
        return []
    if not asked.is_known(turn):
        lines = general_lines(turn, schedule) if asks_interval(turn) else ""
        turn.say("utter_plan_needs_mileage", lines=lines)
        return [remember(turn, ask="ask_maintenance_price", plan={}), *_car_slot(turn, asked)]
    car = asked.car(turn)
    found = plan(schedule, car)
    codes = found.due_codes or [item.code for item in found.next_items]
    quoted = await quote(session, turn.today, codes, asked.code)
    if quoted.missing:
        await ask_colleague(turn, session)
    due = bool(found.due_codes)
    parts = [
        told_known(turn, asked),
        told_head(turn, asked, car, due),
        *([] if due else [told_next(turn, found, asked, schedule)]),
        wording.bullets(priced_lines(turn, quoted)),
        total_line(turn, quoted),
        *([told_next(turn, found, asked, schedule)] if due else []),
    ]
    parts.append(note)
    facts: list[Any] = [line.fact for line in quoted.lines]
    shown = {*codes, *(item.code for item in found.next_items)}
    facts += [f for f in found.facts if any(x.item.code in shown for x in schedule if x.fact is f)]
    parts.append(wording.provenance(turn, *facts))
    remind = await offer(turn, session, asked.own.vehicle.id) if asked.own else []
    turn.tell("\n".join(part for part in parts if part), buttons=[_book(turn), *remind])
    kept = {
        "km": car.mileage_km if asked.km is not None else None,
        "on": asked.new.isoformat() if asked.new else None,
        "own": of_own_car(turn),
    }
    return [
        remember(
            turn,
            ask="ask_maintenance_price",
            items=codes,
            early=not due,
            plan=kept,
            offer=VISIT,
            planned_by=turn.message_id,
        ),
        *_car_slot(turn, asked),
    ]


async def _energy(turn: Turn, session: AsyncSession, code: str | None) -> tuple[str, str]:
    """The kind of drive whose plan is told, and what is said where that is a guess."""
    energy = await energy_of(turn, session, code)
    if energy is not None:
        return energy, ""
    sold = await energies_of(session, code) if code is not None else frozenset()
    if not sold:
        note = turn.either(
            "这是燃油车的通用计划，告诉我车型会更准。",
            "This is the general plan for petrol cars; tell me the model for yours.",
        )
        return ENERGIES[0], note
    first, *others = [one for one in ENERGIES if one in sold]
    menus = [{item.code for item in await menu(session, one)} for one in (first, *others)]
    if all(one == menus[0] for one in menus):
        return first, ""
    note = turn.either(
        f"这是{_ENERGY_ZH[first]}版的计划，您的要是别的动力请告诉我。",
        f"This is the plan of the {first.replace('_', '-')} version; tell me if yours is another.",
    )
    return first, note


async def _asked(turn: Turn, session: AsyncSession) -> Asked | Events:
    """The car that is meant; or, once said so, the events after what cannot be taken."""
    cars = await which(turn, session)
    own = await own_car(turn, session)
    model = cars.model if cars.mentioned else None
    code = model.code if model else None
    if own is not None and model is not None and own.model is not None and own.model.id != model.id:
        # Another car than the one that is known.
        own = None
    if code is None and own is not None and own.model is not None:
        code = own.model.code
    if code is None and own is None:
        code = turn.slot("service_model") or _of_talk(turn, cars)
    code = None if code == OTHER else code
    if model is None and code is not None:
        model = await catalogue.model(session, code)
    before = (turn.slot("topic") or {}).get("plan") or {}
    mileage = turn.first("mileage")
    km = int(mileage["km"]) if mileage else None
    new = in_service_on(turn)
    if km is not None and not 0 <= km <= MOST_KM:
        turn.say("utter_mileage_unlikely")
        return [remember(turn, ask="ask_maintenance_price")]
    named = own is not None and of_own_car(turn) and bool(turn.first("plate"))
    if km is not None and own is not None and named and told_less(turn, own, km):
        return [remember(turn, ask="ask_maintenance_price")]
    if km is None and new is not None:
        # "两年了" after "跑了一万八": both together.
        km = before.get("km")
    if km is None and new is None and _names_car(turn) and before:
        km = before.get("km")
        new = date.fromisoformat(before["on"]) if before.get("on") else None
    return Asked(model, code, own, km, new)


def _of_talk(turn: Turn, cars: Cars) -> str | None:
    """The car that was talked about. It is not 我的车 where it is one that he thinks of buying."""
    topic = turn.slot("topic") or {}
    in_workshop = topic.get("ask") == "ask_maintenance_price" or topic.get("fault")
    if cars.model is None or (of_mine(turn) and not in_workshop):
        return None
    return cars.model.code


def told_less(turn: Turn, own: OwnCar, km: int) -> bool:
    """Says so when a mileage is less than what was recorded before."""
    last = own.last
    if last is None or km >= last.km:
        return False
    turn.say("utter_mileage_below", km=f"{last.km:,}", day=wording.day(last.on, turn))
    return True


async def own_car(turn: Turn, session: AsyncSession) -> OwnCar | None:
    """The customer's own car, as far as he has shown it to be his: the one whose plate or VIN
    he names, else the one he came with last."""
    cars = await own_cars(session, turn.conversation_id, turn.zone)
    plate, vin = turn.first("plate"), turn.first("vin")
    if plate:
        return next((car for car in cars if car.vehicle.plate == plate["plate"]), None)
    if vin:
        return next((car for car in cars if car.vehicle.vin == vin["vin"]), None)
    return cars[0] if cars else None


def _continues(turn: Turn) -> bool:
    """Whether the message before asked for the plan."""
    return (turn.slot("topic") or {}).get("plan") is not None


def _names_car(turn: Turn) -> bool:
    return bool(turn.found("model") or turn.found("plate") or turn.found("energy"))


def _car_slot(turn: Turn, asked: Asked) -> Events:
    """What a booking after it need not ask again; an open form keeps what it has."""
    form = turn.tracker.active_loop_name
    if form and not (form == "maintenance_form" and opens(turn, form)):
        return []
    events: Events = []
    if asked.model is not None:
        events.append(SlotSet("service_model", asked.model.code))
    if asked.km is not None and of_own_car(turn):
        events.append(SlotSet("service_mileage", asked.km))
    return events


def _book(turn: Turn) -> dict[str, str]:
    return wording.button(turn.either("预约保养", "Book a service"), "/book_maintenance")
