"""The sum of all elements."""

from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="sum",
    title="Sum",
    summary="Add up all elements of a tensor, as torch.sum(x) does.",
    entries=("Sum", "sum_", "tsum", "my_sum", "TensorSum", "SumAll", "Summation", "TotalSum"),
    also=(
        "total, sums, summe, summer, summing, somme, suma, reduce, reduction, reduce sum, sum "
        "reduce, sum reduction, reduce add, add all, add up, add up all, sum of all, sum up, "
        "sum everything, accumulate, aggregate, sommation, total sum, grand total, full reduce, "
        "adding all"
    ),
    inputs=("x",),
    reference="torch.sum(x)",
    gradients={"x": "dzdy.expand(x.shape)"},
    shapes=(((4,),), ((),), ((2, 3),), ((2, 1, 3, 2),)),
    empty=((0,),),
    misconceptions=(
        Misconception(
            name="upstream gradient replaced by ones",
            hint="Ones are right only when the sum is the last thing computed. What if it is not?",
            pointer="Sum",
            gradients={"x": "torch.ones_like(x)"},
        ),
        Misconception(
            name="upstream gradient not expanded",
            hint="The gradient of `x` has one number for each element of `x`.",
            pointer="Sum",
            gradients={"x": "dzdy"},
        ),
        Misconception(
            name="upstream gradient multiplied by the input",
            hint="If one element grows by 1, how much does the sum grow? Does the element's own "
            "value matter?",
            pointer="Sum",
            gradients={"x": "dzdy * x"},
        ),
        Misconception(
            name="the gradient of a mean",
            hint="Where does the division by the number of elements come from?",
            pointer="Sum",
            gradients={"x": "(dzdy / x.numel()).expand(x.shape)"},
        ),
        Misconception(
            name="multiplied by the number of elements",
            hint="Each element is in the sum once.",
            pointer="Sum",
            gradients={"x": "(dzdy * x.numel()).expand(x.shape)"},
        ),
        Misconception(
            name="multiplied by the result",
            hint="Does the slope of a sum depend on how large the sum is?",
            pointer="Sum",
            gradients={"x": "(dzdy * y).expand(x.shape)"},
        ),
        Misconception(
            name="the wrong sign",
            hint="In which direction does the sum move when an element grows?",
            pointer="Sum",
            gradients={"x": "-dzdy.expand(x.shape)"},
        ),
        Misconception(
            name="no gradient",
            hint="`backward` has to return the gradient of `x`.",
            pointer="Sum",
            gradients={"x": "None"},
        ),
        Misconception(
            name="mean for sum",
            hint="Which of `torch.sum` and `torch.mean` is asked for?",
            pointer="Sum",
            forward="torch.mean(x)",
        ),
        Misconception(
            name="summed along one dimension only",
            hint="The result is one number for the whole tensor.",
            pointer="Sum",
            forward="x.sum(-1, keepdim=True)",
        ),
    ),
)
