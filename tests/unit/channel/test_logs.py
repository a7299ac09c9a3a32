import io
import logging

import pytest

from bot.logs import MaskNumbers, masked


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("call 13800000001", "call [number]"),
        ('"phone": "+8613800000001"', '"phone": "+[number]"'),
        ("\\u7535\\u8bdd13800000001", "\\u7535\\u8bdd[number]"),
        ("138 0000 0001", "[number]"),
        ("138-0000-0001", "[number]"),
        ("2026-11-25 10:00:00 took 12345 us", "2026-11-25 10:00:00 took 12345 us"),
    ],
)
def test_numbers_are_masked(text: str, safe: str) -> None:
    assert masked(text) == safe


def test_a_handler_masks_arguments_and_tracebacks() -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(MaskNumbers())
    logger = logging.getLogger("a test of masking")
    logger.addHandler(handler)
    try:
        raise ValueError("no slot for 13800000001")
    except ValueError:
        logger.exception("Failed with %s", {"phone": "13800000001"})
    finally:
        logger.removeHandler(handler)
    assert "[number]" in written.getvalue()
    assert "ValueError" in written.getvalue()
    assert "13800000001" not in written.getvalue()
