"""How results of tests are counted and summed up."""

from scripts.test import Result, conversation_counts, counts, summary

JUNIT = """<testsuites>
<testsuite tests="7" failures="1" errors="1" skipped="2"/>
<testsuite tests="3" failures="0" errors="0" skipped="0"/>
</testsuites>"""

RASA = """INFO  - Evaluation Results on CONVERSATION level:
INFO  - \tCorrect:          9 / 12
INFO  - Evaluation Results on ACTION level:
INFO  - \tCorrect:          40 / 44
"""


def test_errors_count_as_failed_and_skipped_as_neither() -> None:
    assert counts(JUNIT) == (6, 2)


def test_conversations_are_counted_not_actions() -> None:
    assert conversation_counts(RASA) == (9, 3)
    assert conversation_counts("nothing was evaluated") == (0, 0)


def test_the_summary_sums_tests_and_seconds() -> None:
    text = summary(
        [
            Result("check", True, 30.0),
            Result("unit", True, 60.4, 100),
            Result("live", False, 9, 5, 2),
        ]
    )
    assert text.splitlines()[-1] == "105 passed, 2 failed"
    assert "FAIL      9 s     5 passed, 2 failed  live" in text
    assert "  all      99 s" in text
