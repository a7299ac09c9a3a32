"""Signatures, encryption and XML of deliveries and replies.

The vectors were computed with the command line: the padded text written with `printf`, then
`openssl enc -aes-256-cbc -nopad -K HEX -iv HEX[:32] -base64 -A`; the signatures with
`printf '%s\\n' PARTS | LC_ALL=C sort | tr -d '\\n' | openssl sha1`.
"""

import base64
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto  # type: ignore[import-untyped]

from backend.channels.wechat.envelope import Cryptor, Delivery, Gate, Refused, cdata, signature
from tests.fakes import wechat_crypto as theirs
from tests.fakes.wechat import unwrapped, xml
from tests.unit.channels.wechat.account import (
    ACCOUNT,
    AES_KEY,
    APP_ID,
    OTHER_AES_KEY,
    TOKEN,
    settings,
)

STAMP, NONCE = "1700000000", "echo"
FIELDS = {
    "ToUserName": ACCOUNT,
    "FromUserName": "oVector",
    "CreateTime": STAMP,
    "MsgType": "text",
    "Content": "山屿多少钱",
    "MsgId": "25000000000000001",
}
SEALED = (
    "Q3stYC6hdFzMh9T8HCvyDPPN+F0mSXbI9zLTTbZWvBnog5E8sli6UcvZjNzpoZ6DkbBe5cbzosLzK3BSOsVYAcme7U/W"
    "5m7E2VHgNWn6XRJNfiU0JKvyTLfXmmnIKjo7g6XK5QBAEIQfE6hgnIlqPcYeh/ENMGHLFoNJl7JjM76UO9MOfyAOWGav"
    "Ukvls+w42AM/wmElg1l3QeszJzmWcBBJHQ6yI28hxiW5sMKgLqrrmNv3iZm7lnDFZ1zYi7ZfgPnkSyjno5JCEcjMABEo"
    "uPy2P5k385oRbIFI9mzOBA5FYLsyuv7WXzNJ6Qhji5kTT65E74LiEBMrotEsZ7zabsc2fV3d2d+YHYqi08ErdykM/joR"
    "W3VI88Jroath8x04d+9/ZB9Rdj8PVn/hWmbgi5HCXFnUzBc5P+A8RCGjFvo="
)
SIGNATURE = "28aed667191cec07ac6c58a60380d7b11a3f62d7"
MESSAGE_SIGNATURE = "a3c043475663ee3aa92c9aa59689b00e8f042888"
SIGNED = {"signature": SIGNATURE, "timestamp": STAMP, "nonce": NONCE}
ENCRYPTED = {**SIGNED, "encrypt_type": "aes", "msg_signature": MESSAGE_SIGNATURE}


def wrapped(sealed: str, beside: str = "") -> bytes:
    return f"<xml>{beside}<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>".encode()


def sealed_with(key: str, plain: str, app_id: str = APP_ID) -> tuple[dict[str, str], bytes]:
    """Address and body of a delivery that WeChat has sealed with `key`."""
    sealed = theirs.seal(plain, key, app_id)
    signed = theirs.sign(TOKEN, STAMP, NONCE, sealed)
    return {**ENCRYPTED, "msg_signature": signed}, wrapped(sealed)


def refusal(gate: Gate, query: dict[str, str], body: bytes) -> int:
    with pytest.raises(Refused) as refused:
        gate.open(query, body)
    return refused.value.status


def test_the_vectors() -> None:
    assert signature(TOKEN, STAMP, NONCE) == theirs.sign(TOKEN, STAMP, NONCE) == SIGNATURE
    assert signature(TOKEN, STAMP, NONCE, SEALED) == MESSAGE_SIGNATURE
    assert Cryptor(AES_KEY, APP_ID).decrypt(SEALED).decode() == xml(FIELDS)
    assert theirs.seal(xml(FIELDS), AES_KEY, APP_ID, noise=b"0123456789abcdef") == SEALED
    assert Gate(settings()).open(ENCRYPTED, wrapped(SEALED)).fields == FIELDS


@given(st.text(max_size=200))
def test_both_sides_understand_each_other(text: str) -> None:
    ours = Cryptor(AES_KEY, APP_ID)
    kept = text.encode("utf-8", "replace").decode()
    assert theirs.unseal(ours.encrypt(kept.encode()), AES_KEY) == (kept, APP_ID)
    assert ours.decrypt(theirs.seal(kept, AES_KEY, APP_ID)).decode() == kept


def test_plain_deliveries_are_taken_as_the_mode_says() -> None:
    body = xml(FIELDS).encode()
    for mode in ("plain", "both"):
        assert Gate(settings(mode=mode)).open(SIGNED, body).fields == FIELDS
    assert refusal(Gate(settings(mode="secure")), SIGNED, body) == 403
    assert refusal(Gate(settings(mode="plain")), ENCRYPTED, wrapped(SEALED)) == 403


def test_only_what_is_sealed_counts_in_the_compatible_mode() -> None:
    beside = "<FromUserName>oSomebodyElse</FromUserName><Content>forged</Content>"
    opened = Gate(settings(mode="both")).open(ENCRYPTED, wrapped(SEALED, beside))
    assert opened.fields == FIELDS


