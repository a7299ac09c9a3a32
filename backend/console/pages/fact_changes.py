"""One change of a fact: writing it, asking for approval, deciding."""

from datetime import date
from typing import Any, get_args, get_origin

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import NoResultFound

from backend.catalogue import approval, editing, preview, upkeep
from backend.catalogue.editing import SHEETS
from backend.catalogue.schema import TABLES
from backend.catalogue.upkeep import Checked
from backend.console.http import ConsoleRoute, Editor, Form, Who
from backend.console.pages.catalogue import CREATED, PATH, Shelf, shelf
from backend.console.problems import worded
from backend.console.publishing import publish
from backend.console.view import language_of, render, services
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.models import FactChange, Staff
from backend.staff.filters import LARGEST_ID

LONG = ("text_zh", "text_en", "aliases")
DAYS = ("valid_from", "valid_until")
DONE = ("saved", "submitted", "approved", "discarded", "sent_back")

router = APIRouter(route_class=ConsoleRoute)


def choices(sheet: str, name: str, held: Shelf, ref: str) -> list[tuple[str, str]] | None:
    """Value and key of the words for a field with a fixed list; names of cars stand for
    themselves."""
    if name in ("model", "trim") and sheet == "promotions":
        table = f"{name}s"
        label = held.names.car if name == "trim" else None
        return [("", "choice.all")] + [
            (code, label(code, held.language) if label else held.label("models", code))
            for code in held.names.tables[table]
        ]
    if sheet == "feature_values" and name == "value":
        kind = held.names.value("features", ref.partition(".")[2], "kind")
        flags = ("standard", "optional", "none")
        return [(one, f"choice.{one}") for one in flags] if kind == "flag" else None
    field = TABLES[sheet].model_fields[name]
    if name == "optional":
        return [("no", "choice.no"), ("yes", "choice.yes")]
    if get_origin(field.annotation) is not None and name in ("kind", "rule"):
        return [(str(one), f"choice.{one}") for one in get_args(field.annotation)]
    return None


def shown(sheet: str, ref: str, held: Shelf) -> tuple[str, ...]:
    """The fields of the form: a figure and a flag have no English wording."""
    if sheet == "feature_values":
        kind = held.names.value("features", ref.partition(".")[2], "kind")
        if kind != "text":
            return tuple(one for one in SHEETS[sheet].editable if one != "value_en")
    return SHEETS[sheet].editable


async def page(
    request: Request,
    change_id: int,
    *,
    status: int = 200,
    refused: str = "",
    checked: Checked | None = None,
    values: dict[str, str] | None = None,
) -> Response:
    """The change as it stands, with what the checks say and how it will be worded."""
    async with services(request).database.reading() as session:
        change = await upkeep.find(session, change_id)
        is_open = change.state in upkeep.OPEN
        if checked is None and is_open:
            checked = await upkeep.check(session, change)
        raw = checked.raw if checked else await upkeep.tables(session, change.sheet, change.ref)
        held = await shelf(request, session, raw)
        editor = await session.get(Staff, change.edited_by)
        names = shown(change.sheet, change.ref, held)
        edited = next(
            (row for row in raw.tables.get(change.sheet, []) if row.place == editing.EDITED),
            None,
        )
    language = language_of(request)
    who = request.state.who.staff
    says = {
        one: preview.say(change.sheet, edited, raw, one, held.today) if edited else None
        for one in ("zh", "en")
    }
    done = request.query_params.get("done", "")
    context: dict[str, Any] = {
        "shelf": held,
        "change": change,
        "editor": editor,
        "fields": [
            {
                "name": name,
                "value": (values or change.values).get(name, ""),
                "before": change.before.get(name, ""),
                "changed": bool(change.before)
                and change.before.get(name, "") != change.values.get(name, ""),
                "choices": choices(change.sheet, name, held, change.ref),
                "long": name in LONG,
                "day": name in DAYS,
            }
            for name in names
        ],
        "problems": worded(checked.problems if checked else {}, language, names),
        "says": says,
        "is_fact": SHEETS[change.sheet].fact,
        "refused": refused,
        "done": done if done in DONE and not refused else "",
        "may_edit": upkeep.may_edit(who),
        "may_approve": upkeep.may_edit(who) and who.id not in change.editors,
        "is_editor": who.id in change.editors,
    }
    context["count"] = sum(len(one) for one in context["problems"].values())
    return render(request, "fact_change.html", context, status=status)


