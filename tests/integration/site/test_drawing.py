"""The drawings: well-formed, to scale, and never bent by a slip in the catalogue."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from backend.models import Model, Trim
from backend.models.catalogue import BODIES
from backend.site.drawing import DEFAULT_COLOUR, HEIGHT, WIDTH, Shape, draw, shape_of

SVG = "{http://www.w3.org/2000/svg}"
SEDAN = Shape("yunchi", "sedan", "#2f4858", False, 4880, 1458, 2820)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 (our own drawing)


def axles(svg: str) -> tuple[float, float]:
    front, rear = parsed(svg).iter(f"{SVG}use")
    return float(front.attrib["x"]), float(rear.attrib["x"])


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("electric", [False, True])
def test_every_body_is_drawn_without_style_or_script(body: str, electric: bool) -> None:
    svg = draw(Shape("any", body, "#5b7553", electric))
    root = parsed(svg)
    assert root.attrib["viewBox"] == f"0 0 {WIDTH} {HEIGHT}"
    assert not list(root.iter(f"{SVG}script")) and not list(root.iter(f"{SVG}style"))
    assert all("style" not in element.attrib for element in root.iter())
    assert len(list(root.iter(f"{SVG}use"))) == 2


def test_the_axles_stand_as_far_apart_as_on_record() -> None:
    front, rear = axles(draw(SEDAN))
    assert rear - front == pytest.approx(2820 * 0.12, abs=0.2)
    front, rear = axles(draw(replace(SEDAN, wheelbase=2600)))
    assert rear - front == pytest.approx(2600 * 0.12, abs=0.2)


def test_a_slip_of_the_pen_does_not_make_a_bus() -> None:
    front, rear = axles(draw(replace(SEDAN, wheelbase=28_200)))
    assert rear - front < 400
    assert draw(replace(SEDAN, length=99_999)) == draw(replace(SEDAN, length=999_999))


def test_the_address_changes_with_the_drawing() -> None:
    assert SEDAN.url == replace(SEDAN).url
    assert (
        len({SEDAN.url, replace(SEDAN, colour="#8fb8c9").url, replace(SEDAN, body="suv").url}) == 3
    )


def test_only_a_colour_is_taken_for_a_colour_and_a_number_for_a_measure() -> None:
    trim = Trim(code="t", energy="electric")
    model = Model(code="m", body="suv", colour="red", trims=[trim])
    shape = shape_of(model, {"length": "4700", "height": "about 1.7 m"})
    assert shape == Shape("m", "suv", DEFAULT_COLOUR, True, 4700, 0, 0)
