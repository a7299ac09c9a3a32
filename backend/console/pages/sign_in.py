"""Signing in and out, and the language of the pages."""

import hmac
import secrets
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from itsdangerous import BadSignature, URLSafeSerializer

from backend.console.http import (
    SESSION_COOKIE,
    SIGN_IN,
    ConsoleRoute,
    Form,
    Who,
    inside,
    read_form,
    set_session_cookie,
)
from backend.console.view import LANGUAGE_COOKIE, render, services, with_query
from backend.errors import ForbiddenError, TooManyRequestsError, UnauthorizedError
from backend.staff import service

FORM_COOKIE = "chefu_sign_in"
FORM_LIFE = 3600
LANGUAGE_LIFE = 365 * 24 * 3600

public = APIRouter(prefix="/console", route_class=ConsoleRoute, include_in_schema=False)
private = APIRouter(route_class=ConsoleRoute)


def _signer(request: Request) -> URLSafeSerializer:
    return URLSafeSerializer(
        services(request).settings.session_secret.get_secret_value(), salt="sign-in-form"
    )


def _new_form_token(request: Request) -> str:
    """Nobody has a session yet, so the form is tied to a signed cookie of the same browser."""
    now = services(request).clock.now()
    token = _signer(request).dumps([secrets.token_urlsafe(16), int(now.timestamp())])
    return token if isinstance(token, str) else token.decode()


def _check_form_token(request: Request, sent: str) -> None:
    """Raises ForbiddenError unless form and cookie hold the same token of ours, not too old."""
    cookie = request.cookies.get(FORM_COOKIE, "")
    try:
        _, issued = _signer(request).loads(cookie)
    except (BadSignature, ValueError, TypeError) as error:
        raise ForbiddenError("the form is out of date", code="csrf") from error
    age = services(request).clock.now().timestamp() - issued
    same = hmac.compare_digest(sent.encode(), cookie.encode())
    if not same or not -60 <= age <= FORM_LIFE:
        raise ForbiddenError("the form is out of date", code="csrf")


def _page(
    request: Request, *, status: int = 200, username: str = "", target: str = "", **message: Any
) -> Response:
    token = _new_form_token(request)
    response = render(
        request,
        "sign_in.html",
        {
            "form_token": token,
            "username": username,
            "target": target,
            "message_key": message.get("key"),
            "minutes": message.get("minutes", 0),
        },
        status=status,
    )
    response.set_cookie(
        FORM_COOKIE,
        token,
        max_age=FORM_LIFE,
        path=SIGN_IN,
        httponly=True,
        samesite="lax",
        secure=services(request).settings.secure_cookies,
    )
    return response


def _forget(request: Request, response: Response, cookie: str, path: str) -> None:
    secure = services(request).settings.secure_cookies
    response.delete_cookie(cookie, path=path, secure=secure, httponly=True, samesite="lax")


@public.get("/sign-in")
async def sign_in_page(request: Request) -> Response:
    """The form; `lang` switches its language for this browser."""
    target = request.query_params.get("next", "")
    chosen = request.query_params.get("lang")
    if chosen in ("zh", "en"):
        response: Response = RedirectResponse(with_query(SIGN_IN, {"next": target}), 303)
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=LANGUAGE_LIFE,
            path="/console",
            samesite="lax",
            httponly=True,
            secure=services(request).settings.secure_cookies,
        )
        return response
    return _page(request, target=target)


@public.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """On to the page that was wanted, or the form again with the reason."""
    form = await read_form(request)
    username, target = form.get("username", ""), form.get("next", "")
    try:
        _check_form_token(request, form.get("csrf", ""))
    except ForbiddenError:
        return _page(request, status=403, username=username, target=target, key="sign_in.stale")
    held = services(request)
    try:
        _, secret = await service.sign_in(
            held.database,
            held.clock.now(),
            username=username,
            password=form.get("password", ""),
            address=request.client.host if request.client else "unknown",
        )
    except UnauthorizedError:
        return _page(request, status=401, username=username, target=target, key="sign_in.failed")
    except TooManyRequestsError as error:
        response = _page(
            request,
            status=429,
            username=username,
            target=target,
            key="sign_in.throttled",
            minutes=-(-error.retry_after // 60),
        )
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    response = RedirectResponse(inside(target), status_code=303)
    set_session_cookie(request, response, secret, int(service.SESSION_LIFE.total_seconds()))
    _forget(request, response, FORM_COOKIE, SIGN_IN)
    return response


@private.post("/sign-out")
async def sign_out(request: Request, who: Who, form: Form) -> Response:
    """Ends the session on the server, not only in the browser."""
    held = services(request)
    async with held.database.transaction() as session:
        await service.sign_out(session, held.clock.now(), who)
    response = RedirectResponse(SIGN_IN, status_code=303)
    _forget(request, response, SESSION_COOKIE, "/console")
    return response


@private.post("/language")
async def switch_language(request: Request, who: Who, form: Form) -> Response:
    """To the other language, on this page and for this person from now on."""
    async with services(request).database.transaction() as session:
        await service.set_language(session, who.staff.id, form.get("language", ""))
    return RedirectResponse(inside(form.get("next")), status_code=303)
