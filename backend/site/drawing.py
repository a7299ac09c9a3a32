"""Side drawings of the models: our own silhouettes, stretched to the measures on record.

One millimetre of any car is 0.12 units, so all are to the same scale. A car faces left; its
front end is x = 0, the road is y = 240.
"""

import hashlib
import re
from colorsys import hls_to_rgb, rgb_to_hls
from dataclasses import dataclass
from functools import lru_cache

from backend.models import Model
from backend.site.rendering import environment
from backend.site.silhouettes import SILHOUETTES, Silhouette

UNITS_PER_MM = 0.12
WIDTH, HEIGHT, ROAD = 700, 270, 240
DEFAULT_COLOUR = "#3a6b78"
SLACK = 0.15
"""Measures further than this from the silhouette's own are drawn at this limit: a slip in the
catalogue must not turn a car into a bus."""
PAIR = re.compile(r"(-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Shape:
    """What the drawing depends on; lengths in millimetres, 0 where none is confirmed."""

    code: str
    body: str
    colour: str
    electric: bool
    length: int = 0
    height: int = 0
    wheelbase: int = 0

    @property
    def url(self) -> str:
        """It changes with the drawing."""
        version = hashlib.sha256(draw(self).encode()).hexdigest()[:12]
        return f"/site/car/{self.code}.svg?v={version}"


def shape_of(model: Model, measures: dict[str, str]) -> Shape:
    """`measures`: confirmed values of `length`, `height` and `wheelbase` in millimetres."""
    colour = model.colour if re.fullmatch("#[0-9a-fA-F]{6}", model.colour) else DEFAULT_COLOUR
    return Shape(
        code=model.code,
        body=model.body,
        colour=colour,
        electric=bool(model.trims) and all(trim.energy == "electric" for trim in model.trims),
        **{name: int(text) for name, text in measures.items() if text.isdecimal()},
    )


@lru_cache(maxsize=256)
def draw(shape: Shape) -> str:
    """The drawing as SVG, WIDTH by HEIGHT."""
    silhouette = SILHOUETTES[shape.body]
    fitted = _Fitted(silhouette, shape)
    template = environment().get_template("car.svg")
    return template.render(
        shape=shape,
        s=silhouette,
        path=fitted.path,
        x=fitted.x,
        y=fitted.y,
        spoke=lambda share: round(silhouette.wheel * share, 1),
        left=round((WIDTH - fitted.length) / 2, 1),
        length=fitted.length,
        tones={name: _tone(shape.colour, by) for name, by in TONES.items()},
        width=WIDTH,
        height=HEIGHT,
        road=ROAD,
    )


TONES = {"light": 0.30, "upper": 0.10, "body": 0.0, "lower": -0.10, "dark": -0.20}


def _tone(colour: str, by: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, light, saturation = rgb_to_hls(red, green, blue)
    toned = hls_to_rgb(hue, min(0.96, max(0.05, light + by)), saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in toned)


class _Fitted:
    """Maps the silhouette's coordinates to the measures of one car.

    Between the axles lengths follow the wheelbase, behind them the rest of the length; the
    front overhang stays. Above the axles heights follow the height.
    """

    def __init__(self, silhouette: Silhouette, shape: Shape) -> None:
        self._s = silhouette
        self.length = _near(shape.length, silhouette.length)
        height = _near(shape.height, silhouette.height)
        wheelbase = _near(shape.wheelbase, silhouette.rear - silhouette.front)
        self._rear = silhouette.front + wheelbase
        self._middle = wheelbase / (silhouette.rear - silhouette.front)
        self._end = (self.length - self._rear) / (silhouette.length - silhouette.rear)
        axle = ROAD - silhouette.wheel
        self._axle = axle
        self._up = (height - silhouette.wheel) / (silhouette.height - silhouette.wheel)

    def x(self, value: float) -> float:
        if value <= self._s.front:
            return round(value, 1)
        if value <= self._s.rear:
            return round(self._s.front + (value - self._s.front) * self._middle, 1)
        return round(self._rear + (value - self._s.rear) * self._end, 1)

    def y(self, value: float) -> float:
        if value >= self._axle:
            return round(value, 1)
        return round(self._axle - (self._axle - value) * self._up, 1)

    def path(self, commands: str) -> str:
        return PAIR.sub(
            lambda found: f"{self.x(float(found[1]))} {self.y(float(found[2]))}", commands
        )


def _near(millimetres: int, own: float) -> float:
    if not millimetres:
        return own
    return min(own * (1 + SLACK), max(own * (1 - SLACK), millimetres * UNITS_PER_MM))
