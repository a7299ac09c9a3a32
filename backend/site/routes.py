"""The website's addresses. Included last: what no other part of the backend serves is a page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.convertors import StringConvertor, register_url_convertor

from backend.errors import NotFoundError
from backend.site import assets, pages
from backend.site.drawing import draw
from backend.site.pages import Visit
from backend.site.texts import Language
from backend.site.view import language_of, render, services

READ = ["GET", "HEAD"]


class PagePath(StringConvertor):
    """Any address but those below which programs, not people, ask: they get JSON errors."""

    regex = "(?!(?:api|assets|console|healthz|site|widget)(?:/|$)).+"


register_url_convertor("page", PagePath())

router = APIRouter(include_in_schema=False)
router.include_router(assets.router)


@dataclass(frozen=True)
class Reader:
    """One request for a page: its language, the store as it is now, the dealership."""

    session: AsyncSession
    language: Language
    visit: Visit


async def _reader(request: Request) -> AsyncIterator[Reader]:
    here = services(request)
    async with here.database.reading() as session:
        yield Reader(session, language_of(request), await pages.visit(session, here.clock.now()))


FromStore = Annotated[Reader, Depends(_reader)]


@router.api_route("/", methods=READ)
async def home(request: Request, reader: FromStore) -> Response:
    shown = await pages.home(reader.session, reader.visit.today)
    return render(request, "home.html", reader.language, reader.visit, {"page": shown})


@router.api_route("/models", methods=READ)
async def models() -> Response:
    return RedirectResponse("/#models")


@router.api_route("/models/{code}", methods=READ)
async def model(request: Request, reader: FromStore, code: str) -> Response:
    shown = await pages.model_page(reader.session, reader.visit.today, code)
    if shown is None:
        return _missing(request, reader)
    return render(request, "model.html", reader.language, reader.visit, {"page": shown})


@router.api_route("/contact", methods=READ)
async def contact(request: Request, reader: FromStore) -> Response:
    shown = pages.contact(reader.visit)
    return render(request, "contact.html", reader.language, reader.visit, {"page": shown})


@router.get("/site/car/{code}.svg")
async def car(request: Request, code: str) -> Response:
    """The drawing of a model; the same for everybody, so it may be kept under its version."""
    here = services(request)
    async with here.database.reading() as session:
        today = (await pages.visit(session, here.clock.now())).today
        shape = await pages.shape(session, today, code)
    if shape is None:
        raise NotFoundError("there is no such model")
    headers = {"Cache-Control": assets.kept(request)}
    return Response(draw(shape), media_type="image/svg+xml", headers=headers)


@router.api_route("/{path:page}", methods=READ)
async def missing(request: Request, reader: FromStore) -> Response:
    return _missing(request, reader)


def _missing(request: Request, reader: Reader) -> Response:
    return render(request, "missing.html", reader.language, reader.visit, {}, status=404)
