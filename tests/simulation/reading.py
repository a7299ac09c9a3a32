"""What a customer makes of a reply: which question is asked, by the texts of the domain."""

import re
from functools import cache
from typing import Any

import yaml

from tests.simulation.wording import ROOT

ASKED: dict[str, tuple[str, ...]] = {
    "model": (
        "utter_ask_test_drive_model", "utter_explain_test_drive_model", "utter_which_model",
        "utter_ask_service_model", "utter_explain_service_model", "utter_one_model_at_a_time",
    ),
    "no_car": ("utter_no_demo_car", "utter_refused_no_demo_car"),
    "time": (
        "utter_ask_test_drive_time", "utter_explain_test_drive_time", "utter_ask_service_time",
        "utter_explain_service_time", "utter_ask_hour", "utter_move_to_when",
    ),
    "other_time": (
        "utter_refused_past", "utter_refused_too_soon", "utter_refused_too_far",
        "utter_refused_closed", "utter_refused_taken", "utter_refused_own_conflict",
        "utter_day_is_full", "utter_no_such_day", "utter_no_free_time",
    ),
    "name": ("utter_ask_customer_name", "utter_explain_customer_name"),
    "phone": (
        "utter_ask_customer_phone", "utter_explain_customer_phone", "utter_phone_invalid",
    ),
    "items": ("utter_ask_service_items", "utter_explain_service_items", "utter_nothing_due"),
    "plate": ("utter_ask_service_plate", "utter_explain_service_plate"),
    "summary": ("utter_confirm_test_drive", "utter_confirm_service"),
    "yes_or_change": ("utter_explain_test_drive_confirmed", "utter_explain_service_confirmed"),
    "change": ("utter_what_to_change",),
    "booked": ("utter_test_drive_booked", "utter_service_booked"),
    "cancel": ("utter_confirm_cancel",),
    "cancelled": ("utter_booking_cancelled",),
    "move": ("utter_confirm_move",),
    "moved": ("utter_booking_moved",),
    "what_for": ("utter_time_for_what", "utter_visit_for_what"),
    "bookings": ("utter_bookings",),
    "unsure": ("utter_unsure", "utter_form_stuck", "utter_unsure_waiting"),
    "story": ("utter_ask_complaint_text", "utter_explain_complaint_text"),
    "contact": ("utter_ask_complaint_contact",),
    "lodged": ("utter_complaint_lodged",),
    "complained": ("utter_complaint_done", "utter_complaint_call_back"),
    "status": ("utter_complaint_due", "utter_complaint_late", "utter_complaint_over"),
    "person": (
        "utter_hand_over_open", "utter_hand_over_closed", "utter_hand_over_untimed",
        "utter_in_line_open", "utter_in_line_closed", "utter_in_line_untimed",
    ),
    "wishes": ("utter_ask_wishes",),
    "stopped": ("utter_stopped", "utter_nothing_to_stop"),
    "resume": ("utter_resume_test_drive_offer", "utter_resume_maintenance_offer"),
}  # fmt: skip

ALSO = {
    "items": {
        "model": r"车是哪款|on which car",
        "time": r"什么时候方便|哪天方便|几点方便|when would suit you|which day|what time on",
    },
    "model": {"time": r"什么时候方便|哪天方便|几点方便|when would suit you|which day|what time on"},
    "plate": {"name": r"姓名|your name", "phone": r"手机号|phone number"},
    "name": {"phone": r"手机号|phone number"},
}
"""What a question may ask for besides, and the words that do."""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    responses: dict[str, list[dict[str, Any]]] = yaml.safe_load((ROOT / "domain.yml").read_text())[
        "responses"
    ]
    found = []
    for question, names in ASKED.items():
        for name in names:
            # A text that a colleague has renamed is simply not recognised any more.
            for variation in responses.get(name, []):
                pieces = re.split(r"\{\w+\}", variation["text"].strip())
                found.append((question, re.compile(".*?".join(map(re.escape, pieces)), re.S)))
    return tuple(found)


def asks(heard: list[dict[str, Any]]) -> list[str]:
    """What the messages of a reply say or ask, the last first."""
    found = []
    for message in reversed(heard):
        text = str(message["text"]).strip()
        for question in [one for one, pattern in _patterns() if pattern.match(text)]:
            besides = ALSO.get(question, {}).items()
            found += [question, *(one for one, words in besides if re.search(words, text))]
    return found
