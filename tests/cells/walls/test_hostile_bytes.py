"""Whatever bytes a cell sends, the trusted side ends in evidence or in a Violation."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graders.model.evidence import Ending
from tests.support.cells import whole_plan
from worker.cell import protocol
from worker.sandbox import Limits
from worker.sandbox.decoding.evidence import Decoder
from worker.sandbox.decoding.frames import Forged, Frame, Stream, TooMuch, Violation

KEY = bytes(range(32))
REQUEST, _ = whole_plan().requests(b"").direct
PROBE = REQUEST["probes"][0]
TENSOR = {"dtype": "float32", "shape": [2], "at": 0}
PARSED = {"type": "parsed", "error": None}
LOADED = {
    "type": "loaded",
    "raised": [{"line": 1, "type": "E", "message": "m"}],
    "blocked": [{"what": "w", "line": 2}],
    "entries": {"sum": {"found": "Sum", "kind": "callable", "line": 1, "near": ["a"]}},
}
ANSWER = {
    "type": "probe",
    "id": PROBE["id"],
    "outputs": [TENSOR],
    "grads": [TENSOR, None],
    "echo": [TENSOR, TENSOR, TENSOR],
    "error": None,
    "calls": [
        {"class": "C", "pass": "forward", "line": 1, "needs": [], "none": [], "returned": []}
    ],
    "graph": [
        {"id": 0, "name": "n", "own": True, "next": [1]},
        {"id": 1, "name": "n", "own": False, "next": []},
    ],
    "output_requires_grad": [True],
    "saved": {"tensors": 1, "bytes": 8},
    "operations": 3,
    "evaluations": 1,
    "touched": [{"name": "torch.autograd.grad", "line": 3}],
    "computed": "aten::sum",
    "dropped": "1c2d3e4f",
    "noticed": {"complex": 3, "table": None},
}
DONE = {"type": "done", "output": "", "output_cut": False}
MORE = ANSWER | {"id": REQUEST["more"][0]["id"]}
END = {"type": "end"}
ASKED = [(PARSED, b""), (LOADED, b""), (ANSWER, bytes(64)), (DONE, b"")]
HONEST = [*ASKED, (MORE, bytes(64)), (END, b"")]


def sealed(sent: list[tuple[Any, bytes]], key: bytes = KEY) -> bytes:
    """Frames as a cell would send them; a header may be bytes, to be sent as they are."""
    state, out = protocol.keyed(key), b""
    for sequence, (header, body) in enumerate(sent):
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        lengths = protocol.LENGTHS.pack(len(text), len(body))
        out += lengths + text + body + protocol.mac(state, sequence, lengths, text, body)
    return out


def take(data: bytes, limits: Limits = Limits(), piece: int = 1 << 16) -> Decoder:
    """A decoder that was fed these bytes in pieces. Raises a Violation."""
    stream, decoder = Stream(KEY, limits), Decoder(REQUEST, limits)
    for at in range(0, len(data), piece):
        for frame in stream.feed(data[at : at + piece]):
            decoder.take(frame)
    return decoder


def survives(data: bytes) -> None:
    stream, decoder = Stream(KEY, Limits()), Decoder(REQUEST, Limits())
    with contextlib.suppress(Violation):
        for frame in stream.feed(data):
            decoder.take(frame)
    stream.exit()
    evidence = decoder.evidence(Ending("malformed"))
    assert evidence.probes.keys() <= {
        probe["id"] for probe in (*REQUEST["probes"], *REQUEST["more"])
    }


def test_an_honest_conversation_is_taken_whole_in_any_pieces() -> None:
    for piece in (1, 7, 1 << 16):
        decoder = take(sealed(HONEST), piece=piece)
        assert decoder.done
        result = decoder.evidence(Ending("done")).probes[PROBE["id"]]
        assert result.grads[1] is None
        assert [tuple(tensor.shape) for tensor in result.echo] == [(2,)] * 3


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_random_bytes_are_survived(data: bytes) -> None:
    survives(data)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*REQUEST["entries"], PROBE["id"], "forward", "float32", "bool", TENSOR]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["dtype", "shape", "at", "kind", "line", "id", "next", "static", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths to everything inside a JSON value."""
    found = [path] if path else []
    if isinstance(value, dict):
        return found + [p for key in value for p in places(value[key], (*path, key))]
    if isinstance(value, list):
        return found + [p for at, item in enumerate(value) for p in places(item, (*path, at))]
    return found


def replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    copy = json.loads(json.dumps(value))
    inner = copy
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = by
    return copy


@given(data=st.data(), by=ANYTHING)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_authentic_frames_with_anything_anywhere_are_survived(data: st.DataObject, by: Any) -> None:
    number = data.draw(st.integers(0, len(HONEST) - 1))
    header, body = HONEST[number]
    path = data.draw(st.sampled_from(places(header)))
    sent = list(HONEST)
    sent[number] = (replaced(header, path, by), body)
    survives(sealed(sent))


@given(st.permutations(HONEST * 2), st.binary(max_size=20))
@settings(max_examples=50, deadline=None)
def test_frames_in_any_order_are_survived(sent: list[tuple[Any, bytes]], rest: bytes) -> None:
    survives(sealed(sent) + rest)


@pytest.mark.parametrize(
    "header",
    [
        b"[" * 500_000,
        b'{"a":' * 150_000,
        b"9" * 100_000,
        b'{"type": NaN}',
        b'{"type": 1e999}',
        b"\xff\xfe{\x00}\x00",
        b"\xff\xff\xff",
        b"null",
        b"",
    ],
    ids=["lists", "objects", "digits", "NaN", "infinity", "UTF-16", "no UTF-8", "null", "empty"],
)
@pytest.mark.timeout(20)  # it ends at all
def test_hostile_json_is_a_violation(header: bytes) -> None:
    with pytest.raises(Violation):
        take(sealed([(header, b"")]))


def test_a_frame_under_another_key_or_out_of_its_place_is_forged() -> None:
    with pytest.raises(Forged):
        take(sealed(HONEST, key=bytes(32)))
    whole = sealed(HONEST)
    first = len(sealed(HONEST[:1]))
    for changed in (whole[first:], whole[:first] + whole[:first], whole[:60] + b"~" + whole[61:]):
        with pytest.raises(Forged):
            take(changed)


@pytest.mark.parametrize(
    "sent",
    [
        [(LOADED, b"")],
        [(PARSED, b""), (PARSED, b"")],
        [(PARSED, b""), (ANSWER, bytes(64))],
        [*HONEST[:3], HONEST[2]],
        [*ASKED[:-1], (MORE, bytes(64))],
        [*ASKED[:-1], (END, b"")],
        [*ASKED, (ANSWER | {"id": REQUEST["probes"][1]["id"]}, bytes(64))],
        [*HONEST, (MORE | {"id": REQUEST["more"][1]["id"]}, bytes(64))],
        [*HONEST, (END, b"")],
        [*ASKED, HONEST[3]],
        [*HONEST, HONEST[2]],
        [*HONEST, HONEST[3]],
        [*HONEST[:2], (ANSWER | {"id": "sum/made-up"}, bytes(64))],
        [HONEST[0], (LOADED | {"entries": {"made-up": {"found": None}}}, b"")],
    ],
)
def test_frames_out_of_turn_twice_or_unasked_for_are_violations(sent: Any) -> None:
    with pytest.raises(Violation):
        take(sealed(sent))


@pytest.mark.parametrize(
    "tensor",
    [
        {"dtype": "float32", "shape": [17], "at": 0},
        {"dtype": "float32", "shape": [2], "at": 60},
        {"dtype": "float32", "shape": [2], "at": -8},
        {"dtype": "float32", "shape": [-2], "at": 0},
        {"dtype": "float32", "shape": [1 << 62, 1 << 62], "at": 0},
        {"dtype": "float32", "shape": [0, 1 << 62], "at": 0},
        {"dtype": "float32", "shape": [(8 << 20) + 1, 0], "at": 0},
        {"dtype": "float32", "shape": [4] * 15 + [0], "at": 0},
        {"dtype": "float32", "shape": [1] * 65, "at": 0},
        {"dtype": "float32", "shape": [True], "at": 0},
        {"dtype": "float32", "shape": "2", "at": 0},
        {"dtype": "qint8", "shape": [2], "at": 0},
        {"dtype": "Tensor", "shape": [2], "at": 0},
        {"dtype": ["float32"], "shape": [2], "at": 0},
    ],
)
def test_a_tensor_that_is_not_all_there_is_a_violation(tensor: dict[str, Any]) -> None:
    with pytest.raises(Violation):
        take(sealed([*HONEST[:2], (ANSWER | {"outputs": [tensor]}, bytes(64))]))


