"""Owns heat maps: what was expected, what came and the difference, with the numbers in cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.rendering.pictures.drawing import svg
from app.rendering.pictures.drawing.numbers import finite, number, plural, signed, write
from app.rendering.pictures.drawing.tensors import Comparison, Json, Place, Tensor, compare, where

_SIZE, _SMALL = 13.0, 11.0
_CELL_H, _PAD, _GAP = 30.0, 10.0, 2.0
_MOST_ROWS, _MOST_COLUMNS = 12, 10
_SHADES = 5


@dataclass(frozen=True)
class Square:
    """One cell: its number, the class of its colour, whether it is outlined, its full story."""

    text: str
    shade: str
    wrong: bool
    tip: str


@dataclass(frozen=True)
class Window:
    """The part of a tensor that is drawn: one matrix, from a first row and column on."""

    at: Place
    row: int
    column: int
    depth: int

    def place(self, i: int, j: int) -> Place:
        """The full index of a cell of the window."""
        inner = (self.row + i, self.column + j) if self.depth > 1 else (self.column + j,)
        return (*self.at, *inner) if self.depth else ()


Row = list[Square | None]


def heatmap(exhibit: Json | None) -> Markup:
    """Expected, got and their difference as SVG figures. Nothing for one number, or for none."""
    compared = compare(exhibit) if exhibit else None
    if compared is None or compared.got is None or not _drawable(compared):
        return Markup("")
    what = str((exhibit or {}).get("what") or "result")
    window = _window(compared)
    rows = {name: part for name, part in _rows(compared, window).items() if any(part)}
    if not rows:
        return Markup("")
    if compared.alike and window.depth == 1:
        body = _grid("Expected, yours and the difference", what, rows, window, list(rows))
    else:
        wide = max(map(_cell_width, rows.values()))
        panels = (_panel(name, what, part, window, wide) for name, part in rows.items())
        body = Markup("").join(panels)
    return svg.figure(_caption(compared, window), svg.element("div", body, class_="fb-panels"))


def _drawable(compared: Comparison) -> bool:
    tensors = [compared.expected, *([compared.got] if compared.got else [])]
    counts = [sum(1 for _ in tensor.entries()) for tensor in tensors]
    return min(counts) > 0 and max(counts) > 1


def _window(compared: Comparison) -> Window:
    """Around the first wrong entry, so that it is in view."""
    depth = max(compared.expected.depth, compared.got.depth if compared.got else 0)
    first = min(compared.wrong, default=())
    if len(first) < 2:
        column = first[0] if first else 0
        start = max(0, column - _MOST_COLUMNS + 1)
        return Window(next(iter(compared.expected.matrices)) if depth > 2 else (), 0, start, depth)
    row, column = first[-2:]
    starts = max(0, row - _MOST_ROWS + 1), max(0, column - _MOST_COLUMNS + 1)
    return Window(first[:-2], *starts, depth)


def _rows(compared: Comparison, window: Window) -> dict[str, list[Row]]:
    """The cells of each panel by its name."""
    tensors = {"expected": compared.expected, "yours": compared.got}
    shade = _shades(t for t in tensors.values() if t)
    panels: dict[str, list[Row]] = {}
    for name, tensor in tensors.items():
        values = _seen(tensor, window) if tensor else []
        marks = compared.wrong if name == "yours" else frozenset()
        panels[name] = [
            [
                _value_cell(value, shade, compared.digits, window.place(i, j), marks, name)
                for j, value in enumerate(row)
            ]
            for i, row in enumerate(values)
        ]
    if compared.alike:
        panels["difference"] = _differences(compared, window)
    return panels


def _seen(tensor: Tensor, window: Window) -> list[list[object]]:
    rows = tensor.matrices.get(window.at) or next(iter(tensor.matrices.values()), [])
    rows = rows[window.row : window.row + _MOST_ROWS]
    return [row[window.column : window.column + _MOST_COLUMNS] for row in rows]


def _shades(tensors: Iterable[Tensor]) -> tuple[float, float]:
    values = [v for t in tensors for _, x in t.entries() if (v := finite(x)) is not None]
    return min(values, default=0.0), max(values, default=0.0)


def _value_cell(
    value: object,
    ends: tuple[float, float],
    digits: int,
    at: Place,
    wrong: frozenset[Place],
    name: str,
) -> Square:
    placed, (low, high) = finite(value), ends
    step = "x"
    if placed is not None:
        part = (placed - low) / (high - low) if high > low else 0.0
        step = str(min(_SHADES - 1, int(part * _SHADES)))
    text = svg.fit(write(value, digits), _SIZE, 220)
    return Square(text, f"fb-v{step}", at in wrong, f"{list(at)} {name} {write(value, 9)}")


def _differences(compared: Comparison, window: Window) -> list[Row]:
    """Got less expected. The strongest colour is the largest difference in view."""
    assert compared.got is not None  # only tensors that are alike have differences
    want, have = _seen(compared.expected, window), _seen(compared.got, window)
    pairs = [list(zip(a, b, strict=False)) for a, b in zip(want, have, strict=False)]
    gaps = [[_gap(a, b) for a, b in row] for row in pairs]
    largest = max((abs(g) for row in gaps for g in row if math.isfinite(g)), default=0.0)
    return [
        [_gap_cell(gap, largest, window.place(i, j), compared) for j, gap in enumerate(row)]
        for i, row in enumerate(gaps)
    ]


def _gap(want: object, have: object) -> float:
    a, b = number(want), number(have)
    if a is None or b is None:
        return 0.0 if want == have else math.nan
    return 0.0 if a == b or (math.isnan(a) and math.isnan(b)) else b - a


def _gap_cell(gap: float, largest: float, at: Place, compared: Comparison) -> Square:
    if at not in compared.wrong:
        return Square("0" if gap == 0 else "≈0", "fb-d0", False, f"{list(at)} as expected")
    if not math.isfinite(gap):
        return Square(signed(gap), "fb-dx", False, f"{list(at)} difference {signed(gap)}")
    step = min(3, 1 + int(abs(gap) / largest * 3)) if largest else 1
    shade = f"fb-d{'n' if gap < 0 else 'p'}{step}"
    return Square(signed(gap, 4), shade, False, f"{list(at)} difference {signed(gap, 9)}")


def _cell_width(rows: list[Row]) -> int:
    widest = max(svg.width(cell.text, _SIZE) for row in rows for cell in row if cell)
    return max(44, math.ceil(widest + 2 * _PAD))


def _panel(name: str, what: str, rows: list[Row], window: Window, cell_w: int) -> Markup:
    title = f"{name} {where(window.at)}".strip()
    head = svg.element("p", svg.clean(title), class_="fb-panel-name")
    body = _grid(name.capitalize(), what, {name: rows}, window, [], cell_w)
    return svg.element("div", head, body, class_="fb-panel")


def _grid(
    title: str,
    what: str,
    panels: dict[str, list[Row]],
    window: Window,
    names: Sequence[str],
    cell_w: int = 0,
) -> Markup:
    """Rows of cells with their indices. With `names`, each row is called by its panel's name."""
    rows = [row for panel in panels.values() for row in panel]
    heads = [*names] or [str(window.row + i) if window.depth > 1 else "" for i in range(len(rows))]
    left = math.ceil(max((svg.width(head, _SMALL) for head in heads), default=0.0)) + 8
    cell_w = cell_w or _cell_width(rows)
    columns, top = max(len(row) for row in rows), _SMALL + 8
    parts = [
        svg.label(str(window.column + j), left + (j + 0.5) * cell_w, _SMALL, _SMALL, "fb-quiet")
        for j in range(columns if window.depth else 0)
    ]
    for i, (head, row) in enumerate(zip(heads, rows, strict=True)):
        y = top + i * _CELL_H + (6 if names and i == 2 else 0)
        parts.append(svg.label(head, left - 8, y + 19, _SMALL, "fb-quiet", "end"))
        parts += [_cell(c, left + j * cell_w, y, cell_w) for j, c in enumerate(row) if c]
    size = left + columns * cell_w + 2, top + len(rows) * _CELL_H + (8 if names else 2)
    drawn = svg.picture(f"{title}: {what}", _description(panels), size, parts)
    return svg.frame(drawn, size[0], f"{title}: {what}")


