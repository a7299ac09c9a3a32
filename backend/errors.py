"""Errors that mean something to a caller, each with the HTTP status it becomes at the edge."""


class ChefuError(Exception):
    """A refused request: changes nothing, and its message may be shown to whoever asked.

    `code` is stable and machine-readable; `status` is the HTTP status at the boundary.
    """

    code = "error"
    status = 500

    def __init__(self, message: str = "", *, code: str | None = None) -> None:
        super().__init__(message or self.code)
        self.message = message or self.code
        if code is not None:
            self.code = code


class InvalidError(ChefuError):
    code = "invalid"
    status = 422


class UnauthorizedError(ChefuError):
    code = "unauthorized"
    status = 401


class ForbiddenError(ChefuError):
    code = "forbidden"
    status = 403


class NotFoundError(ChefuError):
    code = "not_found"
    status = 404


class ConflictError(ChefuError):
    code = "conflict"
    status = 409


class TooLargeError(ChefuError):
    code = "too_large"
    status = 413


class UnavailableError(ChefuError):
    """The store cannot be reached; `retry_after`: seconds until the next try has a chance."""

    code = "unavailable"
    status = 503

    def __init__(self, message: str = "", *, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TooManyRequestsError(ChefuError):
    """`retry_after`: seconds until the next try has a chance."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message: str = "", *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after
