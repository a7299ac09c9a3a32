"""Configuration of the app side, from the environment or the `.env` that set-up generates."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent

MINIMUM_SECRET = 24
PLACEHOLDERS = ("changeme", "secret", "password", "placeholder", "example")


class Settings(BaseSettings):
    """Every setting has an environment variable `CHEFU_<NAME>`; `DATABASE_URL` goes without.

    Secrets have no default: the process refuses to start without them, or with a
    placeholder. Times are in seconds.
    """

    model_config = SettingsConfigDict(
        env_prefix="CHEFU_", env_file=ROOT / ".env", extra="ignore", frozen=True
    )

    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    var: Path = ROOT / "var"

    host: str = "127.0.0.1"
    port: int = 8000
    rasa_port: int = 5005
    rasa_urls: Annotated[list[str], NoDecode] = []
    """Where several Rasa processes listen; empty: the one at `rasa_port`."""
    actions_port: int = 5055

    channel_secret: SecretStr
    """Shared between backend and Rasa's channel: nobody else may talk to Rasa."""
    session_secret: SecretStr
    """Signs the console's cookies."""

    secure_cookies: bool = False
    """True behind HTTPS: cookies are then never sent in the clear."""
    public_url: str = ""
    """The address at which customers reach this process, `https://chat.example.com`; links in
    messages begin with it."""
    trusted_hosts: Annotated[list[str], NoDecode] = ["*"]
    widget_origins: Annotated[list[str], NoDecode] = []
    """Other origins, `https://www.example.com`, whose pages carry the widget."""
    turn_timeout: float = 20.0
    """One try of a turn at Rasa; below the life of Rasa's conversation lock (25 s)."""
    action_timeout: float = 10.0
    message_limit: int = 2000
    """Characters in one customer message."""
    contact_budget: int = 3
    """How often a week a customer is written to unasked; see `backend.conversations.outbox`."""

    @field_validator("trusted_hosts", "widget_origins", "rasa_urls", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return [part.strip() for part in value.split(",") if part.strip()]
        return value

    @field_validator("channel_secret", "session_secret")
    @classmethod
    def _no_placeholder(cls, value: SecretStr) -> SecretStr:
        text = value.get_secret_value()
        if len(text) < MINIMUM_SECRET or any(word in text.lower() for word in PLACEHOLDERS):
            raise ValueError(
                f"a secret must be random and at least {MINIMUM_SECRET} characters long; "
                "`make setup` generates one into .env"
            )
        return value

    @property
    def store_url(self) -> str:
        """SQLAlchemy URL with this side's driver; SQLite under `var` by default.

        `DATABASE_URL` names no driver because the two environments use different ones.
        """
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.var / 'chefu.db'}"
        scheme, separator, rest = self.database_url.partition("://")
        if not separator:
            raise ValueError("DATABASE_URL must look like postgresql://user@host/name")
        if scheme in ("postgresql", "postgres"):
            return f"postgresql+psycopg://{rest}"
        if scheme == "sqlite":
            return f"sqlite+aiosqlite://{rest}"
        raise ValueError("DATABASE_URL must start with postgresql:// or sqlite://")

    @property
    def base_url(self) -> str:
        """What links to ourselves begin with, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def catalogue_export(self) -> Path:
        """The catalogue as Rasa's side reads it."""
        return self.var / "catalogue.json"

    @property
    def rasa_addresses(self) -> list[str]:
        return self.rasa_urls or [f"http://127.0.0.1:{self.rasa_port}"]


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # type: ignore[call-arg]  # secrets come from the environment
