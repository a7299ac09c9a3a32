"""The bodies that the staff API takes. Every value is checked where it is entered, so that a tool
is told of all mistakes at once, by field, as the console is."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

KEY = Field(min_length=1, max_length=64, pattern=r"^[!-~]+$")
"""Of the caller's choosing: the same key again is the same entry."""
TEXT = Field("", max_length=5000)


class Given(BaseModel):
    model_config = ConfigDict(extra="forbid")

    def plain(self) -> dict[str, str]:
        """The values as a form would send them."""
        values = {
            name: ",".join(value) if isinstance(value, list) else str(value)
            for name, value in self.model_dump(exclude={"key"}).items()
            if value is not None
        }
        return {name: value for name, value in values.items() if value}


class FromCustomer(Given):
    key: str = KEY
    source: str = "phone"
    """phone or walk_in."""
    name: str = TEXT
    """Needed of somebody who is new."""
    phone: str = TEXT
    language: str | None = None
    """zh or en; of a known customer his own if empty."""


class TestDriveIn(FromCustomer):
    __test__ = False

    model: str = TEXT
    starts_at: str = TEXT
    """ISO date and time; without an offset in the dealership's zone."""


class ServiceBookingIn(FromCustomer):
    items: list[str] = Field(default_factory=list, max_length=20)
    """Codes of the service menu."""
    model: str = TEXT
    plate: str = TEXT
    mileage_km: int | None = None
    note: str = TEXT
    starts_at: str = TEXT
    told_total: int | str | None = None
    """In fen, as the customer was told; `open` where the price needs an inspection."""


class ComplaintIn(FromCustomer):
    text: str = TEXT
    category: str = TEXT
    severity: str = TEXT


class RoadsideIn(FromCustomer):
    text: str = TEXT
    place: str = TEXT
    """Where the car stands, in words."""


class InquiryIn(FromCustomer):
    text: str = TEXT
    model: str = TEXT
    follow_up_at: str = TEXT
    assignee: int | None = None


class ComplaintActIn(Given):
    key: str = KEY
    staff_id: int | None = Field(None, ge=1, le=2**31 - 1)
    staff: int | None = Field(None, ge=1, le=2**31 - 1)
    """Of `assign`: to whom."""
    note: str = TEXT
    called: str = TEXT
    message: str = TEXT
    cause: str = TEXT
    remedy: str = TEXT
    result: str = TEXT
    reason: str = TEXT
    category: str = TEXT
    severity: str = TEXT


class InquiryOut(BaseModel):
    conversation_id: str
    task_id: int
    state: str


class RefusedBody(BaseModel):
    code: str
    message: str
    fields: dict[str, str] = Field(default_factory=dict)
    alternatives: list[str] = Field(default_factory=list)
    total: int | None = None
    items: list[Any] = Field(default_factory=list)


class RefusedOut(BaseModel):
    error: RefusedBody
