"""WeChat's side of signatures and encryption, written from the platform's guide and not from the
adapter: a mistake in either shows as soon as they talk."""

import base64
import hashlib
import secrets
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def sign(*parts: str) -> str:
    digest = hashlib.sha1()  # noqa: S324 (WeChat's choice)
    for part in sorted(parts):
        digest.update(part.encode())
    return digest.hexdigest()


def seal(xml: str, aes_key: str, app_id: str, *, noise: bytes | None = None) -> str:
    """`Encrypt` of a delivery; `noise` stands for the 16 random bytes at its beginning."""
    body = xml.encode()
    text = (noise or secrets.token_bytes(16)) + struct.pack("!I", len(body)) + body
    text += app_id.encode()
    missing = 32 - len(text) % 32
    text += bytes([missing] * missing)
    block, out = _key(aes_key)[:16], b""
    encrypt = _cipher(aes_key).encryptor()
    # CBC by hand: every block is mixed with the one before.
    for start in range(0, len(text), 16):
        mixed = bytes(a ^ b for a, b in zip(text[start : start + 16], block, strict=True))
        block = encrypt.update(mixed)
        out += block
    return base64.b64encode(out).decode()


def unseal(sealed: str, aes_key: str) -> tuple[str, str]:
    """The XML of a reply and the AppID that it names."""
    data, before, text = base64.b64decode(sealed), _key(aes_key)[:16], b""
    decrypt = _cipher(aes_key).decryptor()
    for start in range(0, len(data), 16):
        block = data[start : start + 16]
        text += bytes(a ^ b for a, b in zip(decrypt.update(block), before, strict=True))
        before = block
    text = text[: -text[-1]]
    (length,) = struct.unpack("!I", text[16:20])
    return text[20 : 20 + length].decode(), text[20 + length :].decode()


def _key(aes_key: str) -> bytes:
    return base64.b64decode(aes_key + "=")


def _cipher(aes_key: str) -> "Cipher[modes.ECB]":
    return Cipher(algorithms.AES(_key(aes_key)), modes.ECB())  # noqa: S305 (a block at a time)
