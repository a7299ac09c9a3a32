"""Browser files of the console, all from our own origin: our own and a few from npm."""

import gzip
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI, Request, Response

STATIC = Path(__file__).resolve().parent / "static"
OWN = (
    "console.css", "inbox.css", "console.js", "live.js", "notice.js", "inbox.js", "thread.js",
    "composer.js", "icons.svg", "day.css", "upkeep.css",
)  # fmt: skip
PACKAGES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}
A_YEAR = "public, max-age=31536000, immutable"


@lru_cache
def _version(name: str) -> str:
    """Of one of our own files: a new content gets a new address."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


@lru_cache
def _lock_version() -> str:
    """Of the npm packages: the lock changes with them."""
    lock = Path(__file__).resolve().parents[2] / "web" / "package-lock.json"
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:12]


def asset_url(name: str) -> str:
    """The address for a template. Raises KeyError for a file that is not served."""
    if name in OWN:
        return f"/assets/console/{name}?v={_version(name)}"
    if name in PACKAGES:
        return f"/assets/vendor/{name}?v={_lock_version()}"
    raise KeyError(name)


def mount_assets(app: FastAPI, node_modules: Path) -> None:
    """Serves the console's files below /assets/, and nothing else of `node_modules`.

    Raises FileNotFoundError when the packages are not installed.
    """
    for name in OWN:
        _serve(app, f"/assets/console/{name}", STATIC / name)
    for name, inside in PACKAGES.items():
        file = node_modules / inside
        if not file.is_file():
            raise FileNotFoundError(f"{inside} is missing: `make setup` installs web/node_modules")
        _serve(app, f"/assets/vendor/{name}", file)


def _serve(app: FastAPI, path: str, file: Path) -> None:
    app.add_api_route(path, _sender(file), methods=["GET"], include_in_schema=False)


def _sender(file: Path) -> Callable[[Request], Awaitable[Response]]:
    content = file.read_bytes()
    packed = gzip.compress(content, mtime=0)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"

    async def send(request: Request) -> Response:
        zipped = "gzip" in request.headers.get("accept-encoding", "")
        headers = {"Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
        # Only the address with a version may be kept: it changes with the content.
        headers["Cache-Control"] = A_YEAR if request.query_params.get("v") else "no-cache"
        if zipped:
            headers["Content-Encoding"] = "gzip"
        return Response(packed if zipped else content, media_type=kind, headers=headers)

    return send
