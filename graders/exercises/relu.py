"""The rectified linear unit."""

from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="relu",
    title="ReLU",
    summary="Let what is positive pass and replace the rest by zero, as torch.relu(x).",
    entries=(
        "ReLU",
        "Rectifier",
        "Rectify",
        "Ramp",
        "RectifiedLinear",
        "RectifiedLinearUnit",
        "ReLUActivation",
        "ReLUUnit",
    ),
    also=(
        "rectified, rectification, rectify linear, rect, rect lin, rect linear, rel u, rlu, "
        "rectified unit, linear rectifier, linear rectified unit, positive part, pos part, "
        "positive, max zero, zero max, max with zero, max of zero, maxzero, clamp, clamp min, "
        "clamp zero, clamp at zero, clip zero, clip negative, relus, re lu, hinge, threshold"
    ),
    inputs=("x",),
    reference="torch.relu(x)",
    gradients={"x": "dzdy * (x > 0)"},
    shapes=(((5,),), ((),), ((2, 3),), ((2, 1, 3, 2),)),
    empty=((0,),),
    extremes=(0.0, -1e12, 1e12, 1e-12, -1e-12),
    misconceptions=(
        Misconception(
            name="upstream gradient forgotten",
            hint="The slope is 0 or 1. By what does the chain rule multiply it?",
            pointer="ReLU",
            gradients={"x": "(x > 0).to(x.dtype)"},
        ),
        Misconception(
            name="upstream gradient passed on unchanged",
            hint="What happens to `y` when a negative element of `x` moves a little? Look closely "
            "at the mask: which elements does it leave out?",
            pointer="ReLU",
            gradients={"x": "dzdy"},
        ),
        Misconception(
            name="mask the wrong way round",
            hint="Which elements passed through in `forward`: those that `backward` lets through?",
            pointer="ReLU",
            gradients={"x": "dzdy * (x < 0)"},
        ),
        Misconception(
            name="the sign of the upstream gradient decides",
            hint="The mask says in which case each element of the input was. Of which tensor did "
            "you make it?",
            pointer="ReLU",
            gradients={"x": "torch.relu(dzdy)"},
        ),
        Misconception(
            name="the sign of the upstream gradient decides too",
            hint="A negative upstream gradient is as good as a positive one: must it be cut off?",
            pointer="ReLU",
            gradients={"x": "torch.relu(dzdy) * (x > 0)"},
        ),
        Misconception(
            name="the result for its slope",
            hint="You multiply by how large `y` is. How steep is the line there?",
            pointer="ReLU",
            gradients={"x": "dzdy * y"},
        ),
        Misconception(
            name="the input for its slope",
            hint="You multiply by how large `x` is. How steep is the line there?",
            pointer="ReLU",
            gradients={"x": "dzdy * x"},
        ),
        Misconception(
            name="the slope of the absolute value",
            hint="On the left of 0 the curve is flat. Which slope do you give it?",
            pointer="ReLU",
            gradients={"x": "dzdy * torch.sign(x)"},
        ),
        Misconception(
            name="the slope of a leaky ReLU",
            hint="What is negative is replaced by exactly 0. How much of its gradient is left?",
            pointer="ReLU",
            gradients={"x": "torch.where(x > 0, dzdy, 0.01 * dzdy)"},
        ),
        Misconception(
            name="ones where the upstream gradient belongs",
            hint="Where `x` is positive the gradient is what arrived, and not 1.",
            pointer="ReLU",
            gradients={"x": "torch.where(x > 0, 1.0, dzdy)"},
        ),
        Misconception(
            name="the wrong sign",
            hint="In which direction does `y` move when a positive element of `x` grows?",
            pointer="ReLU",
            gradients={"x": "-dzdy * (x > 0)"},
        ),
        Misconception(
            name="slope 1 at the corner",
            hint="What is the slope at exactly 0 to be? Compare `<` with `<=` in your mask.",
            pointer="ReLU",
            gradients={"x": "dzdy * (x >= 0)"},
        ),
        Misconception(
            name="slope one half at the corner",
            hint="Between the two slopes is a fair choice at exactly 0, but not the one asked for.",
            pointer="ReLU",
            gradients={"x": "dzdy * ((x > 0) + 0.5 * (x == 0))"},
        ),
        Misconception(
            name="no gradient",
            hint="`backward` has to return the gradient of `x`.",
            pointer="ReLU",
            gradients={"x": "None"},
        ),
        Misconception(
            name="the smaller one for the larger one",
            hint="Which of `x` and 0 is to be kept? Mind what `min` and `max` mean in `clamp`.",
            pointer="ReLU",
            forward="x.clamp(max=0)",
        ),
        Misconception(
            name="the absolute value",
            hint="What is to come out for -2?",
            pointer="ReLU",
            forward="x.abs()",
        ),
        Misconception(
            name="the mask for the result",
            hint="You return where `x` is positive. What is to pass through there?",
            pointer="ReLU",
            forward="(x > 0).to(x.dtype)",
        ),
        Misconception(
            name="nothing is cut off",
            hint="What is to come out for -2?",
            pointer="ReLU",
            forward="x + 0",
        ),
    ),
)
