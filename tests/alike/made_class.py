"""Owns made classes: students who write the seven exercises by themselves, and some who copy.

Honest students draw from the same few ways of writing, as right answers converge; each has habits
of naming and of commenting, and some words of their own.
"""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass, field

from app.analytics.alike import File

GRADS = ("dzdy", "grad", "grad_output", "g", "dy", "upstream", "dout", "grad_out")
PAIRS = (("x1", "x2"), ("a", "b"), ("u", "v"), ("left", "right"), ("x", "y"), ("first", "second"))
SINGLES = ("x", "inp", "t", "input", "values", "tensor")
RESULTS = ("y", "out", "result", "res", "z", "output")
SAID = (
    "save for backward", "chain rule", "forward pass", "backward pass", "compute the gradient",
    "gradient with respect to x", "product rule", "keep what backward needs", "upstream gradient",
    "outer product", "same shape as the input", "derivative of sigmoid is s times one minus s",
    "every element gets the same gradient", "see the course text", "transpose here",
)  # fmt: skip
WORDS = (
    "because", "maybe", "weird", "finally", "trick", "lecture", "notebook", "whiteboard", "matrix",
    "column", "rows", "careful", "wrong", "before", "sign", "exam", "coffee", "tutor", "shapes",
    "minus", "twice", "slower", "simpler", "check", "ask", "week", "sheet", "page", "worked",
    "yesterday", "broadcast", "scalar", "remember", "later", "clean", "think", "picture", "arrow",
    "node", "edge",
)  # fmt: skip
NAMES = ("Addition", "Product", "Sum", "Sigmoid", "DotProduct", "MatrixVectorProduct")


@dataclass
class Student:
    """Somebody's habits."""

    draw: random.Random
    grad: str = field(init=False)
    pair: tuple[str, str] = field(init=False)
    single: str = field(init=False)
    result: str = field(init=False)

    def __post_init__(self) -> None:
        pick = self.draw.choice
        self.grad, self.pair = pick(GRADS), pick(PAIRS)
        self.single, self.result = pick(SINGLES), pick(RESULTS)
        self.talks, self.named = self.draw.random() * 0.5, self.draw.random() < 0.6
        self.asks = self.draw.random() < 0.4

    def file(self) -> str:
        """What they write."""
        order = list(NAMES)
        if self.draw.random() < 0.2:
            self.draw.shuffle(order)
        more = ("from torch.autograd import Function\n", "", "import torch.nn as nn\n")
        head = "import torch\n" + self.draw.choice(more)
        return head + "\n\n".join(self._one(name) for name in order) + "\n"

    def _comment(self, depth: int) -> list[str]:
        if self.draw.random() > self.talks:
            return []
        said = self.draw.choice(SAID)
        if self.draw.random() < 0.35:
            said = " ".join(self.draw.sample(WORDS, self.draw.randint(3, 7)))
        return [" " * depth + "# " + said]

    def _one(self, name: str) -> str:
        a, b = self.pair
        if name in ("Sum", "Sigmoid"):
            a, b = self.single, ""
        g = self.grad if self.grad not in (a, b) else "grad_output"
        formula, gradients, saved = self._formulas(name, a, b, g)
        lines = [f"class {name}(torch.autograd.Function):", *self._comment(4), "    @staticmethod"]
        lines += [f"    def forward(ctx, {', '.join(filter(None, (a, b)))}):", *self._comment(8)]
        keep = f"        ctx.save_for_backward({', '.join(saved)})"
        if name == "Sigmoid":
            lines += [f"        {self.result} = {formula}", keep.replace(saved[0], self.result),
                      f"        return {self.result}"]  # fmt: skip
            load = [f"        {self.result}, = ctx.saved_tensors"]
        else:
            lines += ([keep] if saved else []) + self._returned(formula)
            load = [f"        {', '.join(saved)}{',' * (len(saved) == 1)} = ctx.saved_tensors"]
        lines += ["", "    @staticmethod", f"    def backward(ctx, {g}):", *self._comment(8)]
        lines += load if saved else []
        lines += self._backward(gradients, a, b)
        return "\n".join(lines)

    def _returned(self, formula: str) -> list[str]:
        if self.named:
            return [f"        {self.result} = {formula}", f"        return {self.result}"]
        return [f"        return {formula}"]

    def _backward(self, gradients: list[str], a: str, b: str) -> list[str]:
        if self.asks:
            gradients = [f"{one} if ctx.needs_input_grad[{place}] else None"
                         for place, one in enumerate(gradients)]  # fmt: skip
        if not self.named:
            return [f"        return {', '.join(gradients)}"]
        prefix = self.draw.choice(("grad_", "d", "g_"))
        names = [f"{prefix}{one}" for one in (a, b)[: len(gradients)]]
        lines = [f"        {n} = {one}" for n, one in zip(names, gradients, strict=True)]
        return [*lines, f"        return {', '.join(names)}"]

    def _formulas(self, name: str, a: str, b: str, g: str) -> tuple[str, list[str], list[str]]:
        pick = self.draw.choice
        s = self.result
        return {
            "Addition": (f"{a} + {b}", [g, g], []),
            "Product": (f"{a} * {b}", [f"{g} * {b}", f"{g} * {a}"], [a, b]),
            "Sum": (pick((f"{a}.sum()", f"torch.sum({a})")),
                    [pick((f"{g} * torch.ones_like({a})", f"{g}.expand_as({a})",
                           f"{g}.expand({a}.shape)"))], [a]),
            "Sigmoid": (pick((f"1 / (1 + torch.exp(-{a}))", f"torch.sigmoid({a})")),
                        [pick((f"{g} * {s} * (1 - {s})", f"{g} * ({s} - {s} ** 2)"))], [a]),
            "DotProduct": (pick((f"torch.dot({a}, {b})", f"({a} * {b}).sum()", f"{a} @ {b}")),
                           [f"{g} * {b}", f"{g} * {a}"], [a, b]),
            "MatrixVectorProduct": (pick((f"{a} @ {b}", f"torch.mv({a}, {b})",
                                          f"torch.matmul({a}, {b})")),
                                    [pick((f"torch.outer({g}, {b})",
                                           f"{g}.unsqueeze(1) * {b}")),
                                     pick((f"{a}.T @ {g}", f"{a}.t() @ {g}"))], [a, b]),
        }[name]  # fmt: skip


