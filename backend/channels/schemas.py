"""The customer chat API, version 1, as data."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

ClientId = Annotated[
    str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")
]
Opaque = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")
]


class NewConversation(BaseModel):
    locale: str | None = Field(default=None, max_length=35, pattern=r"^[A-Za-z0-9_-]*$")


class OpenedConversation(BaseModel):
    conversation_id: str
    token: str


class NewMessage(BaseModel):
    """Exactly one of `text` and `choice`; an `attachment` may stand alone or beside a text."""

    model_config = ConfigDict(strict=True)

    client_message_id: ClientId
    text: str | None = None
    choice: Opaque | None = None
    attachment: Opaque | None = None

    @model_validator(mode="after")
    def _something(self) -> "NewMessage":
        if self.text is not None and self.choice is not None:
            raise ValueError("a message has either a text or a choice")
        if self.text is None and self.choice is None and self.attachment is None:
            raise ValueError("a message has a text, a choice or an attachment")
        return self


class AcceptedMessage(BaseModel):
    message_id: str
    seq: int


class Button(BaseModel):
    choice: str
    title: str


class Fact(BaseModel):
    label: str
    value: str


class Card(BaseModel):
    title: str
    subtitle: str | None = None
    image: str | None = None
    facts: list[Fact] = []
    buttons: list[Button] | None = None


class ShownMessage(BaseModel):
    seq: int
    sender: str
    text: str
    buttons: list[Button] | None = None
    cards: list[Card] | None = None
    attachment: str | None = None
    sent_at: datetime


class Messages(BaseModel):
    messages: list[ShownMessage]
    typing: bool
    state: Literal["open", "closed"]
    """`closed` by staff; it opens again with the customer's next message."""


class OpenedAttachment(BaseModel):
    attachment_id: str


class NewRating(BaseModel):
    model_config = ConfigDict(strict=True)

    score: int = Field(ge=1, le=5)
    comment: str = Field(default="", max_length=2000)


class ErrorDetail(BaseModel):
    code: str
    message: str


class Error(BaseModel):
    error: ErrorDetail


ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": Error} for status in (401, 404, 409, 413, 422, 429)
}
