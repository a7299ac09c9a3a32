"""The certified facts as they stand: what needs care, by model, by kind, one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession

from backend.catalogue import approval, editing, preview, standing, upkeep, uploads
from backend.catalogue.dumping import read_facts
from backend.catalogue.editing import SHEETS
from backend.catalogue.preview import Names
from backend.catalogue.rows import RawTables
from backend.catalogue.standing import Entry, Known
from backend.clock import local
from backend.console.http import ConsoleRoute, Editor, Form
from backend.console.publishing import publish
from backend.console.texts import Texts
from backend.console.view import language_of, render, services
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.models import CatalogueVersion
from backend.staff import task_desk

PATH = "/console/catalogue"
LISTED = (
    "promotions", "finance_plans", "fees", "statements", "service_prices", "models", "trims",
    "features", "service_items",
)  # fmt: skip
CREATED = ("promotions", "finance_plans", "fees", "statements")
"""Sheets on which a new code can be begun."""
SHOWN = 12
"""Facts that need care on the first page, of each kind."""

router = APIRouter(route_class=ConsoleRoute)


@dataclass(frozen=True)
class Shelf:
    """What the templates need to show facts."""

    raw: RawTables
    names: Names
    language: str
    today: date

    def label(self, sheet: str, ref: str) -> str:
        found = self.names.label(sheet, ref, self.language)
        if sheet == "statements":
            return Texts(self.language).label("statement", ref)
        return found

    def says(self, sheet: str, row: Any, language: str = "") -> str:
        return preview.say(sheet, row, self.raw, language or self.language, self.today) or "—"


async def shelf(
    request: Request, session: AsyncSession, raw: RawTables | None = None, **only: str
) -> Shelf:
    """Raises NotFoundError before a catalogue was imported."""
    try:
        found = raw or await read_facts(session, **only)
    except NoResultFound as error:
        raise NotFoundError("no catalogue yet") from error
    today = local(services(request).clock.now(), request.state.place.zone).date()
    return Shelf(found, Names.of(found), language_of(request), today)


@router.get("/catalogue")
async def overview(request: Request) -> Response:
    """What needs care, and the way to everything else. Raises NotFoundError without one."""
    async with services(request).database.reading() as session:
        held = await shelf(request, session)
        known = await standing.known(session)
        version = await session.scalar(select(func.max(CatalogueVersion.version)))
        waiting = await uploads.waiting(session)
    careful: list[Entry] = []
    numbers: dict[str, int] = {}
    for sheet in (*LISTED, "prices"):
        found = standing.entries(held.raw, sheet, held.today, known)
        numbers[sheet] = len(found)
        careful += [one for one in found if SHEETS[sheet].fact and one.needs_care]
    changes = sorted(known.changes.values(), key=lambda one: one.edited_at, reverse=True)
    context = {
        "shelf": held,
        "version": version or 0,
        "submitted": [one for one in changes if one.state == "submitted"],
        "drafts": [one for one in changes if one.state == "draft"],
        "uploads": waiting,
        "careful": careful[:SHOWN],
        "more": max(0, len(careful) - SHOWN),
        "models": held.raw.tables.get("models", []),
        "numbers": numbers,
        "listed": LISTED,
        "may_edit": upkeep.may_edit(request.state.who.staff),
    }
    return render(request, "catalogue.html", context)


@router.get("/catalogue/sheets/{sheet}")
async def sheet_page(request: Request, sheet: str) -> Response:
    """Everything of one kind. Raises NotFoundError."""
    if sheet not in LISTED:
        raise NotFoundError("no such kind")
    async with services(request).database.reading() as session:
        held = await shelf(request, session)
        known = await standing.known(session)
    entries = standing.entries(held.raw, sheet, held.today, known)
    groups = [(sheet, entries)]
    return _list(request, held, f"sheet.{sheet}", groups, new=sheet if sheet in CREATED else "")


@router.get("/catalogue/models/{code}")
async def model_page(request: Request, code: str) -> Response:
    """All that is said of one model. Raises NotFoundError."""
    async with services(request).database.reading() as session:
        held = await shelf(request, session, model=code)
        known = await standing.known(session)
    if code not in held.names.tables["models"]:
        raise NotFoundError("no such model")
    trims = [
        trim
        for trim in held.names.tables["trims"]
        if held.names.value("trims", trim, "model") == code
    ]

    def some(sheet: str, fits: Any) -> list[Entry]:
        return [
            one
            for one in standing.entries(held.raw, sheet, held.today, known)
            if fits(one.ref, one)
        ]

    prices = {one.ref: one for one in some("prices", lambda ref, _: ref in trims)}
    groups = [
        (
            "prices",
            [
                prices.get(trim) or standing.entry("prices", trim, [], held.today, known)
                for trim in trims
            ],
        ),
        ("promotions", some("promotions", lambda _, one: _of_model(one, code, trims))),
        ("service_prices", some("service_prices", lambda ref, _: ref.endswith(f".{code}"))),
        ("models", some("models", lambda ref, _: ref == code)),
        ("trims", some("trims", lambda ref, _: ref in trims)),
    ]
    features = _features(held, known, trims)
    return _list(request, held, "", groups, title=held.label("models", code), features=features,
                 trims=trims)  # fmt: skip


def _of_model(entry: Entry, code: str, trims: Sequence[str]) -> bool:
    for period in entry.periods:
        model, trim = (editing.text_of(period.row.values.get(name)) for name in ("model", "trim"))
        if (not model and not trim) or model == code or trim in trims:
            return True
    return False


def _features(held: Shelf, known: Known, trims: Sequence[str]) -> list[tuple[str, list[Entry]]]:
    """Each feature with its entry for each trim; those without any value are left out."""
    entries = {
        one.ref: one for one in standing.entries(held.raw, "feature_values", held.today, known)
    }
    found = []
    for feature in held.names.tables["features"]:
        row = [
            entries.get(f"{trim}.{feature}")
            or standing.entry("feature_values", f"{trim}.{feature}", [], held.today, known)
            for trim in trims
        ]
        if any(one.periods for one in row):
            found.append((feature, row))
    return found


def _list(
    request: Request,
    held: Shelf,
    key: str,
    groups: Sequence[tuple[str, list[Entry]]],
    *,
    title: str = "",
    new: str = "",
    features: Sequence[tuple[str, list[Entry]]] = (),
    trims: Sequence[str] = (),
) -> Response:
    context = {
        "shelf": held,
        "title": title or Texts(language_of(request))(key),
        "groups": groups,
        "new": new,
        "features": features,
        "trims": trims,
        "may_edit": upkeep.may_edit(request.state.who.staff),
    }
    return render(request, "catalogue_list.html", context)


async def fact_page(
    request: Request, sheet: str, ref: str, *, status: int = 200, refused: str = ""
) -> Response:
    """One fact with its periods and its history. Raises NotFoundError."""
    if sheet not in SHEETS:
        raise NotFoundError("no such kind")
    async with services(request).database.reading() as session:
        try:
            raw = await upkeep.tables(session, sheet, ref)
        except NoResultFound as error:
            raise NotFoundError("no catalogue yet") from error
        held = await shelf(request, session, raw)
        known = await standing.known(session)
        steps = await task_desk.steps(session, upkeep.subject(sheet, ref))
    rows = editing.periods(raw, sheet, ref)
    entry = standing.entry(sheet, ref, rows, held.today, known)
    if not rows and entry.change is None and not steps and not _can_begin(held, sheet, ref):
        raise NotFoundError("no such fact")
    context = {
        "shelf": held,
        "entry": entry,
        "steps": steps,
        "refused": refused,
        "done": request.query_params.get("done", "") == "withdrawn" and not refused,
        "is_fact": SHEETS[sheet].fact,
        "may_edit": upkeep.may_edit(request.state.who.staff),
    }
    return render(request, "fact.html", context, status=status)


def _can_begin(held: Shelf, sheet: str, ref: str) -> bool:
    """Whether a fact that is not there could be: a price of a trim, a feature of a trim."""
    keys = editing.keys_of(sheet, ref)
    tables = held.names.tables
    if sheet == "prices":
        return keys["trim"] in tables["trims"]
    if sheet == "feature_values":
        return keys["scope"] in tables["trims"] and keys["feature"] in tables["features"]
    if sheet == "service_prices":
        known = keys["models"] in tables["models"] or not keys["models"]
        return keys["item"] in tables["service_items"] and known
    return False


@router.get("/catalogue/facts/{sheet}/{ref}")
async def fact(request: Request, sheet: str, ref: str) -> Response:
    """Raises NotFoundError, shown as a page."""
    return await fact_page(request, sheet, ref)


@router.post("/catalogue/facts/{sheet}/{ref}/withdraw")
async def withdraw(request: Request, who: Editor, form: Form, sheet: str, ref: str) -> Response:
    """The period `valid_from`, with a `reason`. Raises NotFoundError, ForbiddenError."""
    served = services(request)
    if sheet not in SHEETS or not SHEETS[sheet].fact:
        raise NotFoundError("no such kind")
    try:
        day = date.fromisoformat(form.get("valid_from", "")[:10])
    except ValueError as error:
        raise NotFoundError("no such period") from error
    try:
        async with served.database.transaction() as session:
            await approval.withdraw(
                session, served.clock.now(), sheet, ref, day, form.get("reason", ""),
                person=who.staff,
            )  # fmt: skip
    except (InvalidError, ConflictError) as error:
        refused = f"draft.no_{error.code}"
        return await fact_page(request, sheet, ref, status=error.status, refused=refused)
    await publish(request)
    return RedirectResponse(f"{PATH}/facts/{sheet}/{ref}?done=withdrawn", status_code=303)


@router.get("/catalogue/facts/{sheet}/{ref}/withdraw")
async def after_refusal(sheet: str, ref: str) -> Response:
    """A refusal stands at the form's own address: loading that again leads to the page."""
    return RedirectResponse(f"{PATH}/facts/{sheet}/{ref}", status_code=303)
