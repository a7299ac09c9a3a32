"""Accounts and tokens from the command line: `python -m backend.staff --help`."""

import argparse
import asyncio
import getpass
import sys

from backend.clock import Clock
from backend.database import Database
from backend.errors import ChefuError
from backend.models import ROLES
from backend.settings import get_settings
from backend.staff import demo, service, tokens
from values.clock import OffsetClock


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m backend.staff", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    token = commands.add_parser("token", help="make a token for the staff API")
    token.add_argument("name", help="what it is for")
    token.add_argument("--write", action="store_true", help="it may change bookings too")
    add = commands.add_parser("add", help="add a member of staff; asks for the password")
    add.add_argument("username")
    add.add_argument("--name", required=True)
    add.add_argument("--role", required=True, choices=ROLES)
    add.add_argument("--language", default="zh", choices=service.LANGUAGES)
    commands.add_parser("ensure-demo", help="create the demo dealership's accounts")
    return parser.parse_args()


def _ask_password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Password: ")
    return sys.stdin.readline().rstrip("\r\n")


async def _run(arguments: argparse.Namespace, clock: Clock) -> None:
    settings = get_settings()
    database = Database(settings.store_url)
    password = _ask_password() if arguments.command == "add" else ""
    try:
        async with database.transaction() as session:
            if arguments.command == "token":
                _, secret = await tokens.create(
                    session,
                    clock.now(),
                    arguments.name,
                    actor="setup",
                    may_write=arguments.write,
                )
            elif arguments.command == "add":
                await service.create(
                    session,
                    clock.now(),
                    username=arguments.username,
                    name=arguments.name,
                    role=arguments.role,
                    language=arguments.language,
                    password=password,
                )
            else:
                await demo.ensure_demo(session, clock.now(), settings)
        # Shown only once it is stored.
        if arguments.command == "token":
            print(secret)
    finally:
        await database.dispose()


def main() -> int:
    """0, or 1 with the reason on standard error."""
    try:
        asyncio.run(_run(_arguments(), OffsetClock.from_environment()))
    except ChefuError as error:
        print(error.message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
