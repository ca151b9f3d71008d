"""A linear layer: a batch of rows, a matrix of weights, a bias."""

from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="linear",
    title="Linear layer",
    summary="A batch of rows times weights, plus a bias, as torch.nn.functional.linear(X, W, b).",
    entries=(
        "Linear",
        "Dense",
        "FullyConnected",
        "FC",
        "Affine",
        "AffineTransform",
        "AffineTransformation",
        "LinearTransform",
        "LinearTransformation",
        "LinearWithBias",
        "LinearBias",
    ),
    also=(
        "lin, linears, linear regression, linear combination, linear map, linear with b, linear "
        "and bias, linear plus bias, affine map, affine function, affine linear, linear affine, "
        "fully connected layer, fully conn, fcl, dense linear, addmm, gemm, wx plus b, wxb, "
        "xwb, wxpb, xw plus b, wx b, proj, projection, linear projection, perceptron, mat mul "
        "add, mat mul bias, weighted sum, linear xwb"
    ),
    inputs=("X", "W", "b"),
    reference="X @ W.T + b",
    gradients={"X": "dzdy @ W", "W": "dzdy.T @ X", "b": "dzdy.sum(0)"},
    shapes=(
        ((2, 3), (4, 3), (4,)),
        ((3, 3), (3, 3), (3,)),
        ((1, 2), (3, 2), (3,)),
        ((3, 1), (2, 1), (2,)),
        ((4, 2), (2, 2), (2,)),
        ((3, 2), (3, 2), (3,)),
    ),
    empty=((0, 3), (2, 3), (2,)),
    misconceptions=(
        Misconception(
            name="gradient of the weights transposed",
            hint="The gradient of `W` has the shape of `W`. Which of its two sides belongs to "
            "`dzdy`?",
            pointer="Linear layer",
            gradients={"W": "X.T @ dzdy"},
        ),
        Misconception(
            name="weights transposed in the gradient of the input",
            hint="`forward` has transposed the weights already. What has to be undone?",
            pointer="Linear layer",
            gradients={"X": "dzdy @ W.T"},
        ),
        Misconception(
            name="transpose missing in the gradient of the weights",
            hint="The batch must disappear in the gradient of `W`. Which dimensions meet in your "
            "matrix product?",
            pointer="Linear layer",
            gradients={"W": "dzdy @ X"},
        ),
        Misconception(
            name="upstream gradient forgotten",
            hint="The chain rule joins each local derivative with what comes from upstream.",
            pointer="Linear layer",
            gradients={
                "X": "torch.ones_like(dzdy) @ W",
                "W": "torch.ones_like(dzdy).T @ X",
                "b": "torch.ones_like(dzdy).sum(0)",
            },
            each=True,
        ),
        Misconception(
            name="upstream gradient forgotten for the bias",
            hint="Adding passes on what arrives from upstream, and what arrives is seldom 1.",
            pointer="Linear layer",
            gradients={"b": "torch.ones_like(b)"},
        ),
        Misconception(
            name="mean over the batch",
            hint="The parts of all rows of the batch are added up. Is it your loss that divides?",
            pointer="Linear layer",
            gradients={"W": "dzdy.T @ X / X.shape[0]", "b": "dzdy.mean(0)"},
            each=True,
        ),
        Misconception(
            name="gradient of the bias summed along the wrong dimension",
            hint="There is one bias for each output. What has to disappear is the batch.",
            pointer="Linear layer",
            gradients={"b": "dzdy.sum(1)"},
        ),
        Misconception(
            name="gradient of the bias summed to one number",
            hint="There is one bias for each output, and so one gradient for each.",
            pointer="Linear layer",
            gradients={"b": "dzdy.sum()"},
        ),
        Misconception(
            name="gradient of the bias spread out",
            hint="Each bias gets the sum of its own column, not of all of them.",
            pointer="Linear layer",
            gradients={"b": "dzdy.sum().expand(b.shape)"},
        ),
        Misconception(
            name="gradient of the bias from the first row alone",
            hint="The bias is added to every row of the batch, so every row has a say.",
            pointer="Linear layer",
            gradients={"b": "dzdy[0]"},
        ),
        Misconception(
            name="the bias for its gradient",
            hint="How much does an output move when its bias grows by 1? Does the bias itself "
            "matter?",
            pointer="Linear layer",
            gradients={"b": "dzdy.sum(0) * b"},
        ),
        Misconception(
            name="gradients of input and weights swapped",
            hint="`backward` returns its gradients in the order of the arguments of `forward`.",
            pointer="Linear layer",
            gradients={"X": "dzdy.T @ X", "W": "dzdy @ W"},
        ),
        Misconception(
            name="no gradient for the bias",
            hint="`forward` takes three tensors, and all of them lead to the result.",
            pointer="Linear layer",
            gradients={"b": "None"},
        ),
        Misconception(
            name="no gradient for the weights",
            hint="`forward` takes three tensors, and all of them lead to the result.",
            pointer="Linear layer",
            gradients={"W": "None"},
        ),
        Misconception(
            name="no gradient for the input",
            hint="`forward` takes three tensors, and all of them lead to the result.",
            pointer="Linear layer",
            gradients={"X": "None"},
        ),
        Misconception(
            name="the wrong sign",
            hint="In which direction does the result move when an input grows?",
            pointer="Linear layer",
            gradients={"X": "-dzdy @ W", "W": "-dzdy.T @ X", "b": "-dzdy.sum(0)"},
            each=True,
        ),
        Misconception(
            name="bias forgotten",
            hint="What is to come out for an input of zeros?",
            pointer="Linear layer",
            forward="X @ W.T",
        ),
        Misconception(
            name="bias subtracted",
            hint="What is to come out for an input of zeros?",
            pointer="Linear layer",
            forward="X @ W.T - b",
        ),
        Misconception(
            name="weights not transposed",
            hint="Your `forward` takes `W` with one column for each output, (in, out). Here it has "
            "one row for each, (out, in), as in `torch.nn.Linear`. Which sides have to meet?",
            pointer="Linear layer",
            forward="X @ W + b",
        ),
        Misconception(
            name="weights before the input",
            hint="Your `forward` takes the examples as columns. Here each row of `X` is one, as in "
            "`torch.nn.Linear`, so `X` comes first. Which sides have to meet?",
            pointer="Linear layer",
            forward="W @ X + b",
        ),
        Misconception(
            name="the result transposed",
            hint="The result has one row for each row of the batch.",
            pointer="Linear layer",
            forward="(X @ W.T + b).T",
        ),
    ),
)