def _cell(cell: Square, x: float, y: float, wide: float) -> Markup:
    inset, size = _GAP / 2, (wide - _GAP, _CELL_H - _GAP)
    outline = Markup("")
    if cell.wrong:
        outline = _box("fb-off", x + inset + 1, y + inset + 1, size[0] - 2, size[1] - 2)
    return svg.element(
        "g",
        svg.element("title", svg.clean(cell.tip)),
        _box(cell.shade, x + inset, y + inset, *size),
        outline,
        svg.label(cell.text, x + wide / 2, y + 19.5, _SIZE, f"fb-number {cell.shade}t"),
    )


def _box(class_: str, x: float, y: float, wide: float, high: float) -> Markup:
    return svg.element("rect", x=x, y=y, width=wide, height=high, rx=2, class_=class_)


def _description(panels: dict[str, list[Row]]) -> str:
    lines = []
    for name, rows in panels.items():
        text = "; ".join(", ".join(c.text for c in row if c) for row in rows)
        lines.append(f"{name}: {text}.")
    return " ".join(lines)


def _caption(compared: Comparison, window: Window) -> Markup:
    got = compared.got
    if got is None or not compared.alike:
        kinds = compared.expected.kind, got.kind if got else "nothing"
        return svg.marked(f"Not the same shape: expected is {kinds[0]}, yours {kinds[1]}.")
    total = sum(1 for _ in compared.expected.entries())
    said = f"{len(compared.wrong)} of {plural(total, 'entry').replace('entrys', 'entries')}"
    said += " differ, outlined." if len(compared.wrong) != 1 else " differs, outlined."
    said += " The difference is yours minus expected."
    matrix = compared.expected.matrices.get(window.at, [])
    shown = sum(len(row) for row in _seen(compared.expected, window))
    if shown < sum(map(len, matrix)) or compared.expected.cut:
        said += (
            f" Of a larger tensor, {shown} entries from {list(window.place(0, 0))} on are shown."
        )
    elif shown < total:
        said += f" Of {len(compared.expected.matrices)} matrices, {where(window.at)} is shown."
    return svg.marked(said)
