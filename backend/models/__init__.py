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
    OWNERS,
    SENDERS,
    TURNS,
    Attachment,
    Choice,
    Conversation,
    Message,
    Rating,
    Task,
)
from backend.models.customers import Customer, Vehicle
from backend.models.dealership import Dealership, OpeningHours, SpecialDay
from backend.models.facts import (
    FeeRule,
    FinancePlan,
    Price,
    Promotion,
    ServiceItem,
    ServicePrice,
    Statement,
    TrimFeature,
)
from backend.models.search import SearchEntry
from backend.models.staff import ROLES, Audit, SignInAttempt, Staff, StaffSession, StaffToken

__all__ = [
    "BODIES", "BOOKING_STATES", "CATEGORIES", "COMPLAINT_STATES", "ENERGIES", "OWNERS", "ROLES",
    "SENDERS", "SEVERITIES", "TURNS", "Alias", "Attachment", "Audit", "Base", "CatalogueVersion",
    "Certified", "Choice", "Complaint", "Conversation", "Counter", "Customer", "Dealership",
    "DemoCar", "Feature", "FeeRule", "FinancePlan", "Message", "Model", "Occupancy",
    "OpeningHours", "Price", "Promotion", "Rating", "SearchEntry", "ServiceBooking",
    "ServiceItem", "ServicePrice", "SignInAttempt", "SpecialDay", "Staff", "StaffSession", "StaffToken",
    "Statement", "Task", "TestDriveBooking", "Trim", "TrimFeature", "UtcDateTime", "Vehicle",
]  # fmt: skip
