"""`make test`: set-up, checks, unit to browser tests, one summary.

Standard library only: this starts before any environment exists. Uses no service, no setting
and nothing of the developer's `var/`: the store, the logs and the results are in a temporary
folder; only the trained models are shared, named by what they were made from, and the page of
`make evaluate` is left in `results/`.
"""

import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from scripts import processes, training
from scripts.ground import APP, ASSISTANT, ROOT, Failure, fail, python_of, say
from scripts.setup import setup

ASSISTANT_TESTS = ("tests/unit/values", "tests/unit/bot_nlu", "tests/unit/channel")
APP_TESTS = ("tests/unit", "tests/integration", "tests/concurrency")
CONVERSATIONS = "tests/conversations"
LIVE_CONVERSATIONS = "tests/conversations/live"
LEAST_ACCURACY = 0.92
"""Share of held-back sentences whose intent must be found, in each language; below it a change
has hurt."""
MOST_FALSE = 0.04
"""Share of unrelated sentences, in each language, that may start business of the dealership."""


@dataclass
class Result:
    """How one step went. `passed` and `failed` count tests, where the step has any."""

    name: str
    good: bool
    seconds: float
    passed: int = 0
    failed: int = 0


@dataclass
class Suite:
    """The steps of one run, in order, with what they share."""

    folder: Path
    results: list[Result] = field(default_factory=list)
    running: subprocess.Popen[str] | None = None
    model: Path | None = None

    @property
    def var(self) -> Path:
        return self.folder / "var"

    def environment(self) -> dict[str, str]:
        """Without a setting of the person who started the tests."""
        base = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CHEFU_", "PYTEST_")) and name != "MAKEFLAGS"
        }
        base["DATABASE_URL"] = ""
        base["CHEFU_CHANNEL_SECRET"] = secrets.token_urlsafe(32)
        base["CHEFU_SESSION_SECRET"] = secrets.token_urlsafe(32)
        environment = processes.environment(base, processes.Addresses(), self.var, 0.0)
        if self.model is not None:
            environment["CHEFU_MODEL"] = str(self.model)
        return environment

    def step(self, name: str, work: Callable[[Result], bool]) -> bool:
        """Runs one step, timed; a Failure inside it is the step's own."""
        say(f"\n=== {name}")
        result = Result(name, good=False, seconds=0.0)
        started = time.monotonic()
        try:
            result.good = work(result)
        except Failure as error:
            fail(error)
        result.seconds = time.monotonic() - started
        self.results.append(result)
        say(f"--- {name}: {'ok' if result.good else 'FAILED'}, {result.seconds:.0f} s")
        return result.good

    def command(self, *command: str | Path, log: Path | None = None) -> int:
        """Runs a command to its end in a group of its own, which is killed if this is stopped.

        `log`: also gets everything that the command writes.
        """
        arguments = [str(part) for part in command]
        with subprocess.Popen(
            arguments, cwd=ROOT, env=self.environment(), text=True, errors="replace",
            start_new_session=True,
            stdout=subprocess.PIPE if log else None,
            stderr=subprocess.STDOUT if log else None,
        ) as process:  # fmt: skip
            self.running = process
            try:
                if log is not None and process.stdout is not None:
                    log.write_text(process.stdout.read())
                return process.wait()
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
            finally:
                self.running = None

    def pytest(
        self,
        side: Path,
        result: Result,
        *paths: str,
        ignore: tuple[str, ...] = (),
        beside: int = 1,
    ) -> bool:
        """Runs the test folders that hold tests, in the environment of one side; so many processes
        `beside` each other, each with whole files."""
        found = [path for path in paths if any((ROOT / path).rglob("test_*.py"))]
        if not found:
            raise Failure(f"no tests in {', '.join(paths)}")
        report = self.folder / f"{len(self.results)}.xml"
        status = self.command(
            python_of(side), "-m", "pytest", *found, f"--junitxml={report}", "--durations=5",
            f"--basetemp={self.folder / 'pytest'}", "-p", "no:cacheprovider",
            *(("-n", str(beside), "--dist", "loadfile") if beside > 1 else ()),
            *(f"--ignore={path}" for path in ignore),
        )  # fmt: skip
        if report.exists():
            result.passed, result.failed = counts(report.read_text())
        return status == 0


def counts(junit: str) -> tuple[int, int]:
    """Tests passed and failed in a JUnit report; errors are failures, skipped is neither."""
    passed = failed = 0
    for suite in ET.fromstring(junit).iter("testsuite"):  # noqa: S314 - our own file
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        failed += bad
        passed += int(suite.get("tests", 0)) - bad - int(suite.get("skipped", 0))
    return passed, failed


def conversation_counts(output: str) -> tuple[int, int]:
    """Conversations predicted rightly and wrongly, from what `rasa test core` writes."""
    # The line comes once for conversations and once for actions.
    level = re.search(r"CONVERSATION level:(.*?)Correct:\s+(\d+) / (\d+)", output, re.S)
    if level is None:
        return 0, 0
    right, total = int(level[2]), int(level[3])
    return right, total - right


