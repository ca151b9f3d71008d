"""Numbers can be read on every colour of the scales, and the scales by every eye."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_STATIC = Path(__file__).parents[2] / "app" / "static"
_TEXT_ON = {
    **dict.fromkeys(("below-1", "below-2", "above-1", "above-2"), "ink"),
    **dict.fromkeys(("below-3", "above-3"), "on-far"),
    **dict.fromkeys((f"value-{n}" for n in range(5)), "ink"),
}
# What is left of red, green and blue without the green cones, the most common colour blindness
# (Viénot, Brettel and Mollon, 1999), on linear light.
_NO_GREEN = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))
Colour = tuple[float, float, float]


def palette(scheme: str) -> dict[str, Colour]:
    """The custom properties that are colours, as linear light."""
    css = "".join((_STATIC / name).read_text() for name in ("tokens.css", "pictures.css"))
    parts = re.split(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n\}", css, flags=re.DOTALL)
    chosen = "".join(parts[::2]) + ("".join(parts[1::2]) if scheme == "dark" else "")
    return {
        name: linear(value) for name, value in re.findall(r"--([\w-]+): (#[0-9a-f]{6})", chosen)
    }


def linear(value: str) -> Colour:
    parts = [int(value[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return r, g, b


def brightness(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def contrast(one: Colour, two: Colour) -> float:
    low, high = sorted((brightness(one), brightness(two)))
    return (high + 0.05) / (low + 0.05)


def without_green(colour: Colour) -> Colour:
    r, g, b = (sum(w * c for w, c in zip(row, colour, strict=True)) for row in _NO_GREEN)
    return r, g, b


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("step", _TEXT_ON)
def test_a_number_can_be_read_on_its_colour(scheme: str, step: str) -> None:
    colours = palette(scheme)
    assert contrast(colours[step], colours[_TEXT_ON[step]]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "quiet", "wrong"])
def test_writing_can_be_read_on_the_page(scheme: str, name: str) -> None:
    colours = palette(scheme)
    assert contrast(colours[name], colours["paper"]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("side", ["below", "above"])
def test_a_larger_difference_stands_out_more_from_the_page(scheme: str, side: str) -> None:
    colours = palette(scheme)
    steps = [contrast(colours[f"{side}-{n}"], colours["paper"]) for n in (1, 2, 3)]
    assert steps == sorted(steps)
    assert steps[2] > 2 * steps[1] > 2 * steps[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("step", [2, 3])
def test_too_little_and_too_much_differ_without_green_cones(scheme: str, step: int) -> None:
    below, above = (without_green(palette(scheme)[f"{side}-{step}"]) for side in ("below", "above"))
    warmth = [(c[0] - c[2]) / sum(c) for c in (below, above)]
    assert warmth[0] < 0 < warmth[1]
