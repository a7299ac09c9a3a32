"""The bodies of the staff API, version 1. Times are ISO 8601 with the dealership's offset,
money is in fen."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class Named(BaseModel):
    """Something of the catalogue, by its stable code."""

    code: str
    name_zh: str
    name_en: str


class CustomerBrief(BaseModel):
    id: int
    name: str
    phone: str | None
    """E.164."""


class DemoCarOut(BaseModel):
    plate: str
    colour: str
    colour_en: str


class ServiceCarOut(BaseModel):
    plate: str | None
    vin: str | None


class TestDriveOut(BaseModel):
    __test__ = False

    id: int
    number: str
    state: str
    """booked, done, cancelled or no_show."""
    model: Named
    trim: Named
    car: DemoCarOut
    starts_at: datetime
    ends_at: datetime
    customer: CustomerBrief
    conversation_id: str | None
    created_at: datetime


class ServiceItemOut(BaseModel):
    """One line as it was told to the customer, parts and labour in fen."""

    code: str | None = None
    name_zh: str | None = None
    name_en: str | None = None
    parts: int | None = None
    labour: int | None = None


class DiagnosisOut(BaseModel):
    """What a customer told of a fault and was told in turn: no finding, the technician decides."""

    symptoms: list[Named]
    codes: list[dict[str, Any]]
    """`code, name_zh, name_en, known`; an unknown code has no names."""
    answers: list[dict[str, Any]]
    """`question, zh, en, answer, answer_zh, answer_en, at`."""
    causes: list[Named]
    verdict: str
    """no_hurry, until_visit, unclear, short_way or stop."""
    visit: str
    """next_visit, this_week, today or now."""
    text: str
    updated_at: datetime


class ServiceBookingOut(BaseModel):
    id: int
    number: str
    state: str
    model: Named | None
    trim: Named | None
    car: ServiceCarOut
    plate: str | None
    mileage_km: int | None
    items: list[ServiceItemOut]
    price: int | None
    """In fen; null when the price needs an inspection first."""
    currency: str
    note: str
    diagnosis: DiagnosisOut | None = None
    starts_at: datetime
    ends_at: datetime
    customer: CustomerBrief
    conversation_id: str | None
    created_at: datetime


class RoadsideOut(BaseModel):
    id: int
    number: str
    state: str
    """open, in_progress, done or cancelled."""
    place: str
    """In the customer's words; empty until told."""
    phone: str | None
    text: str
    diagnosis: DiagnosisOut | None
    customer: CustomerBrief | None
    conversation_id: str | None
    created_at: datetime


class ComplaintOut(BaseModel):
    id: int
    number: str
    category: str
    severity: str
    state: str
    text: str
    contact_phone: str | None
    due_at: datetime
    overdue: bool
    """Nobody has answered the customer although its time has passed."""
    escalation: int
    """Up to which level it was escalated before its deadline; 0 once it is answered."""
    assignee: "AssigneeOut | None"
    source: str
    """chat, phone or walk_in."""
    customer: CustomerBrief | None
    conversation_id: str | None
    created_at: datetime


class AssigneeOut(BaseModel):
    id: int
    name: str


class ConversationOut(BaseModel):
    id: str
    channel: str
    state: str
    """open or closed."""
    owner: str
    """Who answers: assistant, waiting (for a person) or staff."""
    assignee: AssigneeOut | None
    language: str
    locale: str | None
    customer: CustomerBrief | None
    messages_count: int
    last_text: str
    created_at: datetime
    updated_at: datetime


class MessageOut(BaseModel):
    """`intent`, `confidence` and `entities` are what was understood of a customer's message."""

    id: str
    seq: int
    sender: str
    staff: AssigneeOut | None
    text: str
    sent_at: datetime
    channel: str
    language: str | None
    intent: str | None
    confidence: float | None
    entities: list[Any]
    ranking: list[Any]
    buttons: list[Any]
    cards: list[Any]
    attachment_id: str | None
    reply_to: str | None
    turn: str
    delivery: str


class ConversationDetailOut(ConversationOut):
    messages: list[MessageOut]


class VehicleOut(BaseModel):
    plate: str | None
    vin: str | None
    mileage_km: int | None


class CustomerOut(BaseModel):
    id: int
    name: str
    phone: str | None
    language: str
    vehicles: list[VehicleOut]
    created_at: datetime


class TestDrivePage(BaseModel):
    __test__ = False

    items: list[TestDriveOut]
    next: str | None
    """The cursor of the page that follows; null on the last one."""


class ServiceBookingPage(BaseModel):
    items: list[ServiceBookingOut]
    next: str | None


class RoadsidePage(BaseModel):
    items: list[RoadsideOut]
    next: str | None


class ComplaintPage(BaseModel):
    items: list[ComplaintOut]
    next: str | None


class ConversationPage(BaseModel):
    items: list[ConversationOut]
    next: str | None


class CustomerPage(BaseModel):
    items: list[CustomerOut]
    next: str | None


class ErrorBody(BaseModel):
    code: str
    message: str


class ErrorOut(BaseModel):
    error: ErrorBody


class RefusedBody(ErrorBody):
    """`code` is the rule that says no; `alternatives` are times that would be granted."""

    alternatives: list[datetime]


class RefusedOut(BaseModel):
    error: RefusedBody
