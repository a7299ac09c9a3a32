"""Calls to WeChat's API, and what its answers mean to the outbox.

Sources: "sendCustomMessage", "sendTemplateMessage", "getMedia", "getStableAccessToken" and the
list of global return codes of the platform.
"""

import json
import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from backend.channels import calls, pictures
from backend.channels.base import (
    AmbiguousError,
    FinalError,
    RetryableError,
    SendError,
    UnreachableError,
)
from backend.channels.wechat.settings import WechatSettings
from backend.channels.wechat.tokens import TokenKeeper
from backend.clock import Clock
from backend.database import Database

log = logging.getLogger(__name__)

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 6.0
"""A send with a new token is three calls, and the sender gives all of it 20 s."""
TOKEN_REFUSED = frozenset((40001, 40014, 42001))
NO_MENU_ACCOUNT, MENU_TOO_LONG = 40200, 45098
NO_MENUS = frozenset((NO_MENU_ACCOUNT, MENU_TOO_LONG))
"""Accounts of this kind send no menu messages; this menu has too many buttons."""
GONE = frozenset((40003, 43004))
"""The customer does not follow the account, or is unknown to it."""
WINDOW_CLOSED, QUOTA_USED = 45015, 45047
BUSY = {-1: None, 45009: 3600.0, 45011: 60.0}
"""Codes that pass, with the seconds to wait: busy, the day's calls used up, too fast."""
WORDS = {WINDOW_CLOSED: "window_closed", QUOTA_USED: "quota"}
"""Ours, where every channel knows the case."""
MEDIA_HOSTS = (".qq.com", ".qpic.cn")
"""Where WeChat keeps videos."""
PATIENT = 60.0
"""Seconds to wait where a person may have to put something right."""


class RefusedError(FinalError):
    """WeChat's own no, with its number."""

    def __init__(self, number: int) -> None:
        super().__init__(WORDS.get(number, str(number)))
        self.number = number


class WechatApi:
    """Kept as one object for the life of the process. All calls raise SendError.

    Addresses carry the token: they must not get into a log.
    """

    def __init__(self, settings: WechatSettings, database: Database, clock: Clock) -> None:
        self._settings = settings
        secret = settings.app_secret.get_secret_value()
        host = urlsplit(settings.api_url).hostname or ""
        self._hosts = (host,)
        self._client = httpx.AsyncClient(
            base_url=settings.api_url,
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            # A proxy of the dealership's is for the way out, not for this machine.
            trust_env=host not in ("127.0.0.1", "localhost"),
            limits=httpx.Limits(max_connections=50, max_keepalive_connections=10),
        )
        self.tokens = TokenKeeper(
            database, clock, self._fetch_token, secret=f"{settings.app_id}:{secret}"
        )

    async def close(self) -> None:
        await self.tokens.close()
        await self._client.aclose()

    async def send(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """One message; what WeChat answered."""

        async def call(token: str) -> Mapping[str, Any]:
            answer = _read(await self._post(path, body, token))
            if "errcode" not in answer:
                raise AmbiguousError("garbled")
            _raise_for(answer)
            return answer

        token = await self.tokens.get()
        try:
            return await call(token)
        except _TokenRefused as refused:
            log.info("WeChat refused the access token: %s", refused.code)
        return await call(await self.tokens.get(refused=token))

    async def media(self, media_id: str) -> bytes:
        """A picture, recording, video or file that a customer sent, up to 8 MB."""

        async def call(token: str) -> bytes:
            params = {"access_token": token, "media_id": media_id}
            kind, data = await self._download("/cgi-bin/media/get", params)
            if kind not in ("application/json", "text/plain"):
                return data
            try:
                answer = json.loads(data)
            except ValueError:
                return data
            if not isinstance(answer, dict):
                return data
            _raise_for(answer)
            if "video_url" not in answer:
                raise FinalError("garbled")
            _, video = await self._download(self._video(str(answer["video_url"])), {})
            return video

        token = await self.tokens.get()
        try:
            return await call(token)
        except _TokenRefused:
            pass
        return await call(await self.tokens.get(refused=token))

    def _video(self, url: str) -> str:
        host = urlsplit(url).hostname or ""
        if url.startswith(("https://", "http://")) and (
            host in self._hosts or host.endswith(MEDIA_HOSTS)
        ):
            return url
        raise FinalError("foreign_address")

    async def _download(self, url: str, params: Mapping[str, str]) -> tuple[str, bytes]:
        """The content type and the bytes."""
        try:
            async with self._client.stream("GET", url, params=params) as response:
                if response.status_code != httpx.codes.OK:
                    raise RetryableError(f"http_{response.status_code}")
                data = bytearray()
                async for piece in response.aiter_bytes():
                    data += piece
                    if len(data) > pictures.LIMIT:
                        raise FinalError("too_large")
        except (httpx.HTTPError, httpx.InvalidURL):
            # Fetching twice does no harm.
            raise RetryableError("unreachable") from None
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        return kind, bytes(data)

    async def _fetch_token(self, force: bool) -> tuple[str, int]:
        body = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.app_secret.get_secret_value(),
            "force_refresh": force,
        }
        try:
            answer = _read(await self._post("/cgi-bin/stable_token", body, None))
        except SendError as error:
            raise RetryableError(f"token_{error.code}", retry_after=error.retry_after) from None
        if answer.get("errcode"):
            # A wrong secret, an address that is not on the account's list: somebody has to look.
            log.error("WeChat gives no access token: %s", answer["errcode"])
            raise RetryableError(f"token_{answer['errcode']}", retry_after=PATIENT)
        try:
            return str(answer["access_token"]), int(answer["expires_in"])
        except (KeyError, TypeError, ValueError):
            raise RetryableError("token_garbled") from None

    async def _post(self, path: str, body: Mapping[str, Any], token: str | None) -> httpx.Response:
        address = path if token is None else f"{path}?{urlencode({'access_token': token})}"
        # As UTF-8: WeChat shows \uXXXX to the customer as it stands.
        return await calls.call(self._client, "POST", address, json=body)


class _TokenRefused(RetryableError):
    pass


def _read(response: httpx.Response) -> dict[str, Any]:
    status = response.status_code
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise RetryableError(f"http_{status}", retry_after=PATIENT)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise AmbiguousError(f"http_{status}")
    if status != httpx.codes.OK:
        raise FinalError(f"http_{status}")
    try:
        answer = response.json()
    except ValueError:
        raise AmbiguousError("garbled") from None
    if not isinstance(answer, dict):
        raise AmbiguousError("garbled")
    return answer


def _raise_for(answer: Mapping[str, Any]) -> None:
    number = answer.get("errcode") or 0
    if number == 0:
        return
    if not isinstance(number, int):
        raise AmbiguousError("garbled")
    if number in TOKEN_REFUSED:
        raise _TokenRefused(str(number))
    if number in GONE:
        raise UnreachableError(str(number))
    if number in BUSY:
        raise RetryableError(str(number), retry_after=BUSY[number])
    raise RefusedError(number)
