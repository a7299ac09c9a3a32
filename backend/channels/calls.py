"""Calls to messaging platforms: what a failed connection means, and downloads with an end."""

import httpx

from backend.channels.base import AmbiguousError, FinalError, RetryableError

TIMEOUT = httpx.Timeout(12.0, connect=5.0, pool=5.0)
"""Seconds; one call ends before `backend.conversations.sender` gives up on it."""
BUSY = httpx.codes.TOO_MANY_REQUESTS


def client() -> httpx.AsyncClient:
    """Heeds the machine's proxy variables: in many networks the platforms are behind one."""
    return httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False)


async def call(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    json: object | None = None,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    """One request, whatever its status. Raises RetryableError when it was never sent and
    AmbiguousError when it may have been."""
    try:
        return await client.request(method, url, json=json, headers=headers)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
        raise RetryableError("unreachable") from error
    except httpx.TimeoutException as error:
        raise AmbiguousError("timeout") from error
    except httpx.HTTPError as error:
        raise AmbiguousError("broken") from error


async def download(
    client: httpx.AsyncClient, url: str, limit: int, headers: dict[str, str] | None = None
) -> bytes:
    """A file of at most `limit` bytes. Raises RetryableError, or FinalError when it is larger or
    refused."""
    data = bytearray()
    try:
        async with client.stream("GET", url, headers=headers) as response:
            if response.status_code != httpx.codes.OK:
                raise _refused(response.status_code)
            async for chunk in response.aiter_bytes():
                data += chunk
                if len(data) > limit:
                    raise FinalError("too_large")
    except httpx.HTTPError as error:
        raise RetryableError("unreachable") from error
    return bytes(data)


def _refused(status: int) -> RetryableError | FinalError:
    if status == BUSY or status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return RetryableError(str(status))
    return FinalError(str(status))


def seconds(header: str | None) -> float | None:
    """A Retry-After in seconds; None for a date or for none."""
    return float(header) if header is not None and header.isdecimal() else None


def body_of(response: httpx.Response) -> object:
    """The JSON of an answer; None when it is something else, for instance a proxy's page."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None
