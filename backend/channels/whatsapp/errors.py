"""What the error codes of the Cloud API mean for a message.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes.
Meta advises to go by the code, not by the HTTP status.
"""

import logging

from backend.channels.base import AmbiguousError, FinalError, RetryableError, SendError

log = logging.getLogger(__name__)

WINDOW_CLOSED = 131047
MINUTE = 60.0

BUSY = (1, 2, 131000, 131016, 131057, 133004)
"""A fault of the platform's, or maintenance: the usual pauses."""
RATES = {
    4: MINUTE,  # calls of the app
    80007: 5 * MINUTE,  # messages of the business account
    130429: MINUTE / 2,  # throughput of the number
    131048: 30 * MINUTE,  # held back as spam
    131056: 10.0,  # to this one customer: one in six seconds
}
"""Too many, with the seconds to wait where the answer names none."""
SETUP = (0, 3, 10, 33, 190, 131005, 131042, 133010, *range(200, 300))
"""Token expired, a permission or the payment missing, the number not registered: somebody has to
set it right, and then the message can still go."""
SETUP_PAUSE = 15 * MINUTE
STATUS_PAUSE = 15.0
"""So long a message that may have arrived waits for the platform to tell that it did."""

MAYBE_DONE = (408, 504)
UNAUTHORIZED = 401
TOO_MANY = 429
SERVER_ERROR = 500


def word(code: int) -> str:
    """How a code is recorded."""
    return "window_closed" if code == WINDOW_CLOSED else str(code)


def error_of(status: int, code: int | None, retry_after: float | None = None) -> SendError:
    """The error for an answer with HTTP `status` and the API's `code`, if it has one."""
    if code in RATES or status == TOO_MANY:
        pause = retry_after or RATES.get(code or 0, MINUTE)
        return RetryableError(word(code or status), retry_after=pause)
    if code in SETUP or (code is None and status == UNAUTHORIZED):
        log.error(
            "WhatsApp refuses our calls (code %s): see to the access token, its permissions and "
            "the account in Meta's business settings",
            code if code is not None else status,
        )
        return RetryableError(word(code or status), retry_after=SETUP_PAUSE)
    if status in MAYBE_DONE:
        return AmbiguousError(str(status), retry_after=STATUS_PAUSE)
    if code in BUSY or (code is None and status >= SERVER_ERROR):
        return RetryableError(word(code or status), retry_after=retry_after)
    return FinalError(word(code if code is not None else status))
