"""What staff ask for: search words, phones, days and the place where a page goes on."""

import base64
import binascii
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import phonenumbers

from backend.errors import InvalidError

LONGEST_SEARCH = 100
SEPARATORS = re.compile(r"[\s().\-·•]+")
PHONE_PART = re.compile(r"\+?\d{3,}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LARGEST_ID = 2**31 - 1


@dataclass(frozen=True)
class Filters:
    """Empty means: all. `phone` is E.164 and exact; `search` is any part of what a list
    searches. The period is in UTC; `until` is exclusive."""

    search: str = ""
    phone: str | None = None
    conversation_id: str | None = None
    state: str | None = None
    owner: str | None = None
    channel: str | None = None
    assignee_id: int | None = None
    """A member of staff whose tasks or conversations they are."""
    since: datetime | None = None
    until: datetime | None = None
    sort: str = "newest"
    now: datetime | None = None
    """For filters that compare with the present, such as `overdue`."""


def clean(text: str | None) -> str:
    """What was typed into a search field, without what no database accepts."""
    return (text or "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def search_forms(text: str) -> list[str]:
    """The spellings to look for: as typed, and with full-width forms made ordinary."""
    folded = unicodedata.normalize("NFKC", text)
    return [text] if folded == text else [text, folded]


def compact(text: str) -> str:
    """For plates and numbers: no spaces, dots or dashes between, letters large."""
    return SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def phone_part(text: str) -> str | None:
    """The digits to look for in phones, when what was typed can be part of one."""
    compacted = compact(text)
    return compacted.lstrip("+") if PHONE_PART.fullmatch(compacted) else None


def normal_phone(text: str) -> str:
    """E.164 of a whole phone number, Chinese unless it names its country.

    Raises InvalidError for what cannot be one. A `+` that a URL turned into a space is
    understood.
    """
    digits = compact(text).replace("(", "").replace(")", "")
    for candidate in (digits, f"+{digits}"):
        try:
            number = phonenumbers.parse(candidate, "CN")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise InvalidError("phone: not a phone number", code="invalid_phone")


def moment(text: str, zone: str, *, end: bool = False) -> datetime:
    """The UTC moment of an ISO date or datetime, in `zone` unless it names an offset.

    As the end of a period it includes what it names: a date the whole day, a datetime its
    own moment; the result is exclusive. Raises InvalidError.
    """
    text = text.strip()
    try:
        if DAY.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
            return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
        # A URL turns the plus of an offset into a space.
        whole, space, offset = text.rpartition(" ")
        if space and "T" in whole:
            text = f"{whole}+{offset}"
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(zone))
        return found.astimezone(UTC) + timedelta(microseconds=1 if end else 0)
    except (ValueError, OverflowError) as error:
        raise InvalidError("a date or datetime in ISO 8601 is needed") from error


@dataclass(frozen=True)
class Cursor:
    """The last row of a page: the next one holds what comes after it, newest first.

    It names a row and not a position, so rows that arrive meanwhile move nothing.
    """

    created_at: datetime
    id: int | str

    def encode(self) -> str:
        raw = json.dumps([self.created_at.astimezone(UTC).isoformat(), self.id])
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, kind: type[int] | type[str]) -> "Cursor":
        """Raises InvalidError for anything that `encode` did not make for this kind of list."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            at, row = json.loads(raw)
            created_at = datetime.fromisoformat(at)
            if created_at.tzinfo is None or type(row) is not kind:
                raise ValueError("not a cursor")
            if isinstance(row, int) and not 0 <= row <= LARGEST_ID:
                raise ValueError("not a row")
            if isinstance(row, str) and not row.isalnum():
                raise ValueError("not a row")
            return cls(created_at.astimezone(UTC), row)
        except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError) as error:
            raise InvalidError("cursor: unknown", code="invalid_cursor") from error
