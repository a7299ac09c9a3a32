"""The dealership's rules for complaints: who is told, and whose opening hours count."""

from datetime import date

import pytest
from pydantic import ValidationError

from backend.catalogue.schema import ComplaintRuleRow
from backend.models import ROLES

RULE = {
    "severity": "high", "unit": "working_minutes", "amount": 240, "source": "rules",
    "approved": "no", "valid_from": date(2026, 1, 1),
}  # fmt: skip


def test_what_is_left_out_is_as_ever() -> None:
    row = ComplaintRuleRow.model_validate(RULE)
    assert (row.escalate_to, row.hours) == (["manager", "admin"], "sales")


def test_roles_and_hours_as_they_are_written() -> None:
    given = {**RULE, "escalate_to": " | ".join(ROLES), "hours": "service"}
    row = ComplaintRuleRow.model_validate(given)
    assert (row.escalate_to, row.hours) == (list(ROLES), "service")


@pytest.mark.parametrize(
    "wrong", [{"escalate_to": "boss"}, {"escalate_to": []}, {"hours": "night"}]
)
def test_what_is_nobody_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ComplaintRuleRow.model_validate({**RULE, **wrong})
