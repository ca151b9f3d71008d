"""Element-wise product."""

from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="product",
    title="Product",
    summary="Multiply two tensors of the same shape, element by element.",
    entries=(
        "Product",
        "Mul",
        "Multiply",
        "mul",
        "prod",
        "Multiplication",
        "Times",
        "ElementwiseProduct",
        "ElementwiseMul",
        "ElementwiseMultiplication",
        "Hadamard",
        "HadamardProduct",
        "Mult",
    ),
    also=(
        "muls, multiplying, multiplier, multiplicate, multiplicative, prods, product of "
        "two, x times y, a times b, schur, schur product, hadamard mul, hadamard multiply, "
        "vector product, vector mul, vector multiply, vector multiplication, vec prod, vec mul, "
        "vec product, produkt, produit, producto, multiplizieren, multiplikation, emul, ewise, "
        "ew mul, ew product, pairwise product, multi"
    ),
    inputs=("x1", "x2"),
    reference="x1 * x2",
    gradients={"x1": "dzdy * x2", "x2": "dzdy * x1"},
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
            name="gradients swapped",
            hint="The gradient of `x1` must not change when only `x1` does. Which tensor is in it?",
            pointer="Product",
            gradients={"x1": "dzdy * x1", "x2": "dzdy * x2"},
        ),
        Misconception(
            name="upstream gradient forgotten",
            hint="The chain rule multiplies the local derivative by what comes from upstream.",
            pointer="Product",
            gradients={"x1": "x2", "x2": "x1"},
            each=True,
        ),
        Misconception(
            name="upstream gradient added",
            hint="What does the chain rule do with the two derivatives it joins?",
            pointer="Product",
            gradients={"x1": "dzdy + x2", "x2": "dzdy + x1"},
            each=True,
        ),
        Misconception(
            name="the gradients of a sum",
            hint="Passing `dzdy` on is what addition does. Here the other factor has a say.",
            pointer="Product",
            gradients={"x1": "dzdy", "x2": "dzdy"},
            each=True,
        ),
        Misconception(
            name="the result where the other factor was meant",
            hint="The derivative by one factor is the other one alone, without the first.",
            pointer="Product",
            gradients={"x1": "dzdy * y", "x2": "dzdy * y"},
            each=True,
        ),
        Misconception(
            name="no second gradient",
            hint="`forward` takes two tensors, and both of them lead to `y`.",
            pointer="Product",
            gradients={"x2": "None"},
        ),
        Misconception(
            name="no first gradient",
            hint="`forward` takes two tensors, and both of them lead to `y`.",
            pointer="Product",
            gradients={"x1": "None"},
        ),
        Misconception(
            name="the same gradient twice, that of `x1`",
            hint="The two gradients differ: look at what the second one is multiplied by.",
            pointer="Product",
            gradients={"x2": "dzdy * x2"},
        ),
        Misconception(
            name="the same gradient twice, that of `x2`",
            hint="The two gradients differ: look at what the first one is multiplied by.",
            pointer="Product",
            gradients={"x1": "dzdy * x1"},
        ),
        Misconception(
            name="the wrong sign",
            hint="If both factors are positive and one grows, in which direction does `y` move?",
            pointer="Product",
            gradients={"x1": "-dzdy * x2", "x2": "-dzdy * x1"},
            each=True,
        ),
        Misconception(
            name="a factor of two",
            hint="Each factor stands in the product once. Where does the 2 come from?",
            pointer="Product",
            gradients={"x1": "2 * dzdy * x2", "x2": "2 * dzdy * x1"},
            each=True,
        ),
        Misconception(
            name="gradient summed to one number",
            hint="A gradient has the shape of its input: one number for each element.",
            pointer="Product",
            gradients={"x1": "(dzdy * x2).sum()", "x2": "(dzdy * x1).sum()"},
            each=True,
        ),
        Misconception(
            name="forward adds",
            hint="Which operation does this exercise ask for?",
            pointer="Product",
            forward="x1 + x2",
        ),
    ),
)
