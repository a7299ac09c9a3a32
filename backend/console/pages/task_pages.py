"""One task, and what can be done with it."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession

from backend.clock import local
from backend.console.changing import wanted_time
from backend.console.http import ConsoleRoute, Form, Who
from backend.console.view import render, services
from backend.errors import ConflictError, InvalidError
from backend.staff import inbox_queries, task_desk
from backend.staff.filters import LARGEST_ID

PATH = "/console/tasks"
FIELDS = ("day", "time", "result")

router = APIRouter(route_class=ConsoleRoute)


async def _page(
    request: Request,
    task_id: int,
    *,
    status: int = 200,
    refused: str = "",
    given: dict[str, str] | None = None,
) -> Response:
    held = services(request)
    async with held.database.reading() as session:
        opened = await task_desk.find(session, _id(task_id))
        colleagues = await inbox_queries.colleagues(session)
    wall = local(opened.record.task.due_at or held.clock.now(), request.state.place.zone)
    filled = {"day": f"{wall:%Y-%m-%d}", "time": f"{wall:%H:%M}", "result": ""}
    context = {
        "opened": opened,
        "colleagues": colleagues,
        "refused": refused,
        "given": {**filled, **(given or {})},
        "longest": task_desk.LONGEST_RESULT,
    }
    return render(request, "task.html", context, status=status)


@router.get("/tasks/{task_id}")
async def task(request: Request, task_id: int) -> Response:
    """Raises NotFoundError, shown as a page."""
    return await _page(request, task_id)


@router.post("/tasks/{task_id}/take")
async def take(request: Request, who: Who, form: Form, task_id: int) -> Response:
    """Back to the page, or the page again with the reason. Raises NotFoundError, shown as one."""

    async def work(session: AsyncSession, now: datetime) -> None:
        await task_desk.take(session, now, _id(task_id), staff_id=who.staff.id)

    return await _done(request, task_id, form, work, "task_taken")


@router.post("/tasks/{task_id}/assign")
async def assign(request: Request, who: Who, form: Form, task_id: int) -> Response:
    """To the colleague `staff`; else as `take`."""
    to = form.get("staff", "")

    async def work(session: AsyncSession, now: datetime) -> None:
        colleague = int(to) if to.isascii() and to.isdigit() and len(to) < 10 else 0
        await task_desk.assign(session, now, _id(task_id), to=colleague, staff_id=who.staff.id)

    return await _done(request, task_id, form, work, "task_assigned")


@router.post("/tasks/{task_id}/reschedule")
async def reschedule(request: Request, who: Who, form: Form, task_id: int) -> Response:
    """To `day` and `time`; else as `take`."""
    zone = request.state.place.zone

    async def work(session: AsyncSession, now: datetime) -> None:
        due_at = wanted_time(form, zone)
        await task_desk.reschedule(session, now, _id(task_id), due_at=due_at, staff_id=who.staff.id)

    return await _done(request, task_id, form, work, "task_rescheduled")


@router.post("/tasks/{task_id}/finish")
async def finish(request: Request, who: Who, form: Form, task_id: int) -> Response:
    """With a `result`; else as `take`."""

    async def work(session: AsyncSession, now: datetime) -> None:
        await task_desk.finish(
            session, now, _id(task_id), result=form.get("result", ""), staff_id=who.staff.id
        )

    return await _done(request, task_id, form, work, "task_finished")


@router.get("/tasks/{task_id}/take")
@router.get("/tasks/{task_id}/assign")
@router.get("/tasks/{task_id}/reschedule")
@router.get("/tasks/{task_id}/finish")
async def after_refusal(task_id: int) -> Response:
    """A refusal stands at the form's own address: loading that again leads to the page."""
    return RedirectResponse(f"{PATH}/{task_id}", status_code=303)


async def _done(
    request: Request,
    task_id: int,
    form: dict[str, str],
    work: Callable[[AsyncSession, datetime], Awaitable[None]],
    said: str,
) -> Response:
    held = services(request)
    try:
        async with held.database.transaction() as session:
            await work(session, held.clock.now())
    except (InvalidError, ConflictError) as error:
        given = {name: form[name] for name in FIELDS if name in form}
        return await _page(
            request, task_id, status=error.status, refused=f"task.no_{error.code}", given=given
        )
    return RedirectResponse(f"{PATH}/{task_id}?said={said}", status_code=303)


def _id(number: int) -> int:
    return number if 0 < number <= LARGEST_ID else 0
