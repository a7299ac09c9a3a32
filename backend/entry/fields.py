"""What staff fill in for a customer on the phone or in front of them, read and checked.

All mistakes are found at once, each beside its field, as codes that the console words.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from backend.conversations.text import clean
from backend.customers import service as customers
from backend.errors import InvalidError, TooLargeError
from backend.models import COMPLAINT_SOURCES
from values import phone as phones
from values import plate as plates

SOURCES = tuple(source for source in COMPLAINT_SOURCES if source != "chat")
LANGUAGES = ("zh", "en")
LONGEST_NAME = 60
LONGEST_TEXT = 2000
MOST_KM = 999_999


class FieldsError(InvalidError):
    """Nothing was entered. `fields`: what is wrong, by field."""

    def __init__(self, fields: dict[str, str]) -> None:
        named = "; ".join(f"{name}: {code}" for name, code in fields.items())
        super().__init__(named, code="invalid_fields")
        self.fields = fields


@dataclass(frozen=True)
class Caller:
    """The customer: known by the phone, or new. `phone` is empty where it was not needed."""

    name: str
    phone: str
    language: str
    source: str


@dataclass
class Reading:
    """Reads fields one by one and keeps what is wrong with them; `done` raises if anything is."""

    given: Mapping[str, str]
    zone: str
    wrong: dict[str, str] = field(default_factory=dict)

    def raw(self, name: str) -> str:
        return unicodedata.normalize("NFKC", self.given.get(name) or "").replace("\0", "").strip()

    def text(self, name: str, *, needed: bool = True, limit: int = LONGEST_TEXT) -> str:
        """Words, as they were written."""
        written = (self.given.get(name) or "").replace("\r\n", "\n")
        if not written.strip():
            if needed:
                self.wrong[name] = "missing"
            return ""
        try:
            return clean(written, limit)
        except TooLargeError:
            self.wrong[name] = "too_long"
        except InvalidError:
            self.wrong[name] = "missing"
        return ""

    def choice(self, name: str, known: tuple[str, ...], *, default: str | None = None) -> str:
        value = self.raw(name)
        if value in known:
            return value
        if not value and default is not None:
            return default
        self.wrong[name] = "missing" if not value else "unknown"
        return known[0]

    def phone(self, name: str = "phone", *, needed: bool = True) -> str | None:
        """E.164."""
        value = self.raw(name)
        if not value:
            if needed:
                self.wrong[name] = "missing"
            return None
        found = phones.find(value)
        if len(found) != 1 or not found[0].value["valid"]:
            self.wrong[name] = "not_a_phone"
            return None
        return str(found[0].value["number"])

    def moment(self, name: str) -> datetime:
        """One that is needed; where there is none `done` raises."""
        found = self.perhaps_moment(name)
        if found is None:
            self.wrong.setdefault(name, "missing")
        return found or datetime.min.replace(tzinfo=UTC)

    def perhaps_moment(self, name: str) -> datetime | None:
        """An ISO date with a time, on the dealership's wall unless it names an offset."""
        value = self.raw(name)
        if not value:
            return None
        try:
            found = datetime.fromisoformat(value.replace(" ", "T", 1))
        except ValueError:
            self.wrong[name] = "not_a_time"
            return None
        if len(value) <= len("2026-11-28"):
            self.wrong[name] = "not_a_time"
            return None
        return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(self.zone))

    def plate(self, name: str = "plate") -> str | None:
        value = self.raw(name)
        if not value:
            return None
        found = plates.find(value)
        if len(found) != 1:
            self.wrong[name] = "not_a_plate"
            return None
        read = found[0].value
        if not isinstance(read, dict) or not read["valid"]:
            self.wrong[name] = "not_a_plate"
            return None
        return str(read["plate"])

    def kilometres(self, name: str = "mileage_km") -> int | None:
        value = self.raw(name).replace(",", "").replace(" ", "")
        if not value:
            return None
        if not (value.isascii() and value.isdigit()) or int(value[:12]) > MOST_KM:
            self.wrong[name] = "not_a_mileage"
            return None
        return int(value)

    async def caller(
        self, session: AsyncSession, *, phone_needed: bool = True, name_needed: bool = True
    ) -> Caller:
        """With his phone a name is needed of somebody who is new; of one who is known, his
        language counts."""
        phone = self.phone(needed=phone_needed)
        known = await customers.by_phone(session, phone) if phone else None
        needed = phone_needed and name_needed and (known is None or not known.name)
        needed = needed and "phone" not in self.wrong
        name = self.text("name", needed=needed, limit=LONGEST_NAME)
        language = self.choice(
            "language", LANGUAGES, default=known.language if known else LANGUAGES[0]
        )
        return Caller(name, phone or "", language, self.choice("source", SOURCES, default="phone"))

    def done(self) -> None:
        """Raises FieldsError."""
        if self.wrong:
            raise FieldsError(self.wrong)
