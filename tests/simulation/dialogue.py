"""One simulated customer: drawn from a seed, talking to the running system, checked at the end."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from tests import style
from tests.conversations.live.playing import shown
from tests.e2e.conftest import NOW
from tests.e2e.customer import Customer, Office
from tests.simulation import wording
from tests.simulation.bookings import Booking
from tests.simulation.drives import DRIVABLE, Drive
from tests.simulation.goals import Advice, Colleague, Complain, Fault, Figure, Goal
from tests.simulation.noise import noisy
from tests.simulation.person import Person
from tests.simulation.reading import asks
from tests.simulation.visits import ITEMS, PETROL, Visit

PATIENCE = 20
"""Messages of his own after which a customer gives up."""
KINDS = ("test-drives", "service-bookings", "complaints")
HORIZON_DAYS = 52
CLOSED = {(1, 1)}
"""Days, month first, on which nobody is there."""

_SURNAMES = "王李张刘陈杨赵黄吴徐孙马朱胡郭何林罗郑梁"
_GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "杰",
    "涛",
    "志强",
    "秀英",
    "建国",
    "晓明",
    "丽华",
    "雨桐",
    "浩然",
    "子涵",
)
_FIRST = ("James", "Mary", "Robert", "Linda", "David", "Susan", "Daniel", "Karen", "Kevin", "Laura")
_LAST = (
    "Miller",
    "Smith",
    "Johnson",
    "Clark",
    "Lewis",
    "Walker",
    "Allen",
    "Turner",
    "Parker",
    "Evans",
)


@dataclass
class Dialogue:
    """One dialogue and how it ended."""

    seed: int
    index: int
    goals: list[Goal] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    longest: int = 0
    """Sentences of the longest reply."""
    broken: str = ""

    @property
    def result(self) -> str:
        results = {goal.result for goal in self.goals}
        if self.broken:
            return "missed"
        return "wrong" if "wrong" in results else "missed" if "missed" in results else "reached"

    @property
    def why(self) -> str:
        return self.broken or "; ".join(f"{g.name}: {g.why}" for g in self.goals if g.why)


def drawn(seed: int, index: int) -> Dialogue:
    """The customer and his goals; the same for the same numbers."""
    rng = random.Random(f"{seed}-{index}")
    english = rng.random() < 0.35
    person = Person(
        rng=rng,
        english=english,
        name=f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"
        if english
        else rng.choice(_SURNAMES) + rng.choice(_GIVEN),
        phone=f"137{seed % 1000:03d}{index:05d}",
        plate=f"浙{rng.choice('ABCDEF')}{rng.randrange(10_000, 99_999)}",
        noise=rng.choice((0.0, 0.2, 0.4, 0.8)),
        brief=rng.random() < 0.4,
        single=rng.random() < 0.25,
    )
    return Dialogue(seed, index, _goals(person, rng))


def _goals(person: Person, rng: random.Random) -> list[Goal]:
    kind = rng.choices(
        ("figure", "advice", "drive", "visit", "cancel", "move", "complain", "fault", "person",
         "figure+drive", "advice+drive", "drive+visit", "figure+visit", "stop"),
        (10, 7, 14, 14, 6, 7, 8, 6, 4, 7, 4, 5, 4, 4),
    )[0]  # fmt: skip
    if kind in ("cancel", "move", "stop"):
        goal = _booking(person, rng, rng.choice(("drive", "visit")))
        goal.later, goal.gives_up = ("", True) if kind == "stop" else (kind, False)
        goal.corrects = goal.corrects and kind != "stop"
        return [goal]
    goals = [_goal(person, rng, part) for part in kind.split("+")]
    if kind == "figure+drive":
        figure, drive = goals
        assert isinstance(figure, Figure) and isinstance(drive, Drive)
        figure.car = drive.car
    if kind == "drive+visit":
        assert isinstance(goals[1], Booking)
        goals[1].known = True
    return goals


def _goal(person: Person, rng: random.Random, kind: str) -> Goal:
    if kind == "figure":
        figure = rng.choice(("price", "price", "onroad", "trunk_volume", "wheelbase"))
        return Figure(person, car=rng.choice(wording.cars()[:8]), kind=figure)
    if kind == "advice":
        body = rng.choice(("suv", "sedan"))
        return Advice(person, budget=rng.choice((15, 20, 25)), body=body)
    if kind == "complain":
        return Complain(person, leaves_phone=rng.random() < 0.5)
    if kind == "fault":
        return Fault(person)
    if kind == "person":
        return Colleague(person)
    return _booking(person, rng, kind)


def _booking(person: Person, rng: random.Random, kind: str) -> Booking:
    when = _moment(rng)
    codes = DRIVABLE if kind == "drive" else PETROL
    car = rng.choice([car for car in wording.cars() if car.code in codes])
    booking: Booking
    if kind == "drive":
        booking = Drive(person, car=car, when=when)
    else:
        booking = Visit(person, car=car, when=when, item=rng.choice(list(ITEMS)))
    booking.halves = person.single or rng.random() < 0.15
    booking.corrects = rng.random() < 0.2
    booking.digresses = rng.random() < 0.25
    booking.changes_car = rng.random() < 0.1
    return booking


def _moment(rng: random.Random) -> datetime:
    while True:
        day = NOW + timedelta(days=rng.randint(1, HORIZON_DAYS))
        if (day.month, day.day) not in CLOSED:
            hour = rng.choice((9, 10, 10, 11, 13, 14, 14, 15, 16))
            half = 30 if hour in (10, 14) and rng.random() < 0.3 else 0
            return day.replace(hour=hour, minute=half, second=0)


def play(client: httpx.Client, office: Office, dialogue: Dialogue) -> Dialogue:
    """Talks until all is reached or patience is at its end; then looks into the store."""
    person = dialogue.goals[0].person
    customer = Customer.arrives(client, "en-GB" if person.english else "zh-CN")
    said = 0
    try:
        for goal in dialogue.goals:
            words: str | None = goal.begin()
            while words is not None and said < PATIENCE:
                said += 1
                goal.turns += 1
                _say(customer, dialogue, goal, words)
                text = "\n".join(shown(message) for message in customer.heard)
                words = goal.react(asks(customer.heard), text, list(_buttons(customer)))
    except (AssertionError, httpx.HTTPError) as error:
        dialogue.broken = str(error).splitlines()[0] if str(error) else type(error).__name__
    records = {kind: office.of(kind, customer) for kind in KINDS}
    owner = str(office.conversation(customer)["owner"])
    for goal in dialogue.goals:
        goal.check(records, owner)
    _unwanted(dialogue, records)
    return dialogue


def _unwanted(dialogue: Dialogue, records: dict[str, list[dict[str, object]]]) -> None:
    """A record of a kind that nobody wanted is a wrong one."""
    wanted = {getattr(goal, "path", "") for goal in dialogue.goals}
    for kind in ("test-drives", "service-bookings"):
        if records[kind] and kind not in wanted:
            dialogue.goals[0].wrong(f"{kind} that nobody wanted: {records[kind]}")


def _buttons(customer: Customer) -> dict[str, str]:
    """Choices by title, those on cards as well; of several with one title the first."""
    found: dict[str, str] = {}
    for message in customer.heard:
        cards = message.get("cards") or []
        for button in [
            *(message.get("buttons") or []),
            *(b for c in cards for b in c.get("buttons") or []),
        ]:
            found.setdefault(button["title"], button["choice"])
    return found


def _say(customer: Customer, dialogue: Dialogue, goal: Goal, words: str) -> None:
    person = goal.person
    title = words[1:-1] if words.startswith("[") and words.endswith("]") else ""
    buttons = _buttons(customer)
    if title and title in buttons:
        dialogue.transcript.append(f"> {words}")
        response = customer.post(choice=buttons[title])
        assert response.status_code == 202, response.text
        customer.seq = response.json()["seq"]
        customer.listen()
        assert customer.heard, f"silence after {words}"
    else:
        typed = title or noisy(words, person.rng, person.noise, goal.keep())
        dialogue.transcript.append(f"> {typed}")
        customer.say(typed)
    for message in customer.heard:
        dialogue.transcript.append("    " + shown(message).replace("\n", "\n    "))
        dialogue.longest = max(dialogue.longest, style.sentences(str(message["text"])))
