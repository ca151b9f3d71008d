"""The dot product of two vectors."""

from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="dot-product",
    title="Dot product",
    summary="The dot product of two vectors, as torch.dot(x1, x2).",
    entries=(
        "DotProduct",
        "Dot",
        "dot",
        "dot_product",
        "DotProd",
        "InnerProduct",
        "Inner",
        "ScalarProduct",
        "VectorDot",
        "VectorDotProduct",
    ),
    also=(
        "inner prod, inner p, inner products, dots, dotted, dotp, d prod, vdot, vec dot, scalar "
        "prod, scalar mul, vector product, vector mul, vector multiply, vector multiplication, "
        "vec prod, vec mul, vec product, vec vec, vector vector, vector times vector, vv "
        "product, sum product, sum of products, sum of product, product sum, mul sum, multiply "
        "sum, multiply and sum, skalarprodukt, skalar produkt, produit scalaire, producto "
        "escalar, producto punto, punto, inner, product, prod, mul, multiply, dot mul, dot "
        "multiply, weighted sum"
    ),
    inputs=("x1", "x2"),
    reference="torch.dot(x1, x2)",
    gradients={"x1": "dzdy * x2", "x2": "dzdy * x1"},
    shapes=(((4,), (4,)), ((1,), (1,)), ((7,), (7,))),
    empty=((0,), (0,)),
    misconceptions=(
        Misconception(
            name="gradients swapped",
            hint="The gradient of `x1` must not change when only `x1` does. Which tensor is in it?",
            pointer="Dot product",
            gradients={"x1": "dzdy * x1", "x2": "dzdy * x2"},
        ),
        Misconception(
            name="upstream gradient forgotten",
            hint="The chain rule multiplies the local derivative by what comes from upstream.",
            pointer="Dot product",
            gradients={"x1": "x2", "x2": "x1"},
            each=True,
        ),
        Misconception(
            name="the gradients of a sum",
            hint="Before anything is added up, the elements are multiplied. Where is that in "
            "`backward`?",
            pointer="Dot product",
            gradients={"x1": "dzdy.expand(x1.shape)", "x2": "dzdy.expand(x2.shape)"},
            each=True,
        ),
        Misconception(
            name="upstream gradient not expanded",
            hint="A gradient has the shape of its input: one number for each element.",
            pointer="Dot product",
            gradients={"x1": "dzdy", "x2": "dzdy"},
            each=True,
        ),
        Misconception(
            name="the result where the other vector was meant",
            hint="The derivative by one vector is the other one. What stands there in its place?",
            pointer="Dot product",
            gradients={"x1": "(dzdy * y).expand(x1.shape)", "x2": "(dzdy * y).expand(x2.shape)"},
            each=True,
        ),
        Misconception(
            name="no second gradient",
            hint="`forward` takes two vectors, and both of them lead to the result.",
            pointer="Dot product",
            gradients={"x2": "None"},
        ),
        Misconception(
            name="no first gradient",
            hint="`forward` takes two vectors, and both of them lead to the result.",
            pointer="Dot product",
            gradients={"x1": "None"},
        ),
        Misconception(
            name="the same gradient twice, that of `x1`",
            hint="The two gradients differ: look at what the second one is multiplied by.",
            pointer="Dot product",
            gradients={"x2": "dzdy * x2"},
        ),
        Misconception(
            name="the same gradient twice, that of `x2`",
            hint="The two gradients differ: look at what the first one is multiplied by.",
            pointer="Dot product",
            gradients={"x1": "dzdy * x1"},
        ),
        Misconception(
            name="gradient summed to one number",
            hint="Forward adds up; backward goes the other way. Which shape must a gradient have?",
            pointer="Dot product",
            gradients={"x1": "(dzdy * x2).sum()", "x2": "(dzdy * x1).sum()"},
            each=True,
        ),
        Misconception(
            name="the elements' products in both gradients",
            hint="The derivative of a product with respect to one factor does not contain that "
            "factor.",
            pointer="Dot product",
            gradients={"x1": "dzdy * x1 * x2", "x2": "dzdy * x1 * x2"},
            each=True,
        ),
        Misconception(
            name="the wrong sign",
            hint="If all elements are positive and one grows, in which direction does the result "
            "move?",
            pointer="Dot product",
            gradients={"x1": "-dzdy * x2", "x2": "-dzdy * x1"},
            each=True,
        ),
        Misconception(
            name="the gradient of a mean",
            hint="Where does the division by the length come from?",
            pointer="Dot product",
            gradients={"x1": "dzdy * x2 / x1.numel()", "x2": "dzdy * x1 / x1.numel()"},
            each=True,
        ),
        Misconception(
            name="forward does not add up",
            hint="A dot product is one number.",
            pointer="Dot product",
            forward="x1 * x2",
        ),
        Misconception(
            name="mean for sum",
            hint="Which of `torch.sum` and `torch.mean` is in a dot product?",
            pointer="Dot product",
            forward="(x1 * x2).mean()",
        ),
    ),
)
