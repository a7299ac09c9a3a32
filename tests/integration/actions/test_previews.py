"""The console's preview of a fact is what the assistant then says, word for word."""

import pytest

from backend.catalogue import editing, preview
from backend.catalogue.dumping import read_facts
from backend.services import Services
from tests.integration.actions import demo
from tests.integration.actions.conftest import Opening
from tests.integration.actions.dialogue import Dialogue, mention

TRIM = "shanyu-15t-deluxe"
SHANYU = (mention("model", "shanyu"), mention("trim", TRIM))


async def previewed(services: Services, sheet: str, ref: str, language: str) -> str:
    async with services.database.reading() as session:
        raw = await read_facts(session, trim=TRIM)
    today = services.clock.now().date()
    for row in editing.periods(raw, sheet, ref):
        if editing.state_of(row, today) in ("valid", "expiring"):
            said = preview.say(sheet, row, raw, language, today)
            assert said
            return said
    raise AssertionError(f"nothing valid on {ref}")


async def answer(chat: Dialogue, intent: str, *entities: dict[str, object]) -> str:
    return "\n".join(said.text for said in await chat.says("?", intent, *entities))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("intent", "entities", "sheet", "ref"),
    [
        ("ask_price", SHANYU, "prices", TRIM),
        ("ask_config", (*SHANYU, mention("feature", "sunroof")), "feature_values",
         f"{TRIM}.sunroof"),
        ("ask_config", (*SHANYU, mention("feature", "length")), "feature_values",
         f"{TRIM}.length"),
        ("ask_config", (*SHANYU, mention("feature", "engine")), "feature_values",
         f"{TRIM}.engine"),
        ("ask_promotion", SHANYU[:1], "promotions", "shanyu-cash-2026-11"),
        ("ask_warranty", (), "statements", "warranty"),
        ("ask_finance", (), "finance_plans", demo.read("finance")["finance_plans"][0]["code"]),
    ],
)  # fmt: skip
async def test_as_previewed(
    start: Opening,
    services: Services,
    intent: str,
    entities: tuple[dict[str, object], ...],
    sheet: str,
    ref: str,
    language: str,
) -> None:
    chat = await start(language=language)
    text = await answer(chat, intent, *entities)
    for line in (await previewed(services, sheet, ref, language)).splitlines():
        if sheet == "finance_plans" and line.startswith(("（", "(")):
            # Several plans share one line on where they come from.
            continue
        assert line in text
