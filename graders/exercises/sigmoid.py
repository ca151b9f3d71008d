"""The logistic function."""

from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="sigmoid",
    title="Sigmoid",
    summary="The logistic function of each element, as torch.sigmoid(x).",
    entries=("Sigmoid", "sigmoid", "Sigm", "Logistic", "LogisticSigmoid", "SigmoidActivation"),
    also=(
        "sig, sigma, sgm, sgmd, sigmoidal, sigmoids, sigmoide, logistics, logistic curve, "
        "expit, squash, squashing, logistic regression, inverse logit, inv logit, logistical, "
        "sigmd"
    ),
    inputs=("x",),
    reference="torch.sigmoid(x)",
    gradients={"x": "dzdy * y * (1 - y)"},
    shapes=(((4,),), ((),), ((2, 3),), ((2, 1, 3, 2),)),
    empty=((0,),),
    extremes=(-100.0, 100.0, 0.0, -30.0),
    misconceptions=(
        Misconception(
            name="upstream gradient forgotten",
            hint="The chain rule multiplies the derivative of the sigmoid by what comes from "
            "upstream.",
            pointer="Sigmoid",
            gradients={"x": "y * (1 - y)"},
        ),
        Misconception(
            name="input saved where the output was meant",
            hint="The formula needs `y`. Which tensor did you hand to `save_for_backward`?",
            pointer="Sigmoid",
            gradients={"x": "dzdy * x * (1 - x)"},
        ),
        Misconception(
            name="only the factor `y`",
            hint="The derivative is a product of two factors: one of them is missing.",
            pointer="Sigmoid",
            gradients={"x": "dzdy * y"},
        ),
        Misconception(
            name="only the factor `1 - y`",
            hint="The derivative is a product of two factors: one of them is missing.",
            pointer="Sigmoid",
            gradients={"x": "dzdy * (1 - y)"},
        ),
        Misconception(
            name="the wrong sign",
            hint="The sigmoid grows everywhere. Which sign must its derivative have?",
            pointer="Sigmoid",
            gradients={"x": "-dzdy * y * (1 - y)"},
        ),
        Misconception(
            name="the derivative of tanh",
            hint="This is the derivative of a function that runs from -1 to 1.",
            pointer="Sigmoid",
            gradients={"x": "dzdy * (1 - y * y)"},
        ),
        Misconception(
            name="sigmoid applied twice",
            hint="If what you saved is the result already, `backward` must not apply the sigmoid "
            "to it again.",
            pointer="Sigmoid",
            gradients={"x": "dzdy * torch.sigmoid(y) * (1 - torch.sigmoid(y))"},
        ),
        Misconception(
            name="upstream gradient passed on unchanged",
            hint="How steep is the sigmoid at 0? And far away from 0?",
            pointer="Sigmoid",
            gradients={"x": "dzdy"},
        ),
        Misconception(
            name="a sum where a product was meant",
            hint="How are the two factors of the derivative and `dzdy` joined?",
            pointer="Sigmoid",
            gradients={"x": "y + (1 - y) * dzdy"},
        ),
        Misconception(
            name="upstream gradient added",
            hint="What does the chain rule do with the two derivatives it joins?",
            pointer="Sigmoid",
            gradients={"x": "dzdy + y * (1 - y)"},
        ),
        Misconception(
            name="the derivative of the denominator alone",
            hint="The sigmoid is a quotient. What does the rule for quotients divide by?",
            pointer="Sigmoid",
            gradients={"x": "dzdy * torch.exp(-x)"},
        ),
        Misconception(
            name="denominator not squared",
            hint="The rule for quotients divides by the square of the denominator.",
            pointer="Sigmoid",
            gradients={"x": "-dzdy * torch.exp(-x) / (1 + torch.exp(-x))"},
        ),
        Misconception(
            name="`1 + y` for `1 - y`",
            hint="What is the derivative close to when `y` is almost 1?",
            pointer="Sigmoid",
            gradients={"x": "dzdy * y * (1 + y)"},
        ),
        Misconception(
            name="no gradient",
            hint="`backward` has to return the gradient of `x`.",
            pointer="Sigmoid",
            gradients={"x": "None"},
        ),
        Misconception(
            name="sign of the exponent",
            hint="What should come out for a large positive `x`?",
            pointer="Sigmoid",
            forward="1 / (1 + torch.exp(x))",
        ),
        Misconception(
            name="tanh for sigmoid",
            hint="The sigmoid runs from 0 to 1.",
            pointer="Sigmoid",
            forward="torch.tanh(x)",
        ),
    ),
)
