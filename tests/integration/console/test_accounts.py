"""Accounts: made from the command line and for the demo."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.database import Database
from backend.errors import ConflictError, InvalidError
from backend.models import Staff, StaffToken
from backend.settings import ROOT
from backend.staff import demo, service
from tests.conftest import NOW
from tests.integration.console.browser import PASSWORD, settings, staff

PEOPLE = """
staff:
  - {username: Lin, name: 林悦, role: consultant, language: zh}
  - {username: boss, name: Morgan Hale, role: admin, language: en}
"""


async def test_the_demo_accounts_share_one_random_password(
    database: Database, tmp_path: Path
) -> None:
    source = tmp_path / "dealership.yaml"
    source.write_text(PEOPLE, encoding="utf-8")
    configuration = settings(tmp_path / "var")
    assert demo.demo_sign_in(configuration) is None

    async with database.transaction() as session:
        assert await demo.ensure_demo(session, NOW, configuration, source) == ["lin", "boss"]
    found = demo.demo_sign_in(configuration)
    assert found is not None
    username, password = found
    assert username == "boss" and len(password) >= 16
    file = tmp_path / "var" / demo.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

    source.write_text(PEOPLE + "  - {username: new, name: 新来, role: manager}\n", encoding="utf-8")
    async with database.transaction() as session:
        assert await demo.ensure_demo(session, NOW, configuration, source) == ["new"]
        assert await demo.ensure_demo(session, NOW, configuration, source) == []
    assert demo.demo_sign_in(configuration) == found
    for name in ("lin", "boss", "NEW"):
        person, _ = await service.sign_in(
            database, NOW, username=name, password=password, address="203.0.113.5"
        )
        assert person.password_hash.startswith("$argon2id$")
    async with database.reading() as session:
        rows = {row.username: row for row in await session.scalars(select(Staff))}
    assert (rows["boss"].role, rows["boss"].language, rows["lin"].name) == ("admin", "en", "林悦")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_an_account_needs(database: Database) -> None:
    await staff(database, "lin")
    good = {"username": "wu", "name": "吴", "role": "manager", "password": PASSWORD}
    async with database.transaction() as session:
        for change in (
            {"username": "  "}, {"name": " "}, {"role": "king"}, {"password": "short"},
            {"password": "x" * 1001}, {"language": "fr"},
        ):  # fmt: skip
            with pytest.raises(InvalidError):
                await service.create(session, NOW, **{**good, **change})
        with pytest.raises(ConflictError):
            await service.create(session, NOW, **{**good, "username": "ＬＩＮ"})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_command_line(database: Database, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "CHEFU_VAR": str(tmp_path),
        "CHEFU_CHANNEL_SECRET": "c" * 40,
        "CHEFU_SESSION_SECRET": "s" * 40,
        "DATABASE_URL": database.url.replace("sqlite+aiosqlite", "sqlite"),
    }

    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "backend.staff", *arguments],
            cwd=ROOT, env=environment, input=given, capture_output=True, text=True, check=False,
        )  # fmt: skip

    token = run("token", "report")
    assert token.returncode == 0 and token.stdout.startswith("chefu_")
    added = run("add", "wu", "--name", "吴", "--role", "manager", given=f"{PASSWORD}\n")
    assert (added.returncode, added.stdout) == (0, "")
    again = run("add", "wu", "--name", "吴", "--role", "manager", given=f"{PASSWORD}\n")
    assert again.returncode == 1 and "taken" in again.stderr and "Traceback" not in again.stderr

    async with database.reading() as session:
        stored = (await session.scalars(select(StaffToken))).one()
    assert stored.token_hash == service.digest(token.stdout.strip())
    await service.sign_in(database, NOW, username="wu", password=PASSWORD, address="x")
