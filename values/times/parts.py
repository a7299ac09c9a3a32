"""The parts of a day and their windows."""

from __future__ import annotations

# Windows of the parts of a day: public name, first hour, end hour. Customers' "morning" is the part
# of it in which a dealership is awake; what is before dawn belongs to the date that was named.
PARTS: dict[str, tuple[str, int, int]] = {
    "small hours": ("night", 0, 5),
    "late night": ("night", 2, 5),
    "dawn": ("morning", 5, 7),
    "early": ("morning", 7, 9),
    "morning": ("morning", 8, 12),
    "noon": ("noon", 12, 14),
    "afternoon": ("afternoon", 13, 18),
    "evening": ("evening", 18, 22),
    "night": ("night", 20, 24),
}
