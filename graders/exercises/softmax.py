"""The softmax of each row."""

from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="softmax",
    title="Softmax",
    summary="Shares that add up to one, along the last dimension, as torch.softmax(x, -1).",
    entries=(
        "Softmax",
        "SoftmaxActivation",
        "StableSoftmax",
        "RowSoftmax",
        "SoftmaxRows",
        "SoftmaxLastDim",
        "SoftmaxCustom",
        "NormalizedExponential",
    ),
    also=(
        "soft max, softmaxes, smax, sm, soft arg max, softarg, softargmax, normalised "
        "exponential, normalized exp, normalised exp, norm exp, exp norm, exp normalize, exp "
        "normalise, boltzmann, gibbs, probabilities, probs"
    ),
    inputs=("x",),
    reference="torch.softmax(x, -1)",
    gradients={"x": "y * (dzdy - (dzdy * y).sum(-1, keepdim=True))"},
    shapes=(((2, 3),), ((4,),), ((3, 3),), ((2, 3, 4),)),
    empty=((0, 3),),
    extremes=(100.0, -100.0, 0.0, 99.0),
    misconceptions=(
        Misconception(
            name="only the diagonal",
            hint="`y * (1 - y)` says how an element moves with its own input. Do the other inputs "
            "of the row not move it?",
            pointer="Softmax",
            gradients={"x": "dzdy * y * (1 - y)"},
        ),
        Misconception(
            name="only the diagonal, without upstream gradient",
            hint="Two things are missing: what comes from upstream, and what the other elements "
            "of a row have to do with each other.",
            pointer="Softmax",
            gradients={"x": "y * (1 - y)"},
        ),
        Misconception(
            name="the diagonal is missing",
            hint="The derivative has two cases. Which one belongs to an element's own input?",
            pointer="Softmax",
            gradients={"x": "-y * ((dzdy * y).sum(-1, keepdim=True) - dzdy * y)"},
        ),
        Misconception(
            name="the sum is missing",
            hint="When one element of a row grows, the others shrink: the sum below the line "
            "makes them. Where is that in `backward`?",
            pointer="Softmax",
            gradients={"x": "dzdy * y"},
        ),
        Misconception(
            name="summed along the wrong dimension",
            hint="Rows have nothing to do with each other. Along which dimension do you add up?",
            pointer="Softmax",
            gradients={"x": "y * (dzdy - (dzdy * y).sum(0, keepdim=True))"},
        ),
        Misconception(
            name="summed over everything",
            hint="Rows have nothing to do with each other. Over what do you add up?",
            pointer="Softmax",
            gradients={"x": "y * (dzdy - (dzdy * y).sum())"},
        ),
        Misconception(
            name="mean for sum",
            hint="Add up what the chain rule says for all elements of a row. Is it then divided?",
            pointer="Softmax",
            gradients={"x": "y * (dzdy - (dzdy * y).mean(-1, keepdim=True))"},
        ),
        Misconception(
            name="upstream gradient missing in the sum",
            hint="Each element of a row brings its own upstream gradient into the sum.",
            pointer="Softmax",
            gradients={"x": "y * (dzdy - y.sum(-1, keepdim=True))"},
        ),
        Misconception(
            name="the shares are missing in the sum",
            hint="What is added up along a row: the upstream gradients alone?",
            pointer="Softmax",
            gradients={"x": "y * (dzdy - dzdy.sum(-1, keepdim=True))"},
        ),
        Misconception(
            name="the factor in front is missing",
            hint="If a share is almost 0, how much can its input still do?",
            pointer="Softmax",
            gradients={"x": "dzdy - (dzdy * y).sum(-1, keepdim=True)"},
        ),
        Misconception(
            name="the sum is added",
            hint="When one share grows, do the others grow or shrink?",
            pointer="Softmax",
            gradients={"x": "y * (dzdy + (dzdy * y).sum(-1, keepdim=True))"},
        ),
        Misconception(
            name="the gradient of log-softmax",
            hint="This is the gradient of the logarithm of the shares.",
            pointer="Softmax",
            gradients={"x": "dzdy - y * dzdy.sum(-1, keepdim=True)"},
        ),
        Misconception(
            name="input saved where the output was meant",
            hint="The formula needs `y`. Which tensor did you hand to `save_for_backward`?",
            pointer="Softmax",
            gradients={"x": "x * (dzdy - (dzdy * x).sum(-1, keepdim=True))"},
        ),
        Misconception(
            name="upstream gradient passed on unchanged",
            hint="If all of a row grows by the same amount, `y` stays. Does your gradient say so?",
            pointer="Softmax",
            gradients={"x": "dzdy"},
        ),
        Misconception(
            name="the wrong sign",
            hint="In which direction does a share move when its own input grows?",
            pointer="Softmax",
            gradients={"x": "-y * (dzdy - (dzdy * y).sum(-1, keepdim=True))"},
        ),
        Misconception(
            name="no gradient",
            hint="`backward` has to return the gradient of `x`.",
            pointer="Softmax",
            gradients={"x": "None"},
        ),
        Misconception(
            name="shares along the wrong dimension",
            hint="Which numbers add up to one: those of a row, or those of a column?",
            pointer="Softmax",
            forward="torch.softmax(x, 0)",
        ),
        Misconception(
            name="shares of everything",
            hint="Each row adds up to one by itself. Along which dimension do you add up?",
            pointer="Softmax",
            forward="torch.softmax(x.flatten(), 0).view(x.shape)",
        ),
        Misconception(
            name="log-softmax for softmax",
            hint="Shares lie between 0 and 1.",
            pointer="Softmax",
            forward="torch.log_softmax(x, -1)",
        ),
        Misconception(
            name="not divided by the sum",
            hint="What do the numbers of a row add up to?",
            pointer="Softmax",
            forward="torch.exp(x)",
        ),
        Misconception(
            name="sigmoid for softmax",
            hint="Each number of a row depends on the others of the row.",
            pointer="Softmax",
            forward="torch.sigmoid(x)",
        ),
        Misconception(
            name="the exponential is missing",
            hint="Shares are positive, whatever the sign of `x` is.",
            pointer="Softmax",
            forward="x / x.sum(-1, keepdim=True)",
        ),
    ),
)
