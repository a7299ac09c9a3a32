"""How the maintenance plan of a car is worded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.models import Model
from backend.workshop.history import OwnCar
from backend.workshop.plan import Car, Interval, Plan
from bot.actions import wording
from bot.actions.context import Turn


@dataclass(frozen=True)
class Asked:
    """The car that a question about the plan is about, as far as it is known."""

    model: Model | None
    code: str | None
    own: OwnCar | None
    km: int | None
    new: date | None
    """First registration."""

    def car(self, turn: Turn) -> Car:
        if self.own is None:
            return Car(turn.today, self.km, self.new)
        known = self.own.on(turn.today, self.km)
        last = self.own.last
        # Asked about a mark that has gone by, what was done since says nothing.
        past = self.km is not None and last is not None and self.km < last.km
        done = {} if past else known.done
        return Car(turn.today, known.mileage_km, self.new or known.in_service_on, done)

    def is_known(self, turn: Turn) -> bool:
        car = self.car(turn)
        return car.mileage_km is not None or car.in_service_on is not None


def told_known(turn: Turn, asked: Asked) -> str:
    """What the record says of his own car, when he did not say it himself."""
    own = asked.own
    if own is None or own.last is None or asked.km is not None:
        return ""
    plate = own.vehicle.plate or own.vehicle.vin or ""
    last, day = f"{own.last.km:,}", wording.day(own.last.on, turn)
    now = own.estimate(turn.today)
    if now is None or now == own.last.km:
        return turn.either(
            f"{plate} 上次记录是 {last} 公里（{day}）。",
            f"{plate} was last recorded at {last} km ({day}).",
        )
    return turn.either(
        f"{plate} 上次记录是 {last} 公里（{day}），按平时用车估计现在约 {now:,} 公里。",
        f"{plate} was last recorded at {last} km ({day}); at your usual rate that is about"
        f" {now:,} km now.",
    )


def told_head(turn: Turn, asked: Asked, car: Car, due: bool) -> str:
    """`20,000 公里、车龄约 24 个月，按保养计划该做：`"""
    name = f"{turn.name_of(asked.model)} " if asked.model is not None else ""
    km = f"{car.mileage_km:,}" if car.mileage_km is not None else ""
    age = car.age_months if car.in_service_on is not None else None
    zh = "、".join(
        [*([f"{km} 公里"] if km else []), *([f"车龄约 {age} 个月"] if age is not None else [])]
    )
    en = " and ".join(
        [*([f"{km} km"] if km else []), *([f"about {age} months"] if age is not None else [])]
    )
    if due:
        zh, en = f"{zh}，按保养计划该做：", f"due at {en} by the schedule:"
    else:
        zh = f"{zh}，按保养计划现在没有到期的项目。"
        en = f"nothing is due at {en} by the schedule."
    return turn.either(name + zh, f"{name.strip()}: {en}" if name else en[0].upper() + en[1:])


def told_next(turn: Turn, found: Plan, asked: Asked, schedule: Sequence[Interval]) -> str:
    """`下次：30,000 公里或 2027年11月，以先到为准：小保养、轮胎换位`"""
    items = found.next_items
    if not items:
        return ""
    km = f"{found.next_km:,}" if found.next_km is not None else ""
    on = found.next_on
    zh = [f"{km} 公里"] if km else []
    en = [f"{km} km"] if km else []
    if on is not None:
        about = asked.new is not None
        zh.append(f"{'约 ' if about else ''}{on.year}年{on.month}月")
        en.append(f"{'around ' if about else ''}{on:%b %Y}")
    else:
        # How old the car is nobody has said: counted from the last time it was done.
        months = min((x.months for x in schedule if x.item in items and x.months), default=None)
        zh += [f"距上次 {months} 个月"] if months else []
        en += [f"{months} months after the last time"] if months else []
    first = turn.either("，以先到为准", ", whichever comes first") if len(zh) > 1 else ""
    when = turn.either("或".join(zh), " or ".join(en))
    names = wording.joined([turn.name_of(item) for item in items], turn)
    colon = turn.either("：", ": ")
    return turn.either("下次：", "Next: ") + when + first + colon + names
