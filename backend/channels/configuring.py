"""Settings of channels: read at the start, with errors that name a variable and never a value."""

from typing import TypeVar

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.settings import ROOT

Read = TypeVar("Read", bound=BaseSettings)


def config(prefix: str) -> SettingsConfigDict:
    """An empty variable counts as none; values stay out of errors."""
    return SettingsConfigDict(
        env_prefix=prefix, env_file=ROOT / ".env", env_ignore_empty=True, extra="ignore",
        frozen=True, hide_input_in_errors=True,
    )  # fmt: skip


def needed(settings: BaseSettings, switch: str, *names: str) -> None:
    """Raises ValueError that names all of `names` that are empty while `switch` is not."""
    prefix = settings.model_config.get("env_prefix", "")
    missing = [prefix + name.upper() for name in names if not _text(getattr(settings, name))]
    if _text(getattr(settings, switch)) and missing:
        raise ValueError(
            f"{prefix}{switch.upper()} switches this channel on; also needed: {', '.join(missing)}"
        )


def _text(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def read(kind: type[Read]) -> Read:
    """The settings of this process. Raises ValueError that says what is missing or wrong."""
    try:
        return kind()
    except ValidationError as error:
        prefix = kind.model_config.get("env_prefix", "")
        lines = []
        for one in error.errors(include_input=False, include_url=False, include_context=False):
            name = "".join(f"{prefix}{part}: ".upper() for part in one["loc"])
            lines.append(name + one["msg"].removeprefix("Value error, "))
        raise ValueError("; ".join(lines)) from None
