"""WhatsApp, by Meta's Cloud API."""

from backend.channels import configuring
from backend.channels.whatsapp.channel import WhatsApp
from backend.channels.whatsapp.settings import WhatsAppSettings

__all__ = ["WhatsApp", "WhatsAppSettings", "configured"]


def configured() -> WhatsApp | None:
    """The channel as it is set up; None when it is off. Raises ValueError when it is incomplete."""
    settings = configuring.read(WhatsAppSettings)
    return WhatsApp(settings) if settings.phone_number_id else None
