"""Shows the table of the simulation at the end of the run."""

import pytest
from _pytest.terminal import TerminalReporter


def pytest_terminal_summary(terminalreporter: TerminalReporter, config: pytest.Config) -> None:
    from tests.simulation.test_simulation import TABLE

    if TABLE in config.stash:
        terminalreporter.section("simulated customers")
        terminalreporter.write_line(config.stash[TABLE])
