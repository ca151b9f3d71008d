"""Owns the drawing of a computation graph: its inputs on the left, its output on the right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.rendering.pictures.calls import Call, order
from app.rendering.pictures.drawing import svg
from app.rendering.pictures.drawing.layers import Layout, Node, layered
from app.rendering.pictures.drawing.tensors import Json

_SIZE, _SMALL = 13.0, 12.0
_HIGH, _LOW, _SLOT, _GAP, _EDGE = 46, 30, 60, 32, 4
_LONGEST = 200.0
_MOST_NODES, _MOST_CALLS = 40, 6
_KINDS = {
    "own": "your own function",
    "builtin": "PyTorch's own",
    "input": "input",
    "output": "output",
}


@dataclass(frozen=True)
class Box:
    """A node: its text, its kind, the calls that went through it, and its place in px."""

    text: str
    kind: str
    calls: list[Call]
    x: float = 0.0
    y: float = 0.0

    @property
    def wide(self) -> int:
        """As wide as its text."""
        least = svg.width("".join(text for text, _ in _marks(self.calls)), _SMALL)
        return round(max(svg.width(self.text, _SIZE), least, 16.0) + 20)

    @property
    def high(self) -> int:
        """With a second line where there are calls."""
        return _HIGH if self.calls else _LOW


def graph(data: Json | None) -> Markup:
    """The graph of a run `{"nodes", "edges", "calls", "expected_calls"}` as an SVG figure."""
    boxes, edges = _read(data or {})
    if not boxes:
        return Markup("")
    if len(boxes) > _MOST_NODES:
        said = f"The graph of your run has {len(boxes)} nodes, too many to draw."
        return svg.figure(svg.marked(said))
    last = [node for node, box in boxes.items() if box.kind == "output"]
    layout = layered(list(boxes), edges, last)
    placed, size = _place(boxes, layout)
    title = "The computation graph of your run"
    parts = [_edge(route, placed) for route in layout.routes]
    parts += [_node(box) for node, box in placed.items() if node in boxes]
    drawn = svg.picture(title, _description(boxes, layout), size, parts)
    return svg.figure(_key(boxes), svg.frame(drawn, size[0], title))


def _read(data: Json) -> tuple[dict[Node, Box], list[tuple[Node, Node]]]:
    nodes = [n for n in data.get("nodes") or [] if isinstance(n, Mapping) and _is_id(n.get("id"))]
    edges = [
        (edge[0], edge[1])
        for edge in data.get("edges") or []
        if isinstance(edge, list) and len(edge) == 2 and all(map(_is_id, edge))
    ]
    kinds = {n["id"]: str(n.get("kind")) for n in nodes}
    # Autograd's own edges lead from the result back to its inputs; the picture follows the data.
    back = sum(kinds.get(one) == "output" or kinds.get(two) == "input" for one, two in edges)
    forth = sum(kinds.get(one) == "input" or kinds.get(two) == "output" for one, two in edges)
    if back > forth:
        edges = [(two, one) for one, two in edges]
    calls = _calls(data, nodes, edges) if len(nodes) <= _MOST_NODES else {}
    boxes = {
        n["id"]: Box(
            svg.fit(n.get("label") or "", _SIZE, _LONGEST),
            kind if (kind := kinds[n["id"]]) in _KINDS else "builtin",
            calls.get(n["id"], []),
        )
        for n in nodes
    }
    return boxes, edges


def _is_id(value: object) -> bool:
    return isinstance(value, (int, str))


def _calls(data: Json, nodes: list[Json], edges: list[tuple[Node, Node]]) -> dict[Node, list[Call]]:
    """The calls of each node: the first forward of a name is its first node, backward its last."""
    places = layered([n["id"] for n in nodes], edges).places
    inner = [n for n in nodes if n.get("kind") in ("own", "builtin")]
    inner.sort(key=lambda n: places[n["id"]])
    named = defaultdict(list)
    for node in inner:
        named[svg.clean(node.get("label") or "").removesuffix("Backward")].append(node["id"])
    found: dict[Node, list[Call]] = defaultdict(list)
    seen: Counter[tuple[str, str]] = Counter()
    for call in order(data).calls:
        ids = named.get(call.name, [])
        ids = ids if call.direction == "forward" else ids[::-1]
        turn = seen[call.direction, call.name]
        if call.number is not None and ids:
            found[ids[turn % len(ids)]].append(call)
            seen[call.direction, call.name] += 1
    return found


def _place(boxes: dict[Node, Box], layout: Layout) -> tuple[dict[Node, Box], tuple[float, float]]:
    """Every node, and every place that a long edge passes, in px; and the size of it all."""
    wide = [0] * layout.layers
    for node, box in boxes.items():
        wide[layout.places[node][0]] = max(wide[layout.places[node][0]], box.wide)
    heights = [height for _, height in layout.places.values()]
    top = _EDGE + _HIGH / 2 - min(heights) * _SLOT
    placed = {}
    for node, (layer, height) in layout.places.items():
        x = _EDGE + sum(wide[:layer]) + layer * _GAP + wide[layer] / 2
        box = boxes.get(node, Box("", "via", []))
        placed[node] = Box(box.text, box.kind, box.calls, round(x), round(top + height * _SLOT))
    total = sum(wide) + (layout.layers - 1) * _GAP + 2 * _EDGE
    return placed, (total, (max(heights) - min(heights)) * _SLOT + _HIGH + 2 * _EDGE)


def _edge(route: Sequence[Node], placed: dict[Node, Box]) -> Markup:
    stops = [placed[node] for node in route]
    first, last = stops[0], stops[-1]
    x, y = first.x + first.wide / 2, first.y
    path = f"M{x:g} {y:g}"
    for stop in stops[1:]:
        end = stop.x - (stop.wide / 2 + 5 if stop is last else 0)
        half = (x + end) / 2
        path += f"C{half:g} {y:g} {half:g} {stop.y:g} {end:g} {stop.y:g}"
        x, y = end, stop.y
    head = f"M{x + 5:g} {y:g}l-7 -4v8z"
    line = svg.element("path", d=path, class_="fb-edge")
    return svg.element("g", line, svg.element("path", d=head, class_="fb-head"))


def _node(box: Box) -> Markup:
    left, top = box.x - box.wide / 2, box.y - box.high / 2
    round_ = {"own": 6, "builtin": 0}.get(box.kind, box.high // 2)
    parts = [_rect(left, top, box.wide, box.high, round_, f"fb-node fb-{box.kind}")]
    if box.kind == "output":
        parts.append(_rect(left + 3, top + 3, box.wide - 6, box.high - 6, 12, "fb-node fb-inner"))
    up = 4 if box.calls else -4.5
    parts.append(svg.label(box.text, box.x, box.y - up, _SIZE, f"fb-ink fb-{box.kind}-text"))
    if box.calls:
        parts.append(_numbers(box))
    return svg.element("g", *parts)


def _rect(x: float, y: float, wide: float, high: float, rx: float, class_: str) -> Markup:
    return svg.element("rect", x=x, y=y, width=wide, height=high, rx=rx, class_=class_)


def _numbers(box: Box) -> Markup:
    texts = [
        svg.element("tspan", text, class_="fb-off-text" if is_off else None)
        for text, is_off in _marks(box.calls)
    ]
    return svg.element(
        "text",
        *texts,
        x=box.x,
        y=box.y + 14,
        font_size=_SMALL,
        text_anchor="middle",
        class_="fb-quiet",
    )


def _marks(calls: Sequence[Call]) -> list[tuple[str, bool]]:
    """The numbers of calls, "→1" forward and "←4" backward, and whether each is out of turn."""
    marks: list[tuple[str, bool]] = []
    for call in calls[:_MOST_CALLS]:
        gap = "\u00a0\u00a0" if marks else ""
        arrow = "→" if call.direction == "forward" else "←"
        is_off = call.state == "extra"
        marks.append((f"{gap}{arrow}{call.number}{'✗' if is_off else ''}", is_off))
    return marks if len(calls) <= _MOST_CALLS else [*marks, ("…", False)]


def _description(boxes: dict[Node, Box], layout: Layout) -> str:
    said = [
        f"{boxes[route[0]].text} leads to {boxes[route[-1]].text}."
        for route in layout.routes
        if route
    ]
    kinds = [f"{box.text}: {_KINDS[box.kind]}." for box in boxes.values()]
    return " ".join(kinds + said)


def _key(boxes: dict[Node, Box]) -> Markup:
    kinds = {box.kind for box in boxes.values()}
    said = [
        words
        for kind, words in (
            ("own", "Bold boxes are your functions"),
            ("builtin", "square ones PyTorch's"),
            ("input", "round ones inputs"),
            ("output", "the doubled one the output"),
        )
        if kind in kinds
    ]
    text = ", ".join(said)
    text = text[:1].upper() + text[1:] + "."
    if any(box.calls for box in boxes.values()):
        text += " The numbers tell when forward (→) and backward (←) were called."
    return svg.marked(text)
