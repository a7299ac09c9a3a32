"""All tables. Importing this package registers every one of them with `Base.metadata`."""

from backend.models.appointments import (
    BOOKING_STATES,
    Counter,
    DemoCar,
    Occupancy,
    ServiceBooking,
    TestDriveBooking,
)
from backend.models.base import Base, Certified, UtcDateTime
from backend.models.catalogue import BODIES, ENERGIES, Alias, CatalogueVersion, Feature, Model, Trim
from backend.models.complaints import CATEGORIES, COMPLAINT_STATES, SEVERITIES, Complaint
from backend.models.conversations import (
    DELIVERIES,
    OWNERS,
    SENDERS,
    TASK_STATES,
    TURNS,
    Attachment,
    CannedReply,
    Choice,
    Conversation,
    Message,
    Note,
    Rating,
    Task,
)
from backend.models.customers import Customer, Vehicle
from backend.models.dealership import Dealership, OpeningHours, SpecialDay
from backend.models.delivery import OUTBOX_STATES, ChannelValue, Media, Outbox
from backend.models.facts import (
    FeeRule,
    FinancePlan,
    Price,
    Promotion,
    ServiceItem,
    ServicePrice,
    Statement,
    TradeInRange,
    TrimFeature,
)
from backend.models.search import SearchEntry
from backend.models.staff import ROLES, Audit, SignInAttempt, Staff, StaffSession, StaffToken

__all__ = [
    "BODIES", "BOOKING_STATES", "CATEGORIES", "COMPLAINT_STATES", "DELIVERIES", "ENERGIES",
    "OUTBOX_STATES", "OWNERS", "ROLES", "SENDERS", "SEVERITIES", "TASK_STATES", "TURNS", "Alias",
    "Attachment", "Audit", "Base", "CannedReply", "CatalogueVersion", "Certified",
    "ChannelValue", "Choice", "Complaint", "Conversation", "Counter", "Customer", "Dealership",
    "DemoCar", "Feature", "FeeRule", "FinancePlan", "Media", "Message", "Model", "Note",
    "Occupancy", "OpeningHours", "Outbox", "Price", "Promotion", "Rating", "SearchEntry",
    "ServiceBooking", "ServiceItem", "ServicePrice", "SignInAttempt", "SpecialDay", "Staff",
    "StaffSession", "StaffToken", "Statement", "Task", "TestDriveBooking", "TradeInRange", "Trim",
    "TrimFeature", "UtcDateTime", "Vehicle",
]  # fmt: skip