@pytest.mark.parametrize("part", ["signature", "timestamp", "nonce", "msg_signature"])
@pytest.mark.parametrize("value", [None, "", "0" * 40, "é", "\udc80", SIGNATURE.upper()])
def test_a_wrong_signature_is_refused(part: str, value: str | None) -> None:
    query = {name: given for name, given in ENCRYPTED.items() if name != part}
    if value is not None:
        query[part] = value
    assert refusal(Gate(settings()), query, wrapped(SEALED)) == 403


def test_a_text_that_was_changed_is_refused() -> None:
    changed = ("A" if SEALED[40] != "A" else "B").join((SEALED[:40], SEALED[41:]))
    assert refusal(Gate(settings()), ENCRYPTED, wrapped(changed)) == 403
    assert refusal(Gate(settings()), ENCRYPTED, b"<xml></xml>") == 403


def test_both_keys_hold_while_the_key_is_changed() -> None:
    gate = Gate(settings(aes_key=OTHER_AES_KEY, previous_aes_key=AES_KEY))
    for key in (OTHER_AES_KEY, AES_KEY):
        opened = gate.open(*sealed_with(key, xml(FIELDS)))
        assert opened.fields == FIELDS
        # The answer is sealed with the key of the question.
        answer = unwrapped(gate.answer(opened, "好的", 1))
        assert unwrapped(theirs.unseal(answer["Encrypt"], key)[0])["Content"] == "好的"
    only_new = Gate(settings(aes_key=OTHER_AES_KEY))
    assert refusal(only_new, *sealed_with(AES_KEY, xml(FIELDS))) == 400


def test_what_is_sealed_for_another_account_is_refused() -> None:
    assert refusal(Gate(settings()), *sealed_with(AES_KEY, xml(FIELDS), "wxother")) == 400


@given(st.binary(max_size=200))
def test_signed_rubbish_is_refused(data: bytes) -> None:
    sealed = base64.b64encode(data).decode()
    signed = theirs.sign(TOKEN, STAMP, NONCE, sealed)
    assert refusal(Gate(settings()), {**ENCRYPTED, "msg_signature": signed}, wrapped(sealed)) == 400


@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode("utf-8", "replace"))
    )
)
def test_rubbish_in_place_of_xml_is_refused(body: bytes) -> None:
    assert refusal(Gate(settings(mode="plain")), SIGNED, body) == 400
    text = body.decode("utf-8", "replace")
    assert refusal(Gate(settings()), *sealed_with(AES_KEY, text)) == 400


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE x [<!ENTITY a "aa">]><xml><Content>&a;</Content></xml>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><C>&a;</C></xml>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><xml></xml>',
        '<?xml version="1.0" encoding="no-such"?><xml></xml>',
        '<?xml version="1.0" encoding="gb18030"?><xml></xml>',
        "<xml><Content>\x00</Content></xml>",
        "<xml><Content>&#0;</Content></xml>",
        "<other></other>",
        "<a>" * 5000,
        "",
    ],
)
def test_dangerous_xml_is_refused(body: str) -> None:
    assert refusal(Gate(settings(mode="plain")), SIGNED, body.encode()) == 400


def test_deep_xml_does_no_harm() -> None:
    body = "<xml>" + "<a>" * 10_000 + "</a>" * 10_000 + "</xml>"
    assert Gate(settings(mode="plain")).open(SIGNED, body.encode()).fields == {"a": ""}


@given(st.text(max_size=100))
def test_a_text_in_cdata_comes_out_as_it_went_in(text: str) -> None:
    text = text.encode("utf-8", "replace").decode().replace("\r", "")
    parsed = ElementTree.fromstring(f"<xml>{cdata(text)}</xml>").text or ""  # noqa: S314 (our own)
    allowed = "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff"))
    assert parsed == allowed


@pytest.mark.parametrize("text", ["]]>", "]]]>", "a]]>b]]>c", "]]><Content>x</Content>", "<&>"])
def test_the_end_of_a_cdata_section_in_a_reply(text: str) -> None:
    gate = Gate(settings(mode="plain"))
    answer = unwrapped(gate.answer(Delivery(FIELDS, None), text, 17))
    assert answer == {
        "ToUserName": "oVector",
        "FromUserName": ACCOUNT,
        "CreateTime": "17",
        "MsgType": "text",
        "Content": text,
    }


@given(st.text(max_size=200))
def test_wechatpy_understands_us_and_we_it(text: str) -> None:
    """An implementation by others, in use for years."""
    kept = cdata(text.encode("utf-8", "replace").decode())
    plain = f"<xml><Content>{kept}</Content></xml>"
    oracle = WeChatCrypto(TOKEN, AES_KEY, APP_ID)
    query = {**ENCRYPTED}
    sealed = unwrapped(oracle.encrypt_message(plain, NONCE, STAMP))
    query["msg_signature"] = sealed["MsgSignature"]
    opened = Gate(settings()).open(query, wrapped(sealed["Encrypt"]))
    assert opened.fields["Content"] == unwrapped(plain)["Content"].strip()
    answer = unwrapped(Gate(settings()).answer(opened, text, int(STAMP)))
    read = oracle.decrypt_message(
        wrapped(answer["Encrypt"]), answer["MsgSignature"], answer["TimeStamp"], answer["Nonce"]
    )
    assert unwrapped(read)["MsgType"] == "text"
