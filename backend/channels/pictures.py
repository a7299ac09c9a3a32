"""Pictures that customers send: checked by their content, kept outside the web root."""

import asyncio
import io
from pathlib import Path

from PIL import Image

from backend.errors import InvalidError, TooLargeError

LIMIT = 8 * 1024 * 1024
MAX_PIXELS = 50_000_000
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}


def inspect(data: bytes) -> str:
    """The content type of a picture, from its bytes. Raises TooLargeError, InvalidError."""
    if len(data) > LIMIT:
        raise TooLargeError("a picture may have 8 MB")
    try:
        # Reads the head only: no pixel is decoded, here or later.
        with Image.open(io.BytesIO(data), formats=list(FORMATS)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise TooLargeError("this picture has too many pixels")
            kind = FORMATS[picture.format or ""]
            picture.verify()
    except TooLargeError:
        raise
    except Exception as error:
        raise InvalidError("this is not a picture we can read", code="not_an_image") from error
    return kind


async def keep(folder: Path, attachment_id: str, data: bytes) -> None:
    def write() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / attachment_id).write_bytes(data)

    await asyncio.to_thread(write)
