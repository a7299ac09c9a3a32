"""Browser files of the website, all drawn and written here, from our own origin."""

import hashlib
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from backend.errors import NotFoundError

STATIC = Path(__file__).resolve().parent / "static"
KINDS = {
    "site.css": "text/css; charset=utf-8",
    "mark.svg": "image/svg+xml",
    "horizon.svg": "image/svg+xml",
}
A_YEAR = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


@lru_cache
def _content(name: str) -> bytes:
    return (STATIC / name).read_bytes()


@lru_cache
def asset_url(name: str) -> str:
    """The address for a template; it changes with the content. KeyError if not served."""
    if name not in KINDS:
        raise KeyError(name)
    return f"/site/assets/{name}?v={hashlib.sha256(_content(name)).hexdigest()[:12]}"


def kept(request: Request) -> str:
    """Cache-Control: only an address that names its version may be kept."""
    return A_YEAR if request.query_params.get("v") else "no-cache"


@router.get("/site/assets/{name}")
async def asset(request: Request, name: str) -> Response:
    if name not in KINDS:
        raise NotFoundError("there is no such file")
    return Response(
        _content(name), media_type=KINDS[name], headers={"Cache-Control": kept(request)}
    )
