"""The public process: wires services, channels, console and website into one application."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from socket import socket
from uuid import uuid4

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.staticfiles import StaticFiles
from sqlalchemy import select

from backend import console, edge
from backend.appointments import feedback, reminders  # noqa: F401  (word what falls due)
from backend.appointments.keeper import BookingKeeper
from backend.appointments.routes import router as calendar_router
from backend.channels import registry, web
from backend.channels.base import Channel
from backend.clock import Clock
from backend.complaints.escalation import EscalationKeeper
from backend.console.routes import router as console_router
from backend.conversations.assistant import Assistant
from backend.conversations.media import MediaKeeper
from backend.conversations.news import News
from backend.conversations.promises import PromiseKeeper
from backend.conversations.sender import Sender
from backend.conversations.signals import OUTBOX, Signals
from backend.conversations.turns import Turn, TurnRunner
from backend.database import Database
from backend.errors import UnavailableError
from backend.runtime import Runtime
from backend.settings import ROOT, Settings
from backend.site.routes import router as site_router
from backend.staff_api.routes import router as staff_router
from backend.staff_api.writing import router as staff_writing_router
from backend.workshop.plan_reminders import PlanReminders

OWN_HOSTS = ("127.0.0.1", "localhost")
"""The supervisor and tools on this machine ask by these names."""

log = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Serves the application; its streams and waiting reads end when the process is to stop.

    Uvicorn waits for open connections before it ends an application: a stream that waited for
    that end would use up the whole grace period, and then be cut off.
    """

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._runtime: Runtime = app.state.services

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        self._runtime.stopping.set()
        self._runtime.signals.send_all()
        await super().shutdown(sockets)


def create_app(
    settings: Settings,
    database: Database,
    clock: Clock,
    assistant: Turn | None = None,
    channels: Mapping[str, Channel] | None = None,
) -> FastAPI:
    """The application. `assistant` replaces Rasa and `channels` the configured ones in tests;
    nothing connects before start."""
    signals = Signals()
    # Of the leases in the store: another start of the same process is another holder.
    holder = uuid4().hex
    reached = registry.configured(database, clock) if channels is None else channels
    rasa = None
    if assistant is None:
        rasa = assistant = Assistant(
            settings.rasa_addresses,
            settings.channel_secret.get_secret_value(),
            settings.turn_timeout,
        )
    turns = TurnRunner(database, clock, assistant, holder)
    sender = Sender(database, clock, reached, holder=holder, budget=settings.contact_budget)
    media = MediaKeeper(database, clock, reached, settings.var / "attachments")
    news = News(database, signals)
    signals.listen(OUTBOX, sender.wake)
    database.on_change = signals.publish
    runtime = Runtime(database, clock, settings, signals, turns, sender, media)
    parts = (
        news,
        turns,
        sender,
        media,
        PromiseKeeper(database, clock),
        EscalationKeeper(database, clock),
        BookingKeeper(database, clock),
        PlanReminders(database, clock, settings.contact_budget),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        for part in parts:
            await part.start()
        yield
        runtime.stopping.set()
        for part in reversed(parts):
            await part.stop()
        for channel in reached.values():
            await channel.close()
        if rasa is not None:
            await rasa.close()
        await database.dispose()

    app = FastAPI(
        title="Chefu",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.services = runtime
    edge.install_errors(app)
    app.add_middleware(edge.SecurityHeaders)
    if settings.widget_origins:
        # Only for the widget on the dealership's own pages; the token is no cookie.
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.widget_origins,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After"],
        )
    app.add_middleware(
        TrustedHostMiddleware, allowed_hosts=[*settings.trusted_hosts, *OWN_HOSTS, settings.host]
    )
    app.add_middleware(edge.BodyLimit)

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> dict[str, str]:
        try:
            async with asyncio.timeout(5), database.reading() as session:
                await session.execute(select(1))
        except TimeoutError:
            raise UnavailableError("the store does not answer") from None
        return {"status": "ok"}

    app.include_router(web.router)
    for channel in reached.values():
        app.include_router(channel.router())
    # Before the reading one, which answers for every address that nothing else does.
    app.include_router(staff_writing_router)
    app.include_router(staff_router)
    app.include_router(calendar_router)
    app.include_router(console_router)
    console.mount_assets(app, ROOT / "web" / "node_modules")
    widget = StaticFiles(directory=ROOT / "web" / "widget")
    app.mount("/widget", GZipMiddleware(widget, minimum_size=500), name="widget")
    app.include_router(site_router)
    return app
