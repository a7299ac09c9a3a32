"""What maintenance costs and what is due: from approved prices and the service menu alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from backend.models import Model, ServiceItem, ServicePrice, Trim


@dataclass(frozen=True)
class Line:
    """One item with its price in fen; `fact` is the approved record that says so."""

    item: ServiceItem
    parts: int
    labour: int
    fact: ServicePrice

    @property
    def amount(self) -> int:
        return self.parts + self.labour


@dataclass(frozen=True)
class Quote:
    """What the named items cost. `items` are all that were found, in the order asked for.

    `total` in fen is only claimed when every item has a valid price: with something in
    `missing` or `unknown`, or nothing asked for, it is empty. `unsuitable` items are not for
    the model's kind of car; `unknown` are codes that are not on the menu.
    """

    items: tuple[ServiceItem, ...]
    lines: tuple[Line, ...]
    total: int | None
    missing: tuple[ServiceItem, ...] = ()
    unsuitable: tuple[ServiceItem, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    def without_prices(self) -> "Quote":
        """The same work on a car of another make, for which no price is on record."""
        return replace(self, lines=(), total=None, missing=self.items)

    def told(self) -> list[dict[str, Any]]:
        """The items as a service booking keeps them; prices empty where none is valid."""
        prices = {line.item.id: line for line in self.lines}
        return [
            {
                "code": item.code,
                "name_zh": item.name_zh,
                "name_en": item.name_en,
                "parts": prices[item.id].parts if item.id in prices else None,
                "labour": prices[item.id].labour if item.id in prices else None,
            }
            for item in self.items
        ]


async def quote(
    session: AsyncSession, today: date, item_codes: Sequence[str], model_code: str | None
) -> Quote:
    """The price of `item_codes` on `today` (a day in the dealership's zone).

    A price for the very model wins over the general one; of several valid ones the newest.
    Without a model, or for a car of another make, only general prices count.
    """
    codes = list(dict.fromkeys(item_codes))
    found = {
        item.code: item
        for item in await session.scalars(
            select(ServiceItem).where(ServiceItem.code.in_(codes), ServiceItem.active.is_(True))
        )
    }
    items = tuple(found[code] for code in codes if code in found)
    model_id = None
    energies: frozenset[str] = frozenset()
    if model_code is not None:
        model_id = await session.scalar(select(Model.id).where(Model.code == model_code))
        energies = await energies_of(session, model_code)
    facts = await _valid_prices(session, today, [item.id for item in items], model_id)
    lines = tuple(
        Line(item, facts[item.id].parts, facts[item.id].labour, facts[item.id])
        for item in items
        if item.id in facts
    )
    missing = tuple(item for item in items if item.id not in facts)
    unknown = tuple(code for code in codes if code not in found)
    complete = bool(lines) and not missing and not unknown
    return Quote(
        items,
        lines,
        sum(line.amount for line in lines) if complete else None,
        missing,
        tuple(i for i in items if energies and i.energies and energies.isdisjoint(i.energies)),
        unknown,
    )


async def energies_of(session: AsyncSession, model_code: str) -> frozenset[str]:
    """The kinds of drive in which a model is sold, such as petrol and hybrid."""
    query = select(Trim.energy).join(Trim.model).where(Model.code == model_code)
    return frozenset(await session.scalars(query))


async def menu(session: AsyncSession, energy: str | None = None) -> list[ServiceItem]:
    """The service menu in its order; with `energy` only what suits that kind of car."""
    items = await session.scalars(
        select(ServiceItem)
        .where(ServiceItem.active.is_(True))
        .order_by(ServiceItem.position, ServiceItem.id)
    )
    return [
        item for item in items if energy is None or not item.energies or energy in item.energies
    ]


async def _valid_prices(
    session: AsyncSession, today: date, item_ids: Sequence[int], model_id: int | None
) -> dict[int, ServicePrice]:
    """Of each item the price that counts on `today`, where there is one."""
    of_model: ColumnElement[bool] = ServicePrice.model_id.is_(None)
    if model_id is not None:
        of_model = or_(of_model, ServicePrice.model_id == model_id)
    prices = await session.scalars(
        select(ServicePrice).where(
            ServicePrice.item_id.in_(item_ids),
            of_model,
            ServicePrice.approved_at.is_not(None),
            ServicePrice.valid_from <= today,
            or_(ServicePrice.valid_until.is_(None), ServicePrice.valid_until >= today),
        )
    )
    best: dict[int, ServicePrice] = {}
    for price in sorted(prices, key=lambda p: (p.model_id is not None, p.valid_from, p.id)):
        best[price.item_id] = price
    return best
