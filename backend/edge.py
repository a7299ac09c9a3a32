"""What stands between the network and the routes: errors as JSON, size of requests, headers."""

import logging

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.database import UNAVAILABLE
from backend.errors import ChefuError, TooLargeError, TooManyRequestsError, UnavailableError
from backend.texts import notices

log = logging.getLogger(__name__)

JSON_LIMIT = 64 * 1024
RETRY_SECONDS = 5
"""After that a store that was away may be there again."""
UPLOAD_LIMIT = 9 * 1024 * 1024
WEBHOOK_LIMIT = 4 * 1024 * 1024
"""Platforms put many messages into one call; each webhook has a limit of its own besides."""
WEBHOOKS = "/api/channels/"

CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def error_response(status: int, code: str, message: str, headers: dict[str, str]) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers)


def install_errors(app: FastAPI) -> None:
    """Every error leaves as `{error: {code, message}}`, and never with what was sent."""

    @app.exception_handler(ChefuError)
    async def _ours(_request: Request, error: ChefuError) -> JSONResponse:
        headers = {}
        if error.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        if isinstance(error, TooManyRequestsError | UnavailableError):
            headers["Retry-After"] = str(error.retry_after)
        return error_response(error.status, error.code, error.message, headers)

    @app.exception_handler(RequestValidationError)
    async def _malformed(_request: Request, error: RequestValidationError) -> JSONResponse:
        places = {
            ".".join(str(part) for part in found["loc"] if part != "body") + ": " + found["msg"]
            for found in error.errors()
        }
        return error_response(422, "malformed", "; ".join(sorted(places)), {})

    @app.exception_handler(HTTPException)
    async def _http(_request: Request, error: HTTPException) -> JSONResponse:
        codes = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 422: "malformed"}
        # A body that cannot be parsed at all is malformed like one that lacks a field.
        status = 422 if error.status_code == 400 else error.status_code
        code = codes.get(status, "error")
        return error_response(status, code, str(error.detail), dict(error.headers or {}))

    async def _unavailable(request: Request, error: Exception) -> Response:
        # Its kind alone: it comes with every request while the store is away.
        log.warning("the store is unavailable: %s", type(error).__name__)
        headers = {"Retry-After": str(RETRY_SECONDS)}
        if "text/html" in request.headers.get("accept", ""):
            return HTMLResponse(_page(notices.UNAVAILABLE), 503, headers)
        return error_response(503, "unavailable", notices.UNAVAILABLE["en"], headers)

    for kind in UNAVAILABLE:
        app.add_exception_handler(kind, _unavailable)

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> JSONResponse:
        # The path template, not the address: addresses may carry search words.
        route = request.scope.get("route")
        log.error("%s failed", getattr(route, "path", "?"), exc_info=error)
        return error_response(500, "internal", "something went wrong on our side", {})


def _page(texts: dict[str, str]) -> str:
    """For people, without anything from the store: both languages, since nobody knows which."""
    lines = "".join(f'<p lang="{language}">{text}</p>' for language, text in texts.items())
    return f'<!doctype html><meta charset="utf-8"><title>Chefu</title>{lines}'


class BodyLimit:
    """Refuses bodies over the limit, announced or not, before they fill the memory."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        upload = headers.get("content-type", "").startswith("multipart/")
        webhook = scope["path"].startswith(WEBHOOKS)
        limit = UPLOAD_LIMIT if upload else WEBHOOK_LIMIT if webhook else JSON_LIMIT
        refusal = error_response(413, "too_large", "the request is too large", {})
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            await refusal(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] == "http.request":
                read += len(message.get("body", b""))
                if read > limit:
                    raise TooLargeError("the request is too large")
            return message

        async def answered(message: Message) -> None:
            # Frameworks take an error while they read a body for a malformed one.
            if read <= limit:
                await send(message)
            elif message["type"] == "http.response.start":
                await refusal(scope, receive, send)

        await self.app(scope, counted, answered)


class SecurityHeaders:
    """What every answer carries, whoever gives it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        documented = scope["path"].startswith(("/api/docs", "/api/openapi"))

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                headers.setdefault("X-Frame-Options", "DENY")
                if not documented:
                    headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
            await send(message)

        await self.app(scope, receive, secured)