def test_bytes_that_are_no_booleans_become_booleans() -> None:
    tensor = {"dtype": "bool", "shape": [3], "at": 0}
    decoder = take(sealed([*HONEST[:2], (ANSWER | {"outputs": [tensor]}, b"\x00\x02\xff" * 30)]))
    (output,) = decoder.evidence(Ending("done")).probes[PROBE["id"]].outputs
    assert output.tolist() == [False, True, True]  # type: ignore[union-attr]


def test_sizes_and_numbers_beyond_the_limits_are_violations() -> None:
    with pytest.raises(TooMuch):
        take(sealed(HONEST), Limits(total_bytes=200))
    with pytest.raises(Violation, match="too large"):
        take(sealed(HONEST), Limits(frame_bytes=40))
    with pytest.raises(Violation, match="too many tensors"):
        take(sealed(HONEST), Limits(tensors=3))
    with pytest.raises(Violation, match="list"):
        take(sealed([(PARSED, b""), (LOADED | {"raised": [{}] * 5000}, b"")]))


def test_a_graph_that_goes_round_or_leads_nowhere_is_a_violation() -> None:
    node = {"id": 0, "name": "n", "own": True, "next": [0]}
    for graph in ([node], [node | {"next": [7]}], [node | {"next": []}] * 2):
        with pytest.raises(Violation):
            take(sealed([*HONEST[:2], (ANSWER | {"graph": graph}, bytes(64))]))


def test_an_edge_of_a_graph_counts_once_and_there_are_not_many() -> None:
    wide = {"id": 0, "name": "n", "own": True, "next": [1, 2, 1] * 1000}
    ends: list[dict[str, object]] = [
        {"id": id, "name": "n", "own": True, "next": []} for id in (1, 2)
    ]
    decoder = take(sealed([*HONEST[:2], (ANSWER | {"graph": [wide, *ends]}, bytes(64))]))
    assert decoder.evidence(Ending("done")).probes[PROBE["id"]].graph[0].next == (1, 2)
    dense = [ends[0] | {"id": id, "next": list(range(id))} for id in range(200)]
    with pytest.raises(Violation, match="edges"):
        take(sealed([*HONEST[:2], (ANSWER | {"graph": dense}, bytes(64))]))


def test_text_from_a_cell_is_fit_for_pages_and_databases() -> None:
    wild = "a\x00b\x1b[31m\ud800\u202ec\u200b\u2028\u2029d\ne" + "x" * 10_000
    decoder = Decoder(REQUEST, Limits())
    decoder.take(Frame(PARSED, b""))
    decoder.take(Frame(LOADED | {"raised": [{"line": 1, "type": wild, "message": wild}]}, b""))
    loaded = decoder.evidence(Ending("done")).loaded
    assert loaded is not None
    message = loaded.raised[0].message
    message.encode()
    assert message.startswith("ab[31mcd\nexx")
    assert len(message) <= 4000
    assert loaded.raised[0].type.startswith("ab[31mcd exx")  # a name is on one line
    assert len(loaded.raised[0].type) <= 200


def test_an_exit_record_is_believed_only_under_the_right_key() -> None:
    record = protocol.Exit(-9, True, 1, 2, 3)
    for key, expected in ((protocol.exit_key(KEY), record), (KEY, None), (bytes(32), None)):
        stream = Stream(KEY, Limits())
        list(
            stream.feed(sealed(HONEST) + sealed(HONEST[2:])[:200] + protocol.pack_exit(key, record))
        )
        assert stream.exit() == expected
