"""The goal of a visit to the workshop."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.conversations.live.figures import evaluate
from tests.simulation import wording
from tests.simulation.bookings import Booking

PETROL = ("qinglan", "yunchi", "shanyu", "yuanyue")
"""Models for which the menu has these items."""
ITEMS = {
    "minor_service": ("小保养", "minor service"),
    "major_service": ("大保养", "major service"),
    "tyre_rotation": ("轮胎换位", "tyre rotation"),
    "brake_pads": ("换刹车片", "brake pads"),
}


@dataclass
class Visit(Booking):
    """Books a visit to the workshop."""

    item: str = "minor_service"
    intent = "book_maintenance"
    path = "service-bookings"
    models = PETROL

    def wish_word(self) -> str:
        return self.person.either("保养", "a service")

    def item_name(self) -> str:
        return self.person.either(*ITEMS[self.item])

    def sentences(self) -> list[str]:
        p, name, item = self.person, self.car.name(self.person.english), self.item_name()
        held = wording.openers(
            self.intent,
            p.english,
            self.car,
            "保养|service|workshop",
            "机油|轮胎|oil|tyre|灯|light|换|wiper|filter|雨刷|滤|漆|洗",
        )
        p.rng.shuffle(held)
        said = self.said(self.when)
        contact = (
            ""
            if self.known
            else p.either(f"，我叫{p.name}，电话{p.phone}", f", I'm {p.name}, {p.phone}")
        )
        plain = [
            p.either(
                f"我的{name}想约{said}做{item}", f"I'd like to book a {item} for my {name}, {said}"
            ),
            p.either(
                f"预约{item}，{name}，{p.plate}，{said}{contact}",
                f"book a {item}: {name}, plate {p.plate}, {said}{contact}",
            ),
        ]
        if not p.brief and p.rng.random() < 0.7:
            return [p.rng.choice(plain), *plain]
        return [*held[:1], *plain]

    def part(self, asked: str, text: str, buttons: list[str]) -> str:
        return self.item_name() if asked == "items" else super().part(asked, text, buttons)

    def wrong_in_summary(self, text: str) -> str | None:
        if self.item_name().lower() not in text.lower() and self.item != "brake_pads":
            item = self.item_name()
            return self.person.either(f"项目不对，要做{item}", f"just the {item}, nothing else")
        if self.person.plate not in text:
            return self.person.either(
                f"车牌是{self.person.plate}", f"the plate is {self.person.plate}"
            )
        return None

    def differences(self, row: dict[str, Any]) -> list[str]:
        found = super().differences(row)
        items = [item["code"] for item in row["items"]]
        if items != [self.item]:
            found.append(f"items {items}, meant {self.item}")
        if row["plate"] != self.person.plate:
            found.append(f"plate {row['plate']}, meant {self.person.plate}")
        [price] = evaluate(f"service {self.item} {self.car.code}")
        if Decimal(row["price"] or 0) != price * 100:
            found.append(f"price {row['price']}, meant {price * 100}")
        return found
