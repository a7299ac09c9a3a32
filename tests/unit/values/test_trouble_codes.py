"""Diagnostic trouble codes in messages."""

import pytest

from values.trouble_code import MOST, TroubleCode, read


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("P0300", ["P0300"]),
        ("报p0171", ["P0171"]),
        ("故障码 p 0420", ["P0420"]),
        ("U0100-00", ["U0100"]),
        ("读出P0300、P0301，还有C1234和B1A2B", ["P0300", "P0301", "C1234", "B1A2B"]),
        ("P0171/0174", ["P0171", "P0174"]),
        ("code: po420", ["P0420"]),
        ("Ｐ０３００", ["P0300"]),
        ("P0300 P0300 p0300", ["P0300"]),
        ("it threw U0121:87 and p0a80", ["U0121", "P0A80"]),
        ("DTC C 0034", ["C0034"]),
        ("P-0455", ["P0455"]),
        ("", []),
        ("浙C1234", []),
        ("车停在B2034", []),
        ("bay C1234", []),
        ("do u 2000", []),
        ("U2000块", []),
        ("b1000 yuan", []),
        ("X7 2024", []),
        ("13800000001", []),
        ("P4300", []),
        ("P03000", []),
        ("upp0300", []),
        ("VIN LYCAB1234P0000001", []),
        ("TD261128-0001", []),
        ("SV261125-0001 C", []),
    ],
)
def test_codes(text: str, codes: list[str]) -> None:
    assert [one.code for one in read(text)] == codes


def test_the_failure_type_is_kept() -> None:
    assert read("U0100-87") == [TroubleCode("U0100", "87")]


@pytest.mark.parametrize(
    ("code", "generic"),
    [
        ("P0300", True), ("P2187", True), ("P1234", False), ("P3100", False), ("P3400", True),
        ("B0001", True), ("B1000", False), ("C2000", False), ("U0100", True), ("U3000", None),
        ("B3000", None),
    ],
)  # fmt: skip
def test_what_its_structure_says(code: str, generic: bool | None) -> None:
    assert TroubleCode(code).generic is generic
    assert TroubleCode(code).system == code[0]


@pytest.mark.parametrize(
    "text", ["P0" * 5000, "p" * 9000, "P0300/" * 2000, "\0P0300\ud800", "报" * 5000]
)
def test_it_takes_any_text(text: str) -> None:
    assert len(read(text)) <= MOST