def disguised(text: str, how: str, draw: random.Random) -> str:
    """A copy, as people hide one."""
    if how == "verbatim":
        return text
    if how == "names changed":
        for place, name in enumerate((*GRADS, *SINGLES, *(n for p in PAIRS for n in p), *RESULTS)):
            text = re.sub(rf"\b{name}\b", f"var{place}", text)
        return text
    if how == "comments gone":
        return re.sub(r"\n *#[^\n]*", "", text)
    head, *classes = re.split(r"(?=^class )", text, flags=re.M)
    if how == "reordered":
        draw.shuffle(classes)
        return head + "".join(one.rstrip() + "\n\n\n" for one in classes)
    own = re.split(r"(?=^class )", Student(draw).file(), flags=re.M)[1:]
    return head + "".join([*classes[: len(classes) // 2], *own[len(own) // 2 :]])  # "half of it"


DISGUISES = ("verbatim", "names changed", "comments gone", "reordered", "half of it")


def file_of(owner: int, attempt: int, text: str) -> File:
    """A file as it is stored."""
    return File(owner, attempt, hashlib.sha256(text.encode()).hexdigest(), text)


def made_class(
    seed: int, number: int, copies: int = 0, how: str = "verbatim"
) -> tuple[list[File], set[tuple[int, int]]]:
    """The files of a class, an attempt or two each, and who copied from whom."""
    draw = random.Random(seed)
    files, copied = [], set()
    texts = [Student(draw).file() for _ in range(number)]
    for place in range(copies):
        source, copier = 2 * place, 2 * place + 1
        texts[copier] = disguised(texts[source], how, draw)
        copied.add((source, copier))
    for owner, text in enumerate(texts):
        files.append(file_of(owner, 1, text))
        if draw.random() < 0.5:
            mended = text.replace("return", "return ", 1)
            files.append(file_of(owner, 2, mended))
    return files, copied
