"""Element-wise addition."""

from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="addition",
    title="Addition",
    summary="Add two tensors of the same shape, element by element.",
    entries=(
        "Addition",
        "Add",
        "add",
        "Plus",
        "AddTensors",
        "Addition2",
        "Adder",
        "ElementwiseAddition",
        "ElementwiseAdd",
        "ElementwiseSum",
    ),
    also=(
        "sum, summation, summing, adding, adds, additive, sum two, sum of two, add two, add up, "
        "x plus y, a plus b, pairwise sum, pair sum, tensor sum, summe, somme, suma, addieren, "
        "adicion, ajouter, addi, addit"
    ),
    inputs=("x1", "x2"),
    reference="x1 + x2",
    gradients={"x1": "dzdy", "x2": "dzdy"},
    shapes=(
        ((4,), (4,)),
        ((), ()),
        ((2, 3), (2, 3)),
        ((2, 1, 3, 2), (2, 1, 3, 2)),
        ((1,), (1,)),
    ),
    empty=((0,), (0,)),
    misconceptions=(
        Misconception(
            name="upstream gradient replaced by ones",
            hint="A sum passes on what it receives. Where did `dzdy` go?",
            pointer="Addition",
            gradients={"x1": "torch.ones_like(dzdy)", "x2": "torch.ones_like(dzdy)"},
            each=True,
        ),
        Misconception(
            name="the gradients of a product",
            hint="Multiplying by the other input belongs to a product. Does a sum need its inputs?",
            pointer="Addition",
            gradients={"x1": "dzdy * x2", "x2": "dzdy * x1"},
        ),
        Misconception(
            name="upstream gradient multiplied by the input",
            hint="By how much does `y` change when one input grows by 1? Does its value matter?",
            pointer="Addition",
            gradients={"x1": "dzdy * x1", "x2": "dzdy * x2"},
            each=True,
        ),
        Misconception(
            name="no second gradient",
            hint="`forward` takes two tensors, and both of them lead to `y`.",
            pointer="Addition",
            gradients={"x2": "None"},
        ),
        Misconception(
            name="no first gradient",
            hint="`forward` takes two tensors, and both of them lead to `y`.",
            pointer="Addition",
            gradients={"x1": "None"},
        ),
        Misconception(
            name="upstream gradient shared out",
            hint="Each input gets all of what arrives; nothing has to be divided between them.",
            pointer="Addition",
            gradients={"x1": "dzdy / 2", "x2": "dzdy / 2"},
        ),
        Misconception(
            name="the sign of a difference",
            hint="This is the gradient of `x1 - x2`. In which direction does `y` move here?",
            pointer="Addition",
            gradients={"x2": "-dzdy"},
        ),
        Misconception(
            name="the wrong sign",
            hint="In which direction does `y` move when an input grows?",
            pointer="Addition",
            gradients={"x1": "-dzdy", "x2": "-dzdy"},
        ),
        Misconception(
            name="upstream gradient summed",
            hint="Each element of `y` depends on one element of each input, so no sum is needed.",
            pointer="Addition",
            gradients={
                "x1": "dzdy.sum().expand_as(dzdy)",
                "x2": "dzdy.sum().expand_as(dzdy)",
            },
            each=True,
        ),
        Misconception(
            name="forward subtracts",
            hint="Look at the sign in `forward`.",
            pointer="Addition",
            forward="x1 - x2",
        ),
        Misconception(
            name="forward multiplies",
            hint="Which operation does this exercise ask for?",
            pointer="Addition",
            forward="x1 * x2",
        ),
    ),
)
