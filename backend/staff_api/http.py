"""The edge of the staff API: tokens, and errors in one form."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from backend.errors import ChefuError, ForbiddenError, TooManyRequestsError, UnauthorizedError
from backend.models import StaffToken
from backend.services import Services
from backend.staff import tokens


def services(request: Request) -> Services:
    found: Services = request.app.state.services
    return found


async def token(request: Request) -> StaffToken:
    """Whoever reads must hold a valid token. Raises UnauthorizedError."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise UnauthorizedError("a bearer token is needed")
    async with services(request).database.reading() as session:
        return await tokens.check(session, secret.strip())


async def writer(held: Annotated[StaffToken, Depends(token)]) -> StaffToken:
    """For calls that change something. Raises ForbiddenError for a token that only reads."""
    if not held.may_write:
        raise ForbiddenError("this token only reads", code="read_only")
    return held


class ApiRoute(APIRoute):
    """Answers refusals as `{error: {code, message}}` and forbids storing personal data."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response = await handle(request)
            except ChefuError as error:
                response = _refusal(error)
            except RequestValidationError as error:
                response = _error(422, "invalid", _describe(error))
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Content-Type-Options"] = "nosniff"
            return response

        return answer


def _refusal(error: ChefuError) -> Response:
    response = _error(error.status, error.code, error.message)
    if isinstance(error, UnauthorizedError):
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyRequestsError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _error(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def _describe(error: RequestValidationError) -> str:
    """Names each wrong parameter; what was sent is not repeated."""
    return "; ".join(f"{problem['loc'][-1]}: {problem['msg']}" for problem in error.errors())
