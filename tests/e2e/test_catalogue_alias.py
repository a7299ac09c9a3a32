"""A name that the catalogue learns while the system runs is understood soon, without a restart."""

import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from scripts.ground import APP, ROOT, python_of
from tests.e2e import demo
from tests.e2e.customer import Customer
from tests.system import RunningSystem

ALIAS = "岭上飞"
SOON = 10.0
"""Seconds after the import."""


def imported(system: RunningSystem, folder: Path) -> str:
    """Imports the folder into the running system as an administrator does; what it tells."""
    answer = subprocess.run(
        [str(python_of(APP)), "-m", "backend.catalogue", "import", str(folder)],
        cwd=ROOT, env=system.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def with_alias(folder: Path, model: str, alias: str) -> Path:
    """A copy of the demo dealership in which the model has another name."""
    shutil.copytree(demo.DEMO, folder)
    file = folder / "catalogue.yaml"
    content = yaml.safe_load(file.read_text())
    [row] = [row for row in content["models"] if row["code"] == model]
    row["aliases"] = [*row.get("aliases", []), alias]
    file.write_text(yaml.safe_dump(content, allow_unicode=True))
    return folder


def test_a_new_alias_is_understood_without_a_restart(
    system: RunningSystem, arrives: Callable[..., Customer], tmp_path: Path
) -> None:
    prices = set(demo.trim_prices("shanyu").values())
    question = f"{ALIAS}多少钱？"
    process = system.pid("rasa")
    assert demo.amounts(arrives().say(question)) != prices

    told = imported(system, with_alias(tmp_path / "demo", "shanyu", ALIAS))
    assert "aliases: 1 added" in told
    end = time.monotonic() + SOON
    try:
        while demo.amounts(arrives().say(question)) != prices:
            assert time.monotonic() < end, f"{ALIAS} was not understood within {SOON:.0f} s"
        assert system.pid("rasa") == process
    finally:
        # The other tests of this system have the demo dealership as it was.
        imported(system, demo.DEMO)
