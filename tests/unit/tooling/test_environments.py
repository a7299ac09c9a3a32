"""Finding interpreters and telling why an installation failed."""

import sys
from pathlib import Path

import pytest

from scripts import environments
from scripts.environments import Environment, find_python, likely_reason, runs
from scripts.ground import REQUIREMENTS, Failure

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def script(path: Path, body: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_an_interpreter_counts_only_with_the_right_version(tmp_path: Path) -> None:
    assert runs(Path(sys.executable))
    assert runs(Path(sys.executable), HERE)
    assert not runs(Path(sys.executable), "3.9")
    assert not runs(tmp_path / "absent")


def test_a_shim_that_does_not_run_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path / "path" / "python9.9", "echo 'command not found' >&2; exit 127")
    found = script(tmp_path / "uv-made" / "python9.9", "echo 9.9")
    uv = script(tmp_path / "uv", f'[ "$2" = find ] && echo {found}')
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "no-pyenv"))
    assert find_python(str(uv), "9.9") == found


def test_pyenv_gives_its_newest_patch_release_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for patch in ("9.9.2", "9.9.10", "9.8.30"):
        script(tmp_path / "versions" / patch / "bin" / "python9.9", "echo 9.9")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    found = find_python("no-uv-needed", "9.9")
    assert found == tmp_path / "versions" / "9.9.10" / "bin" / "python9.9"


def test_python_that_cannot_be_fetched_is_named_with_a_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = script(
        tmp_path / "uv",
        '[ "$2" = find ] && exit 2\necho "error: error sending request for url" >&2; exit 1',
    )
    monkeypatch.setenv("PATH", f"{tmp_path / 'nothing'}:/usr/bin:/bin")
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    with pytest.raises(Failure, match=r"Python 9\.9.*cannot be reached.*pyenv install 9\.9"):
        find_python(str(uv), "9.9")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("error: failed to write: No space left on device (os error 28)", "disk is full"),
        ("error: Failed to fetch: `https://example.test/x`", "cannot be reached"),
        ("  Caused by: dns error: failed to lookup address", "cannot be reached"),
        ("error: Hash mismatch for `x==1`", "locked hash"),
        ("error: Permission denied (os error 13)", "cannot be written"),
    ],
)
def test_known_failures_have_one_helpful_line(line: str, reason: str) -> None:
    found = likely_reason(["Resolved 3 packages", line])
    assert found is not None
    assert reason in found
    assert "\n" not in found


def test_an_unknown_failure_is_not_explained_away() -> None:
    assert likely_reason(["error: something new"]) is None


class Installation:
    """Stands for uv: remembers what it was asked to install."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.locks: list[str] = []
        self.broken = False
        monkeypatch.setattr(environments, "install", self.install)
        monkeypatch.setattr(environments, "find_uv", lambda: "uv")
        monkeypatch.setattr(environments, "runs", lambda *_: True)

    def install(self, _uv: str, _folder: Path, lock: Path, *, exact: bool) -> None:
        assert exact
        if self.broken:
            raise Failure("no network")
        self.locks.append(lock.name)


def test_a_lock_is_installed_once_and_again_when_its_content_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path)
    (tmp_path / "app.txt").write_text("one==1")
    side = Environment(tmp_path, "app.txt", "development.txt", "")
    installation = Installation(monkeypatch)
    assert environments.ensure(side, tests=False)
    assert not environments.ensure(side, tests=False)
    (tmp_path / "app.txt").write_text("one==2")
    assert environments.ensure(side, tests=False)
    assert installation.locks == ["app.txt", "app.txt"]


def test_what_tests_need_stays_when_the_system_is_run_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = Environment(tmp_path, "app.txt", "development.txt", "")
    installation = Installation(monkeypatch)
    assert environments.ensure(side, tests=False)
    assert environments.ensure(side, tests=True)
    assert not environments.ensure(side, tests=False)
    assert installation.locks == ["app.txt", "development.txt"]


def test_an_installation_that_failed_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = Environment(tmp_path, "app.txt", "development.txt", "")
    installation = Installation(monkeypatch)
    environments.ensure(side, tests=False)
    installation.broken = True
    with pytest.raises(Failure):
        environments.ensure(side, tests=True)
    installation.broken = False
    assert environments.ensure(side, tests=False)


def test_every_lock_of_the_set_up_exists() -> None:
    for side in environments.SIDES:
        assert (REQUIREMENTS / side.lock).exists()
        assert (REQUIREMENTS / side.full).exists()