@router.get("/catalogue/changes/{change_id}")
async def change_page(request: Request, who: Who, change_id: int) -> Response:
    """Raises NotFoundError, shown as a page."""
    return await page(request, _id(change_id))


@router.post("/catalogue/facts/{sheet}/{ref}/edit")
async def begin(request: Request, who: Editor, form: Form, sheet: str, ref: str) -> Response:
    """A draft of the period `base`, or of a new fact; the open one if there is one.

    Raises NotFoundError, ForbiddenError.
    """
    if sheet not in SHEETS:
        raise NotFoundError("no such kind")
    served = services(request)
    base = form.get("base", "")
    try:
        base_from = date.fromisoformat(base[:10]) if base else None
    except ValueError as error:
        raise NotFoundError("no such period") from error
    try:
        async with served.database.transaction() as session:
            change = await upkeep.begin(
                session, served.clock.now(), sheet, ref, base_from=base_from,
                values=None if base or not SHEETS[sheet].fact else {}, person=who.staff,
            )  # fmt: skip
    except NoResultFound as error:
        raise NotFoundError("no catalogue yet") from error
    return _to(change)


@router.post("/catalogue/sheets/{sheet}/new")
async def create(request: Request, who: Editor, form: Form, sheet: str) -> Response:
    """A draft of a fact under a new `code`; of one that is there already, its page."""
    code = form.get("code", "").strip()
    if sheet not in CREATED:
        raise NotFoundError("no such kind")
    try:
        editing.keys_of(sheet, code)
    except ValueError:
        return RedirectResponse(f"{PATH}/sheets/{sheet}?bad=code", status_code=303)
    served = services(request)
    async with served.database.transaction() as session:
        raw = await upkeep.tables(session, sheet, code)
        if editing.periods(raw, sheet, code):
            return RedirectResponse(f"{PATH}/facts/{sheet}/{code}", status_code=303)
        change = await upkeep.begin(
            session, served.clock.now(), sheet, code, base_from=None, values={}, person=who.staff
        )
    return _to(change)


@router.post("/catalogue/changes/{change_id}/{step}")
async def act(request: Request, who: Editor, form: Form, change_id: int, step: str) -> Response:
    """`save`, `submit` (which saves first), `approve`, `send-back` with a `reason`, `discard`.

    The page again with the reason when it is refused. Raises NotFoundError, ForbiddenError.
    """
    served = services(request)
    key, version = _id(change_id), _number(form.get("version", ""))
    checked: Checked | None = None
    try:
        async with served.database.transaction() as session:
            now, person = served.clock.now(), who.staff
            if step in ("save", "submit"):
                saved = await upkeep.save(session, now, key, version, form, person=person)
                change = saved
            if step == "submit":
                checked = await upkeep.submit(session, now, key, saved.version, person=person)
            elif step == "approve":
                checked = await approval.approve(session, now, key, version, person=person)
            elif step == "send-back":
                reason = form.get("reason", "")
                await upkeep.send_back(session, now, key, version, reason, person=person)
            elif step == "discard":
                await upkeep.discard(session, now, key, version, person=person)
            elif step != "save":
                raise NotFoundError("no such step")
            change = await upkeep.find(session, key)
    except (InvalidError, ConflictError) as error:
        values = {name: form[name] for name in form if name not in ("version", "reason")}
        keep = values if isinstance(error, InvalidError) and step in ("save", "submit") else None
        return await page(
            request, key, status=error.status, refused=f"draft.no_{error.code}", values=keep
        )
    if checked is not None and checked.problems:
        return await page(request, key, status=422, checked=checked)
    if step == "approve":
        await publish(request)
    return _to(change, {"save": "saved", "submit": "submitted", "approve": "approved",
                        "send-back": "sent_back", "discard": "discarded"}[step])  # fmt: skip


@router.get("/catalogue/changes/{change_id}/{step}")
async def after_refusal(change_id: int, step: str) -> Response:
    """A refusal stands at the form's own address: loading that again leads to the page."""
    return RedirectResponse(f"{PATH}/changes/{change_id}", status_code=303)


def _to(change: FactChange, done: str = "") -> Response:
    query = f"?done={done}" if done else ""
    return RedirectResponse(f"{PATH}/changes/{change.id}{query}", status_code=303)


def _id(number: int) -> int:
    return number if 0 < number <= LARGEST_ID else 0


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
