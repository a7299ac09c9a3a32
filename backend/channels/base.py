"""What every messaging channel is to the rest of the backend: send, fetch, and its limits."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from fastapi import APIRouter


@dataclass(frozen=True)
class Part:
    """One message of the transcript. `buttons` are (choice, title); `cards` as in the chat API."""

    text: str
    sender: str = "assistant"
    buttons: tuple[tuple[str, str], ...] = ()
    cards: tuple[dict[str, object], ...] = ()


@dataclass(frozen=True)
class Outgoing:
    """What leaves in one call to the platform: one message, or several merged ones.

    `key` stays the same over all tries, for platforms that know such a thing. `answers` is the
    platform's id of the customer's message that it answers. `outside`: the window for free
    answers has closed, or the quota is used up; only what the platform offers for that case may
    be sent.
    """

    address: str
    parts: tuple[Part, ...]
    category: str
    language: str
    key: str
    answers: str | None = None
    outside: bool = False


@dataclass(frozen=True)
class Limits:
    """What the platform allows after a customer's message: for how long, and how many calls."""

    window: timedelta | None = None
    quota: int | None = None


class SendError(Exception):
    """A message did not leave. `code` is the platform's, or a word of ours; no customer data."""

    def __init__(self, code: str, *, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after
        """Seconds that the platform asks to wait."""


class RetryableError(SendError):
    """It certainly did not arrive, and may the next time: busy, unreachable, token expired."""


class FinalError(SendError):
    """It will never arrive: window closed, quota used up, blocked, refused."""


class UnreachableError(FinalError):
    """The customer has blocked the dealership or left: nothing arrives until he writes again."""


class AmbiguousError(SendError):
    """Nobody knows whether it arrived: the connection broke after it was sent."""


class Channel(Protocol):
    """One messaging platform. Kept as one object for the life of the process."""

    name: str
    limits: Limits
    most_merged: int
    """How many answers to one message may leave in one call."""

    def router(self) -> APIRouter:
        """Its webhooks. They verify, store, acknowledge; a handler takes the running backend
        with `Depends(runtime)`."""
        ...

    async def send(self, outgoing: Outgoing) -> str | None:
        """Sends; the platform's id of the message, if it tells one. Raises SendError."""
        ...

    async def fetch(self, ref: str) -> bytes:
        """A picture or recording that a customer sent. Raises SendError."""
        ...

    async def close(self) -> None:
        """Ends its connections."""
        ...
