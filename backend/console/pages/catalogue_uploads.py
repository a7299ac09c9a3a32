"""Uploading a workbook: the report of differences first, a second person applies it."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import NoResultFound
from starlette.datastructures import UploadFile

from backend.catalogue import upkeep, uploads
from backend.catalogue.rows import CatalogueError
from backend.console.http import ConsoleRoute, Editor, Form, check_csrf
from backend.console.publishing import publish
from backend.console.view import render, services
from backend.errors import ConflictError, InvalidError, NotFoundError
from backend.models import CatalogueUpload, Staff
from backend.staff.filters import LARGEST_ID

PATH = "/console/catalogue/uploads"
SHOWN = 100
"""Mistakes of a refused workbook that are shown."""

router = APIRouter(route_class=ConsoleRoute)


async def _page(
    request: Request,
    upload_id: int | None = None,
    *,
    status: int = 200,
    refused: str = "",
    problems: Any = (),
) -> Response:
    row: CatalogueUpload | None = None
    uploader: Staff | None = None
    async with services(request).database.reading() as session:
        if upload_id is not None:
            row = await uploads.find(session, upload_id)
            uploader = await session.get(Staff, row.uploaded_by)
    who = request.state.who.staff
    context = {
        "row": row,
        "uploader": uploader,
        "refused": refused,
        "problems": [str(one) for one in problems[:SHOWN]],
        "count": len(problems),
        "more": max(0, len(problems) - SHOWN),
        "may_edit": upkeep.may_edit(who),
        "may_apply": upkeep.may_edit(who) and row is not None and row.uploaded_by != who.id,
        "done": request.query_params.get("done", "") == "applied" and not refused,
    }
    return render(request, "catalogue_upload.html", context, status=status)


@router.get("/catalogue/uploads")
async def form_page(request: Request, who: Editor) -> Response:
    return await _page(request)


@router.get("/catalogue/uploads/{upload_id}")
async def upload_page(request: Request, who: Editor, upload_id: int) -> Response:
    """Raises NotFoundError, shown as a page."""
    return await _page(request, _id(upload_id))


@router.post("/catalogue/uploads")
async def upload(request: Request, who: Editor) -> Response:
    """To the report, or the form again with all that is wrong in the workbook."""
    async with request.form(max_files=1, max_fields=5) as form:
        check_csrf(request, str(form.get("csrf", "")))
        file = form.get("file")
        named = isinstance(file, UploadFile) and bool(file.filename)
        content = await file.read() if isinstance(file, UploadFile) and named else b""
        filename = (file.filename or "") if isinstance(file, UploadFile) else ""
    if not content:
        return await _page(request, status=422, refused="upload.no_file")
    served = services(request)
    try:
        async with served.database.reading() as session:
            compared = await uploads.compare(session, content)
        async with served.database.transaction() as session:
            row = await uploads.upload(
                session, served.clock.now(), filename, content, compared, person=who.staff
            )
    except CatalogueError as error:
        return await _page(request, status=422, problems=error.problems)
    except NoResultFound as error:
        raise NotFoundError("no catalogue yet") from error
    return RedirectResponse(f"{PATH}/{row.id}", status_code=303)


@router.post("/catalogue/uploads/{upload_id}/{step}")
async def act(request: Request, who: Editor, form: Form, upload_id: int, step: str) -> Response:
    """`apply`, `again` (compare with the store as it is now), `discard`."""
    served, key = services(request), _id(upload_id)
    if step not in ("apply", "again", "discard"):
        raise NotFoundError("no such step")
    try:
        async with served.database.reading() as session:
            row = await uploads.find(session, key)
            if row.state != "waiting":
                raise ConflictError("it has been decided", code="decided")
            # Both take their time, and are done before anything is locked.
            compared = await uploads.compare(session, row.content) if step == "again" else None
            catalogue = await uploads.read(row.content) if step == "apply" else None
        async with served.database.transaction() as session:
            now = served.clock.now()
            if step == "apply" and catalogue is not None:
                await uploads.apply(session, now, key, catalogue, person=who.staff)
            elif step == "again" and compared is not None:
                await uploads.renew(session, key, compared, person=who.staff)
            else:
                await uploads.discard(session, now, key, person=who.staff)
    except CatalogueError as error:
        return await _page(request, key, status=422, problems=error.problems)
    except (InvalidError, ConflictError) as error:
        return await _page(request, key, status=error.status, refused=f"upload.{error.code}")
    if step == "apply":
        await publish(request)
    return RedirectResponse(f"{PATH}/{key}{'?done=applied' if step == 'apply' else ''}", 303)


@router.get("/catalogue/uploads/{upload_id}/{step}")
async def after_refusal(upload_id: int, step: str) -> Response:
    """A refusal stands at the form's own address: loading that again leads to the page."""
    return RedirectResponse(f"{PATH}/{upload_id}", status_code=303)


def _id(number: int) -> int:
    return number if 0 < number <= LARGEST_ID else 0
