"""The `.env` file: generated once with random secrets, never overwritten.

Standard library only: this runs before any environment exists.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from scripts.ground import ROOT

FILE = ROOT / ".env"
SECRETS = {
    "CHEFU_CHANNEL_SECRET": "Known to the backend and to Rasa's channel, to nobody else.",
    "CHEFU_SESSION_SECRET": "Signs the cookies of the staff console.",
}
HEADER = """\
# Settings of this installation. Written once by `make setup`; yours from then on.
# A variable of the same name in the environment wins over this file.
# Keep it private: whoever reads it can speak in a customer's name.
"""
CHOICES = """
# The website and the console listen here.
# CHEFU_HOST=127.0.0.1
# CHEFU_PORT=8000
# Inside this machine only.
# CHEFU_RASA_PORT=5005
# CHEFU_ACTIONS_PORT=5055

# Without it the store is SQLite in var/. No driver in the address.
# DATABASE_URL=postgresql://user:password@host:5432/chefu

# Behind HTTPS.
# CHEFU_SECURE_COOKIES=true

# Messaging channels, each on with its settings: see docs/channels.
# CHEFU_WECHAT_APP_ID=
# CHEFU_WECHAT_APP_SECRET=
# CHEFU_WECHAT_TOKEN=
# CHEFU_WECHAT_AES_KEY=
# CHEFU_WHATSAPP_PHONE_NUMBER_ID=
# CHEFU_WHATSAPP_ACCESS_TOKEN=
# CHEFU_WHATSAPP_APP_SECRET=
# CHEFU_WHATSAPP_VERIFY_TOKEN=
# CHEFU_TELEGRAM_BOT_TOKEN=
# CHEFU_TELEGRAM_SECRET_TOKEN=
"""


def parse(text: str) -> dict[str, str]:
    """The variables of a `.env` text; comments, `export` and matching quotes are taken off."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not equals or name.startswith("#"):
            continue
        value = value.strip()
        if value[:1] in ("'", '"') and value[-1:] == value[:1] and len(value) > 1:
            value = value[1:-1]
        else:
            value = value.partition(" #")[0].rstrip()
        values[name.strip()] = value
    return values


def load(environment: Mapping[str, str] | None = None, file: Path = FILE) -> dict[str, str]:
    """The environment with what only the file sets added to it."""
    given = os.environ if environment is None else environment
    return {**(parse(file.read_text()) if file.exists() else {}), **given}


def ensure(file: Path = FILE) -> bool:
    """Writes the file, readable by its owner alone, or adds a secret that is missing in it.

    Answers whether the file changed; values that are there stay.
    """
    text = file.read_text() if file.exists() else ""
    missing = [name for name in SECRETS if not parse(text).get(name)]
    if not missing:
        return False
    lines = "".join(
        f"\n# {SECRETS[name]}\n{name}={secrets.token_urlsafe(32)}\n" for name in missing
    )
    new = text.rstrip("\n") + "\n" + lines if text else HEADER + lines + CHOICES
    temporary = file.with_name(file.name + ".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        handle.write(new)
    temporary.replace(file)
    return True
