"""Which browser packages a set-up installs, and when it leaves them alone."""

import json
from pathlib import Path

import pytest

from scripts import web_packages
from scripts.ground import ROOT, Failure
from tests.unit.tooling.test_environments import script


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lock, and an npm that notes how it was called."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "package-lock.json").write_text("{}")
    tools = tmp_path / "tools"
    script(tools / "node", "echo v22.1.0")
    script(tools / "npm", 'mkdir -p node_modules; echo "$@" >> calls.txt')
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    return folder


def calls(web: Path) -> list[str]:
    file = web / "calls.txt"
    return file.read_text().splitlines() if file.exists() else []


def test_only_tests_need_the_development_packages(web: Path) -> None:
    assert web_packages.ensure(web)
    assert not web_packages.ensure(web)
    assert web_packages.ensure(web, tests=True)
    assert not web_packages.ensure(web, tests=True)
    assert ["--omit=dev" in call for call in calls(web)] == [True, False]
    assert ["--include=dev" in call for call in calls(web)] == [False, True]


def test_what_tests_have_installed_stays_for_a_run(web: Path) -> None:
    web_packages.ensure(web, tests=True)
    assert not web_packages.ensure(web)
    (web / "package-lock.json").write_text('{"changed": true}')
    assert web_packages.ensure(web)
    assert ["--include=dev" in call for call in calls(web)] == [True, True]


def test_a_failed_installation_is_tried_again(web: Path, tmp_path: Path) -> None:
    script(tmp_path / "tools" / "npm", "echo 'npm error network timeout' >&2; exit 1")
    with pytest.raises(Failure):
        web_packages.ensure(web)
    script(tmp_path / "tools" / "npm", "mkdir -p node_modules")
    assert web_packages.ensure(web)


def test_what_is_served_is_no_development_package() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    development = {
        name.removeprefix("node_modules/") for name, each in packages.items() if each.get("dev")
    }
    assert development == {"axe-core"}
