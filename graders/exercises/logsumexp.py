"""The logarithm of the sum of exponentials of each row."""

from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="logsumexp",
    title="Log-sum-exp",
    summary="A smooth maximum along the last dimension, as torch.logsumexp(x, -1).",
    entries=(
        "LogSumExp",
        "LSE",
        "LogSumExponential",
        "StableLogSumExp",
        "LogSumExpStable",
        "RowLogSumExp",
        "SmoothMax",
        "SmoothMaximum",
        "LogAddExp",
    ),
    also=(
        "log sum exps, log sum, sum exp log, log of sum of exp, log of sum exp, log sum of exp, "
        "log sum of exps, log sum of exponentials, log of sum of exponentials, "
        "logsumexponentials, log sum exponent, log sum exponents, lsexp, soft maximum, smooth "
        "maximum, log partition, log partition function, log normalizer, log normaliser, logsum "
        "exponent, log exp sum, exp sum log"
    ),
    inputs=("x",),
    reference="torch.logsumexp(x, -1)",
    gradients={"x": "dzdy.unsqueeze(-1) * torch.softmax(x, -1)"},
    # Of two results alone, both could be right in float32 by luck.
    shapes=(((4, 3),), ((4,),), ((3, 3),), ((2, 2, 3),)),
    empty=((0, 3),),
    extremes=(1000.0, -1000.0, 0.0, 999.0),
    misconceptions=(
        Misconception(
            name="upstream gradient forgotten",
            hint="The shares are the local derivative. What does the chain rule do with them?",
            pointer="Log-sum-exp",
            gradients={"x": "torch.softmax(x, -1)"},
        ),
        Misconception(
            name="the gradient of the maximum",
            hint="This function is smooth: the elements below the largest matter too.",
            pointer="Log-sum-exp",
            gradients={
                "x": "dzdy.unsqueeze(-1) * (x == x.amax(-1, keepdim=True)).to(x.dtype)",
            },
        ),
        Misconception(
            name="not normalised",
            hint="The logarithm has a derivative of its own. By what does it divide?",
            pointer="Log-sum-exp",
            gradients={"x": "dzdy.unsqueeze(-1) * torch.exp(x)"},
        ),
        Misconception(
            name="the derivative of the logarithm alone",
            hint="Inside of the logarithm stand exponentials. What is their derivative?",
            pointer="Log-sum-exp",
            gradients={"x": "(dzdy * torch.exp(-y)).unsqueeze(-1).expand(x.shape)"},
        ),
        Misconception(
            name="divided by the result",
            hint="The result is the logarithm of the sum. By what must the shares be divided?",
            pointer="Log-sum-exp",
            gradients={"x": "dzdy.unsqueeze(-1) * torch.exp(x) / y.unsqueeze(-1)"},
        ),
        Misconception(
            name="the gradient of a sum",
            hint="How much `y` moves depends on how large an element is beside the others.",
            pointer="Log-sum-exp",
            gradients={"x": "dzdy.unsqueeze(-1).expand(x.shape)"},
        ),
        Misconception(
            name="the gradient of a mean",
            hint="Do all elements of a row have the same share in `y`?",
            pointer="Log-sum-exp",
            gradients={"x": "dzdy.unsqueeze(-1).expand(x.shape) / x.shape[-1]"},
        ),
        Misconception(
            name="upstream gradient meets the wrong dimension",
            hint="`dzdy` holds one number for each row. Which shape lets it meet its own row?",
            pointer="Log-sum-exp",
            gradients={"x": "dzdy * torch.softmax(x, -1)"},
        ),
        Misconception(
            name="upstream gradient summed",
            hint="Each row makes its own element of `y`, with its own upstream gradient.",
            pointer="Log-sum-exp",
            gradients={"x": "dzdy.sum() * torch.softmax(x, -1)"},
        ),
        Misconception(
            name="shares along the wrong dimension",
            hint="Which shares add up to one in `backward`: those of a row, or of a column?",
            pointer="Log-sum-exp",
            gradients={"x": "dzdy.unsqueeze(-1) * torch.softmax(x, 0)"},
        ),
        Misconception(
            name="shares of everything",
            hint="Rows have nothing to do with each other. Over what does `backward` add up?",
            pointer="Log-sum-exp",
            gradients={"x": "dzdy.unsqueeze(-1) * torch.softmax(x.flatten(), 0).view(x.shape)"},
        ),
        Misconception(
            name="the derivative of the shares",
            hint="The shares are the derivative already; they are not to be differentiated again.",
            pointer="Log-sum-exp",
            gradients={
                "x": "dzdy.unsqueeze(-1) * torch.softmax(x, -1) * (1 - torch.softmax(x, -1))"
            },
        ),
        Misconception(
            name="the input for the shares",
            hint="Between what do the derivatives lie? And does `x`?",
            pointer="Log-sum-exp",
            gradients={"x": "dzdy.unsqueeze(-1) * x"},
        ),
        Misconception(
            name="the wrong sign",
            hint="In which direction does `y` move when an element grows?",
            pointer="Log-sum-exp",
            gradients={"x": "-dzdy.unsqueeze(-1) * torch.softmax(x, -1)"},
        ),
        Misconception(
            name="no gradient",
            hint="`backward` has to return the gradient of `x`.",
            pointer="Log-sum-exp",
            gradients={"x": "None"},
        ),
        Misconception(
            name="the logarithm is missing",
            hint="What is to come out for a row with a single element?",
            pointer="Log-sum-exp",
            forward="torch.exp(x).sum(-1)",
        ),
        Misconception(
            name="the largest element was not added again",
            hint="You take the largest element out of the sum. Where does it come back?",
            pointer="Log-sum-exp",
            forward="torch.logsumexp(x - x.amax(-1, keepdim=True), -1)",
        ),
        Misconception(
            name="the maximum for its smooth stand-in",
            hint="Elements below the largest count too, if less.",
            pointer="Log-sum-exp",
            forward="x.amax(-1)",
        ),
        Misconception(
            name="mean for sum",
            hint="What is to come out for a row of zeros?",
            pointer="Log-sum-exp",
            forward="torch.log(torch.exp(x).mean(-1))",
        ),
        Misconception(
            name="the last dimension is kept",
            hint="There is one number for each row. How many dimensions has `y`?",
            pointer="Log-sum-exp",
            forward="torch.logsumexp(x, -1, keepdim=True)",
        ),
        Misconception(
            name="summed along the wrong dimension",
            hint="Which dimension is to disappear?",
            pointer="Log-sum-exp",
            forward="torch.logsumexp(x, 0)",
        ),
        Misconception(
            name="summed over everything",
            hint="There is one number for each row.",
            pointer="Log-sum-exp",
            forward="torch.logsumexp(x.flatten(), 0)",
        ),
    ),
)
