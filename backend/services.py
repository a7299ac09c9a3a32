"""What every entry point of the backend works with; kept in `app.state.services`."""

from dataclasses import dataclass

from backend.clock import Clock
from backend.database import Database
from backend.settings import Settings


@dataclass(frozen=True)
class Services:
    """The store, the time and the configuration of this process."""

    database: Database
    clock: Clock
    settings: Settings
