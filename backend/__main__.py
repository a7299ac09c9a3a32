"""`python -m backend`: the public process."""

import logging

import uvicorn

from backend import logs, memory
from backend.app import Server, create_app
from backend.database import Database
from backend.settings import get_settings
from values.clock import OffsetClock


def main() -> None:
    logs.configure()
    # httpx logs every call with its address.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    settings = get_settings()
    app = create_app(settings, Database(settings.store_url), OffsetClock.from_environment())
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=5,
        server_header=False,
        proxy_headers=True,
    )
    memory.settle()
    Server(app, config).run()


if __name__ == "__main__":
    main()
