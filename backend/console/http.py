"""The edge of the console: who is here, safe forms, headers, refusals as pages."""

import hashlib
import hmac
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from backend.console.board import board
from backend.console.view import render, services
from backend.errors import (
    ChefuError,
    ForbiddenError,
    InvalidError,
    TooLargeError,
    TooManyRequestsError,
    UnauthorizedError,
)
from backend.staff import queries, service
from backend.staff.service import SignedIn

SESSION_COOKIE = "chefu_session"
HOME = "/console/conversations"
SIGN_IN = "/console/sign-in"
EXPLAINED = ("not_found", "forbidden", "csrf", "managers_only", "own_edit")
EDITORS = ("manager", "admin")
LARGEST_FORM = 64 * 1024
Handler = TypeVar("Handler", bound=Callable[..., Any])
HEADERS = {
    # Pictures of forms and icons in the style sheet are data: URLs.
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


async def signed_in(request: Request) -> SignedIn:
    """Every page but the sign-in depends on this. Raises UnauthorizedError."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    if not secret:
        raise UnauthorizedError("please sign in")
    held = services(request)
    used = not getattr(request.scope.get("endpoint"), "by_itself", False)
    who = await service.signed_in(held.database, held.clock.now(), secret, renew=used)
    async with held.database.reading() as session:
        request.state.place = await queries.place(session)
    request.state.counts = await board(request).counts()
    request.state.who = who
    request.state.csrf = csrf_token(request, secret)
    return who


def asked_by_itself(handler: Handler) -> Handler:
    """Marks what an open page asks without anybody's doing: it does not prolong the session."""
    handler.by_itself = True  # type: ignore[attr-defined]
    return handler


async def administrator(who: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
    """Raises ForbiddenError for everybody else."""
    if who.staff.role != "admin":
        raise ForbiddenError("administrators only")
    return who


async def editor(who: Annotated[SignedIn, Depends(signed_in)]) -> SignedIn:
    """Who may change what all colleagues use. Raises ForbiddenError for everybody else."""
    if who.staff.role not in EDITORS:
        raise ForbiddenError("managers and administrators only", code="managers_only")
    return who


Who = Annotated[SignedIn, Depends(signed_in)]
Administrator = Annotated[SignedIn, Depends(administrator)]
Editor = Annotated[SignedIn, Depends(editor)]


def csrf_token(request: Request, secret: str) -> str:
    """Belongs to the session and to nothing that another site can read."""
    key = services(request).settings.session_secret.get_secret_value()
    return hmac.new(key.encode(), f"csrf:{secret}".encode(), hashlib.sha256).hexdigest()


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a small form; of a repeated field the last. Raises TooLargeError."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise TooLargeError("the form is too large")
    try:
        fields = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=50)
    except ValueError as error:
        raise InvalidError("not a form") from error
    return dict(fields)


async def checked_form(request: Request) -> dict[str, str]:
    """The form of someone signed in, sent from our own page. Raises ForbiddenError."""
    form = await read_form(request)
    check_csrf(request, form.pop("csrf", ""))
    return form


def check_csrf(request: Request, sent: str) -> None:
    """Raises ForbiddenError unless the form was sent from our own page."""
    if not hmac.compare_digest(sent.encode(), request.state.csrf.encode()):
        raise ForbiddenError("the page is out of date; load it again", code="csrf")


Form = Annotated[dict[str, str], Depends(checked_form)]


def set_session_cookie(request: Request, response: Response, secret: str, life: int) -> None:
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=life,
        path="/console",
        httponly=True,
        samesite="lax",
        secure=services(request).settings.secure_cookies,
    )


def inside(target: str | None) -> str:
    """`target` when it is a page of the console, else the first page: never another site."""
    if not target or not target.startswith("/console/") or "\\" in target or "//" in target:
        return HOME
    return target if target.isprintable() else HOME


class ConsoleRoute(APIRoute):
    """Puts the safety headers on every answer and turns refusals into pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response = await handle(request)
                _renew(request, response)
            except UnauthorizedError:
                response = _to_sign_in(request)
            except ChefuError as error:
                response = refusal(request, error)
            except RequestValidationError:
                response = refusal(request, InvalidError("the address is not understood"))
            for name, value in HEADERS.items():
                response.headers[name] = value
            return response

        return answer


def _renew(request: Request, response: Response) -> None:
    who: SignedIn | None = getattr(request.state, "who", None)
    secret = request.cookies.get(SESSION_COOKIE)
    # A page that sets the cookie itself, as signing out does, has the last word.
    if who and who.renewed and secret and "set-cookie" not in response.headers:
        left = who.expires_at - services(request).clock.now()
        set_session_cookie(request, response, secret, int(left.total_seconds()))


def _to_sign_in(request: Request) -> Response:
    """Back to the page afterwards, if it was one to look at."""
    page = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    known = request.method == "GET" and page not in (HOME, "/console", "/console/")
    target = f"{SIGN_IN}?{urlencode({'next': page})}" if known else SIGN_IN
    if request.headers.get("hx-request"):
        # htmx would put the sign-in page into the middle of the old one.
        return Response(status_code=401, headers={"HX-Redirect": target})
    return RedirectResponse(target, status_code=303)


def refusal(request: Request, error: ChefuError) -> Response:
    """The page that says why not, in the reader's language."""
    response = render(
        request,
        "refused.html",
        {"message_key": f"refused.{error.code if error.code in EXPLAINED else 'other'}"},
        status=error.status,
    )
    if isinstance(error, TooManyRequestsError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response
