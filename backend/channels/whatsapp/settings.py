"""Settings of the WhatsApp channel, `CHEFU_WHATSAPP_…`."""

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints, model_validator
from pydantic_settings import BaseSettings

from backend.channels import configuring

Template = Annotated[str, StringConstraints(pattern=r"^([a-z0-9_]{1,512}(:[A-Za-z_]{2,15})?)?$")]
"""The name of an approved template, with `:` and its language code where that is not the usual."""
USUAL = {"zh": "zh_CN", "en": "en"}


class WhatsAppSettings(BaseSettings):
    """The channel is off while `phone_number_id` is empty."""

    model_config = configuring.config("CHEFU_WHATSAPP_")

    phone_number_id: str = Field(default="", pattern=r"^[0-9]{0,32}$")
    """Meta's id of the number, not the number."""
    access_token: SecretStr = SecretStr("")
    """Of a system user: one that does not expire."""
    app_secret: SecretStr = SecretStr("")
    """Signs the webhooks."""
    verify_token: SecretStr = SecretStr("")
    """Chosen by the dealership; Meta repeats it when the webhook is set up."""
    api_url: str = Field(default="https://graph.facebook.com/v21.0", pattern=r"^https?://[^/?#]+")

    template_reminder_zh: Template = ""
    template_reminder_en: Template = ""
    template_notice_zh: Template = ""
    template_notice_en: Template = ""

    @model_validator(mode="after")
    def _complete(self) -> "WhatsAppSettings":
        configuring.needed(self, "phone_number_id", "access_token", "app_secret", "verify_token")
        return self

    def template(self, category: str, language: str) -> tuple[str, str] | None:
        """Name and language code of the template for a category of messages, if there is one."""
        named = str(getattr(self, f"template_{category}_{language}", ""))
        name, _, code = named.partition(":")
        return (name, code or USUAL.get(language, language)) if name else None
