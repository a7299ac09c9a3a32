"""Accounts of the demo dealership: one random password, made at the first start."""

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from backend.errors import InvalidError
from backend.settings import ROOT, Settings
from backend.staff import service

DEMO = ROOT / "demo" / "dealership.yaml"
FILE = "demo-sign-in.txt"
# No letters and digits that look alike: the password is read off a screen and typed.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 4


def demo_sign_in(settings: Settings) -> tuple[str, str] | None:
    """Username and password to show after the start, or None without demo accounts."""
    try:
        lines = (settings.var / FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    found = dict(line.split(": ", 1) for line in lines if ": " in line)
    if "username" not in found or "password" not in found:
        return None
    return found["username"], found["password"]


async def ensure_demo(
    session: AsyncSession, now: datetime, settings: Settings, source: Path = DEMO
) -> list[str]:
    """Creates the accounts of `staff:` in `source` that are missing; returns their usernames.

    All of them share one password, kept in a file that only the owner can read. Accounts
    that exist keep theirs. Raises InvalidError when the file lists no staff.
    """
    people = _people(source)
    missing = [person for person in people if not await service.find(session, person["username"])]
    if not missing:
        return []
    first = next((p for p in people if p.get("role") == "admin"), people[0])
    password = _password(settings, service.normal_username(first["username"]))
    for person in missing:
        await service.create(
            session,
            now,
            username=person["username"],
            name=person["name"],
            role=person["role"],
            language=person.get("language", "zh"),
            password=password,
        )
    return [service.normal_username(person["username"]) for person in missing]


def _people(source: Path) -> list[dict[str, Any]]:
    try:
        document = yaml.safe_load(source.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InvalidError(f"{source.name} is missing") from error
    people = document.get("staff") if isinstance(document, dict) else None
    if not people:
        raise InvalidError(f"{source.name}: lists no staff")
    return list(people)


def _password(settings: Settings, username: str) -> str:
    """The one in the file, or a new one put there before any account has it."""
    known = demo_sign_in(settings)
    if known:
        return known[1]
    password = "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(GROUPS)) for _ in range(GROUPS)
    )
    settings.var.mkdir(parents=True, exist_ok=True)
    target = settings.var / FILE
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"username: {username}\npassword: {password}\n")
    fresh.replace(target)
    return password