def _rasa(suite: Suite, *arguments: str | Path) -> tuple[int, str]:
    log = suite.folder / "rasa.log"
    status = suite.command(python_of(ASSISTANT), "-m", "rasa", *arguments, log=log)
    return status, log.read_text()


def _domain() -> str:
    return "domain" if (ROOT / "domain").is_dir() else "domain.yml"


def _prepare(suite: Suite, _result: Result) -> bool:
    """An empty store of its own with the demo dealership, and its exported catalogue."""
    suite.var.mkdir()
    return suite.command(python_of(APP), "-m", "scripts.store") == 0


def _validate(suite: Suite, _result: Result) -> bool:
    status, output = _rasa(
        suite, "data", "validate", "--fail-on-warnings", "--domain", _domain(),
        "--data", "bot/data", "--config", "config.yml",
    )  # fmt: skip
    if status:
        say(output)
    return status == 0


def _train(suite: Suite, _result: Result) -> bool:
    suite.model = training.ensure_model(suite.var / "catalogue.json", suite.environment())
    return True


def _conversations(suite: Suite, result: Result) -> bool:
    if suite.model is None:
        raise Failure("there is no model to test")
    out = suite.folder / "conversations"
    # Without --fail-on-prediction-errors, which ends before it has written what was wrong.
    status, output = _rasa(
        suite, "test", "core", "--e2e", "--no-plot", "--stories", CONVERSATIONS,
        "--model", suite.model, "--out", out,
    )  # fmt: skip
    result.passed, result.failed = conversation_counts(output)
    if status or not result.passed:
        say(output[-4000:])
        return False
    if result.failed:
        say((out / "failed_test_stories.yml").read_text())
    return not result.failed


def _understanding(suite: Suite, result: Result) -> bool:
    """Measures on sentences that the model was not trained on, and the tests of its parts."""
    good = suite.command(
        python_of(APP), "-m", "scripts.evaluate",
        "--least", str(LEAST_ACCURACY), "--most-false", str(MOST_FALSE),
    )  # fmt: skip
    tests = any((ROOT / "tests/nlu").rglob("test_*.py"))
    return (not tests or suite.pytest(ASSISTANT, result, "tests/nlu")) and good == 0


def run(suite: Suite) -> bool:
    """All steps; those that cannot make sense after a failure are left out. True if all passed."""

    def setting_up(_result: Result) -> bool:
        setup(tests=True)
        return True

    if not suite.step("set-up", setting_up):
        return False
    suite.step("check", lambda _: suite.command(python_of(APP), "-m", "scripts.check") == 0)
    prepared = suite.step("demo store", lambda result: _prepare(suite, result))
    suite.step("unit tests, Rasa's side", lambda r: suite.pytest(ASSISTANT, r, *ASSISTANT_TESTS))
    suite.step(
        "unit, integration and concurrency tests",
        lambda r: suite.pytest(
            APP, r, *APP_TESTS, ignore=ASSISTANT_TESTS[1:], beside=min(os.cpu_count() or 1, 4)
        ),
    )
    if not prepared:
        return False
    suite.step("rasa data validate", lambda result: _validate(suite, result))
    if suite.step("training", lambda result: _train(suite, result)):
        suite.step("understanding", lambda result: _understanding(suite, result))
        suite.step("conversations", lambda result: _conversations(suite, result))
        suite.step("live conversations", lambda r: suite.pytest(APP, r, LIVE_CONVERSATIONS))
        suite.step("simulated customers", lambda r: suite.pytest(APP, r, "tests/simulation"))
        suite.step("the live system", lambda r: suite.pytest(APP, r, "tests/e2e"))
        suite.step("the system, ill-treated", lambda r: suite.pytest(APP, r, "tests/torture"))
    suite.step("the browser", lambda r: suite.pytest(APP, r, "tests/browser"))
    return all(result.good for result in suite.results)


def summary(results: list[Result]) -> str:
    """One line a step, then the sums."""
    lines = ["", "Summary"]
    for result in results:
        tests = f"{result.passed:5d} passed" if result.passed or result.failed else " " * 12
        lines.append(
            f"  {'ok  ' if result.good else 'FAIL'} {result.seconds:6.0f} s {tests}"
            f"{f', {result.failed} failed' if result.failed else ''}  {result.name}"
        )
    lines.append(f"  all  {sum(result.seconds for result in results):6.0f} s")
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    lines.append(f"\n{passed} passed, {failed} failed")
    return "\n".join(lines)


class _Stopped(BaseException):
    """SIGTERM: the commands that run are stopped and the folder is removed, as with Ctrl-C."""


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _Stopped


def main() -> int:
    signal.signal(signal.SIGTERM, _stop)
    folder = Path(tempfile.mkdtemp(prefix="chefu-test-"))
    # The database server of the tests runs as another user and must be able to enter.
    folder.chmod(0o711)
    suite = Suite(folder)
    try:
        good = run(suite)
    except (KeyboardInterrupt, _Stopped):
        return 130
    finally:
        if suite.results:
            say(summary(suite.results))
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
