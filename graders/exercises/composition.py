"""The student's own addition and product, one after the other."""

from graders.model.exercise import Exercise, Misconception, Step

EXERCISE = Exercise(
    slug="composition",
    title="Composition",
    summary="Your addition and your product together: c * (a + b).",
    entries=(),
    inputs=("a", "b", "c"),
    steps=(Step("d", "addition", ("a", "b")), Step("e", "product", ("c", "d"))),
    reference="c * (a + b)",
    gradients={"a": "dzdy * c", "b": "dzdy * c", "c": "dzdy * (a + b)"},
    shapes=(
        ((4,), (4,), (4,)),
        ((), (), ()),
        ((2, 1, 3), (2, 1, 3), (2, 1, 3)),
        ((1,), (1,), (1,)),
    ),
    empty=((0,), (0,), (0,)),
    misconceptions=(
        Misconception(
            name="the chain breaks at the addition",
            hint="The addition received a gradient from the product. Did it pass that on?",
            pointer="Composition",
            gradients={"a": "torch.ones_like(dzdy)", "b": "torch.ones_like(dzdy)"},
            each=True,
            step="addition",
        ),
        Misconception(
            name="the chain breaks at the product",
            hint="The product received a gradient from upstream. Is it in what it returns?",
            pointer="Composition",
            gradients={"a": "c", "b": "c", "c": "a + b"},
        ),
        Misconception(
            name="the product's gradients swapped",
            hint="The gradient that flows to the sum is the one that belongs to the product's "
            "second argument.",
            pointer="Composition",
            gradients={"a": "dzdy * (a + b)", "b": "dzdy * (a + b)", "c": "dzdy * c"},
        ),
        Misconception(
            name="the product passes on its upstream gradient",
            hint="A product changes the gradient that flows through it: by what is it multiplied?",
            pointer="Composition",
            gradients={"a": "dzdy", "b": "dzdy", "c": "dzdy"},
        ),
        Misconception(
            name="the addition's second gradient is missing",
            hint="Both arguments of the addition lead to the result.",
            pointer="Composition",
            gradients={"b": "None"},
        ),
        Misconception(
            name="the product's second gradient is missing",
            hint="The sum is the second argument of the product: nothing flows back to it.",
            pointer="Composition",
            gradients={"a": "torch.zeros_like(c)", "b": "torch.zeros_like(c)"},
            step="product",
        ),
        Misconception(
            name="the wrong sign",
            hint="In which direction does the result move when `a` grows?",
            pointer="Composition",
            gradients={"a": "-dzdy * c", "b": "-dzdy * c", "c": "-dzdy * (a + b)"},
        ),
    ),
)
