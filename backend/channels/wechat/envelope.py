"""What WeChat's deliveries are wrapped in: signature, encryption, XML; and our answers in theirs.

Sources: the platform's "message push" and "message encryption" guides. Nothing in a body is
believed before its signature has been checked.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from backend.channels.wechat.settings import WechatSettings

BLOCK = 32
"""Of the padding; the cipher's own is 16."""
_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


class Refused(Exception):
    """The delivery is answered with `status`, and nothing of it is stored."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class _Undecipherable(Exception):
    """Encrypted with another key, or damaged."""


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode("utf-8", "replace")).hexdigest()  # noqa: S324 (WeChat's choice)


def _same(ours: str, given: str) -> bool:
    return hmac.compare_digest(ours.encode(), given.encode("utf-8", "replace"))


class Cryptor:
    """AES-256-CBC with one EncodingAESKey, for one AppID."""

    def __init__(self, encoding_key: str, app_id: str) -> None:
        key = base64.b64decode(encoding_key + "=")
        self._cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))
        self._app_id = app_id.encode()

    def decrypt(self, text: str) -> bytes:
        """Raises _Undecipherable."""
        try:
            sealed = base64.b64decode(text, validate=True)
        except ValueError as error:
            raise _Undecipherable from error
        if not sealed or len(sealed) % 16:
            raise _Undecipherable
        decryptor = self._cipher.decryptor()
        padded = decryptor.update(sealed) + decryptor.finalize()
        padding = padded[-1]
        if not 1 <= padding <= BLOCK or padded[-padding:] != bytes([padding]) * padding:
            raise _Undecipherable
        # 16 random bytes, the length, the message, the AppID.
        plain = padded[16:-padding]
        end = 4 + int.from_bytes(plain[:4], "big")
        if len(plain) < end or not hmac.compare_digest(plain[end:], self._app_id):
            raise _Undecipherable
        return plain[4:end]

    def encrypt(self, message: bytes) -> str:
        plain = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._app_id
        padding = BLOCK - len(plain) % BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()


@dataclass(frozen=True)
class Delivery:
    """A delivery that was verified: the fields of its XML, and the key it came with, if any."""

    fields: Mapping[str, str]
    cryptor: Cryptor | None


class Gate:
    """Lets in what WeChat has signed for this account."""

    def __init__(self, settings: WechatSettings) -> None:
        self._token = settings.token.get_secret_value()
        self._mode = settings.mode
        keys: Sequence[str] = (
            settings.aes_key.get_secret_value(),
            settings.previous_aes_key.get_secret_value(),
        )
        self._cryptors = [Cryptor(key, settings.app_id) for key in keys if key]

    def check(self, query: Mapping[str, str]) -> None:
        """The signature that every call carries in its address. Raises Refused."""
        expected = signature(self._token, query.get("timestamp", ""), query.get("nonce", ""))
        if not _same(expected, query.get("signature", "")):
            raise Refused(403, "signature")

    def open(self, query: Mapping[str, str], body: bytes) -> Delivery:
        """Verifies, decrypts and reads a delivery. Raises Refused."""
        self.check(query)
        encrypted = query.get("encrypt_type") == "aes"
        if self._mode == "plain" and encrypted:
            raise Refused(403, "encrypted, though the mode is plain")
        if self._mode == "secure" and not encrypted:
            raise Refused(403, "not encrypted, though the mode is secure")
        outer = _fields(body)
        if not encrypted:
            return Delivery(outer, None)
        # What stands beside it in the compatible mode is not signed.
        sealed = outer.get("Encrypt", "")
        expected = signature(
            self._token, query.get("timestamp", ""), query.get("nonce", ""), sealed
        )
        if not _same(expected, query.get("msg_signature", "")):
            raise Refused(403, "msg_signature")
        for cryptor in self._cryptors:
            try:
                plain = cryptor.decrypt(sealed)
            except _Undecipherable:
                continue
            return Delivery(_fields(plain), cryptor)
        raise Refused(400, "no key fits; compare CHEFU_WECHAT_AES_KEY and CHEFU_WECHAT_APP_ID")

    def answer(self, delivery: Delivery, text: str, now: int) -> str:
        """The passive reply to a delivery; encrypted if that was, with the same key, as the
        platform asks for while keys are changed. `now` in seconds since 1970."""
        fields = delivery.fields
        plain = (
            "<xml>"
            f"<ToUserName>{cdata(fields.get('FromUserName', ''))}</ToUserName>"
            f"<FromUserName>{cdata(fields.get('ToUserName', ''))}</FromUserName>"
            f"<CreateTime>{now}</CreateTime>"
            f"<MsgType>{cdata('text')}</MsgType>"
            f"<Content>{cdata(text)}</Content>"
            "</xml>"
        )
        if delivery.cryptor is None:
            return plain
        sealed = delivery.cryptor.encrypt(plain.encode())
        nonce = secrets.token_hex(8)
        signed = signature(self._token, str(now), nonce, sealed)
        return (
            f"<xml><Encrypt>{cdata(sealed)}</Encrypt><MsgSignature>{cdata(signed)}</MsgSignature>"
            f"<TimeStamp>{now}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
        )


def cdata(text: str) -> str:
    """`text` as a CDATA section, or as two where it holds the end of one."""
    kept = _FORBIDDEN.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{kept}]]>"


def _fields(body: bytes) -> dict[str, str]:
    """The elements right under `<xml>`, by name. Raises Refused."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Refused(400, "malformed XML") from error
    if root.tag != "xml":
        raise Refused(400, "not a delivery")
    fields: dict[str, str] = {}
    for element in root:
        fields.setdefault(element.tag, (element.text or "").strip())
    return fields
