"""System programs that only the tests use: a browser, PostgreSQL, Redis and a Chinese font.

Standard library only: this runs before any environment exists.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from scripts.ground import Failure, say


def _has_browser() -> bool:
    return bool(shutil.which("chromium") or shutil.which("chromium-browser"))


def _has_postgresql() -> bool:
    return bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def _has_redis() -> bool:
    return bool(shutil.which("redis-server"))


def _has_chinese_font() -> bool:
    fonts = Path("/usr/share/fonts")
    return any(fonts.rglob("*CJK*")) or any(fonts.rglob("wqy*"))


NEEDED: dict[str, Callable[[], bool]] = {
    "chromium": _has_browser,
    "postgresql": _has_postgresql,
    "redis-server": _has_redis,
    "fonts-noto-cjk": _has_chinese_font,
}


def ensure() -> None:
    """Installs what is missing with apt where that is possible.

    Raises Failure naming the packages where it is not.
    """
    missing = [package for package, present in NEEDED.items() if not present()]
    if not missing:
        return
    names = " ".join(missing)
    by_hand = Failure(
        f"the tests need these system packages: {names} (on Debian: apt-get install {names})"
    )
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise by_hand
    say(f"  installing system packages: {names}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *missing]):
        answer = subprocess.run(
            ["apt-get", "-qq", *command],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if answer.returncode:
            for line in answer.stderr.splitlines()[-5:]:
                say(f"    {line}")
    if any(not NEEDED[package]() for package in missing):
        raise by_hand
