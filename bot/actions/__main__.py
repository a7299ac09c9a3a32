"""`python -m bot.actions`: the action server, on loopback only."""

import logging

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from backend import logs, memory
from backend.database import Database
from backend.services import Services
from backend.settings import get_settings
from bot.actions.base import configure
from values.clock import OffsetClock


def main() -> None:
    logs.configure()
    # The executor logs whole trackers below this level.
    logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
    settings = get_settings()
    configure(Services(Database(settings.store_url), OffsetClock.from_environment(), settings))
    executor = ActionExecutor()
    executor.register_package("bot.actions")
    app = create_app(executor, cors_origins=[])
    memory.settle()
    app.run(
        host="127.0.0.1",
        port=settings.actions_port,
        single_process=True,
        access_log=False,
        motd=False,
    )


if __name__ == "__main__":
    main()
