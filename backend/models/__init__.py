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
from backend.models.bookings import (
    FEEDBACK_STEPS,
    NEXT_STEPS,
    BookingClaim,
    CalendarEntry,
    DemoCarCheck,
    DriveFeedback,
)
from backend.models.catalogue import BODIES, ENERGIES, Alias, CatalogueVersion, Feature, Model, Trim
from backend.models.complaints import (
    CATEGORIES,
    COMPLAINT_EVENTS,
    COMPLAINT_SOURCES,
    COMPLAINT_STATES,
    SEVERITIES,
    TERM_UNITS,
    Complaint,
    ComplaintCase,
    ComplaintEvent,
    ComplaintRule,
)
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
from backend.models.diagnosis import (
    DRIVES,
    ROADSIDE_STATES,
    VERDICTS,
    VISITS,
    Diagnosis,
    DiagnosisAdvice,
    DiagnosisCause,
    DiagnosisQuestion,
    RoadsideRequest,
    Symptom,
    TroubleCode,
)
from backend.models.facts import (
    FeeRule,
    FinancePlan,
    Price,
    Promotion,
    ServiceInterval,
    ServiceItem,
    ServicePrice,
    Statement,
    TradeInRange,
    TrimFeature,
)
from backend.models.search import SearchEntry
from backend.models.staff import ROLES, Audit, SignInAttempt, Staff, StaffSession, StaffToken
from backend.models.upkeep import (
    CHANGE_STATES,
    CatalogueUpload,
    FactChange,
    FactWithdrawal,
    TaskResult,
)
from backend.models.workshop import MileageReading, PlanConsent, ServiceVisit, Technician

__all__ = [
    "BODIES", "BOOKING_STATES", "CATEGORIES", "CHANGE_STATES", "COMPLAINT_EVENTS",
    "COMPLAINT_SOURCES", "COMPLAINT_STATES", "DELIVERIES", "DRIVES", "ENERGIES",
    "FEEDBACK_STEPS", "NEXT_STEPS", "OUTBOX_STATES", "OWNERS", "ROADSIDE_STATES", "ROLES",
    "SENDERS", "SEVERITIES", "TASK_STATES", "TERM_UNITS", "TURNS", "VERDICTS", "VISITS",
    "Alias", "Attachment", "Audit", "Base", "BookingClaim", "CalendarEntry", "CannedReply",
    "CatalogueUpload", "CatalogueVersion", "Certified", "ChannelValue", "Choice", "Complaint",
    "ComplaintCase", "ComplaintEvent", "ComplaintRule", "Conversation", "Counter", "Customer",
    "Dealership", "DemoCar", "DemoCarCheck", "Diagnosis", "DiagnosisAdvice", "DiagnosisCause",
    "DiagnosisQuestion", "DriveFeedback", "FactChange", "FactWithdrawal", "Feature", "FeeRule",
    "FinancePlan", "Media", "Message", "MileageReading", "Model", "Note", "Occupancy",
    "OpeningHours", "Outbox", "PlanConsent", "Price", "Promotion", "Rating", "RoadsideRequest",
    "SearchEntry", "ServiceBooking", "ServiceInterval", "ServiceItem", "ServicePrice",
    "ServiceVisit", "SignInAttempt", "SpecialDay", "Staff", "StaffSession", "StaffToken",
    "Statement", "Symptom", "Task", "TaskResult", "Technician", "TestDriveBooking",
    "TradeInRange", "Trim", "TrimFeature", "TroubleCode", "UtcDateTime", "Vehicle",
]  # fmt: skip
