"""Layer normalisation of each row, without weight and bias."""

from graders.model.exercise import Exercise, Misconception

_CENTRED = "(x - x.mean(-1, keepdim=True))"
# Not `var`, which warns where there are no rows, or only one number in a row.
_ROOT = f"torch.sqrt(({_CENTRED} ** 2).mean(-1, keepdim=True) + 1e-5)"
_UNBIASED = f"torch.sqrt(({_CENTRED} ** 2).sum(-1, keepdim=True) / (x.shape[-1] - 1) + 1e-5)"
_MEAN = "dzdy.mean(-1, keepdim=True)"
_SHARED = "y * (dzdy * y).mean(-1, keepdim=True)"

EXERCISE = Exercise(
    slug="layer-norm",
    title="Layer normalisation",
    summary="Bring each row to mean 0 and variance 1, as torch.nn.functional.layer_norm.",
    entries=(
        "LayerNorm",
        "LayerNormalization",
        "LayerNormalisation",
        "LN",
        "LNorm",
        "LayerNorm1d",
        "LayerNormNoAffine",
        "RowNorm",
        "NormalizeRows",
        "NormaliseRows",
    ),
    also=(
        "l n, layer normal, layer normalize, layer normalise, layer normalizer, layer "
        "normaliser, layer normed, layer norms, norm, normalize, normalise, normalization, "
        "normalisation, normalizer, normaliser, norm layer, normed, norms, row normalization, "
        "row normalisation, row normalize, row normalise, feature norm, standardize, "
        "standardise, standardization, standardisation, standardizer, standard score, z score, "
        "zscore, z norm"
    ),
    inputs=("x",),
    reference=f"{_CENTRED} / {_ROOT}",
    gradients={"x": f"(dzdy - {_MEAN} - {_SHARED}) / {_ROOT}"},
    shapes=(((2, 4),), ((5,),), ((4, 4),), ((2, 3, 4),)),
    empty=((0, 3),),
    # So small that epsilon shows in four digits.
    values=(0.02, 0.12),
    extremes=(3.0, 3.0, 3.0, 3.0, -1e4, 2e4, 0.0, 1e4),
    misconceptions=(
        Misconception(
            name="mean and variance taken for constants",
            hint="Both are made of the row itself. What happens to them when one element moves?",
            pointer="Layer normalisation",
            gradients={"x": f"dzdy / {_ROOT}"},
        ),
        Misconception(
            name="the path through the mean is missing",
            hint="Move a whole row by the same amount: `y` stays. Does your gradient say so?",
            pointer="Layer normalisation",
            gradients={"x": f"(dzdy - {_SHARED}) / {_ROOT}"},
        ),
        Misconception(
            name="the path through the variance is missing",
            hint="Stretch a row by a factor: `y` almost stays. Does your gradient say so?",
            pointer="Layer normalisation",
            gradients={"x": f"(dzdy - {_MEAN}) / {_ROOT}"},
        ),
        Misconception(
            name="the diagonal alone",
            hint="Each element of a row moves all of `y` in this row. Where are the other ones?",
            pointer="Layer normalisation",
            gradients={"x": f"dzdy * (1 - 1 / x.shape[-1] - y * y / x.shape[-1]) / {_ROOT}"},
        ),
        Misconception(
            name="variance divided by n - 1 in backward",
            hint="The statement divides the variance by `n`. What does `var` or `std` do here?",
            pointer="Layer normalisation",
            gradients={"x": f"(dzdy - {_MEAN} - {_SHARED}) / {_UNBIASED}"},
        ),
        Misconception(
            name="epsilon forgotten in backward",
            hint="`forward` divides by the root of the variance plus epsilon. And `backward`?",
            pointer="Layer normalisation",
            gradients={
                "x": f"(dzdy - {_MEAN} - {_SHARED}) / x.std(-1, correction=0, keepdim=True)"
            },
        ),
        Misconception(
            name="epsilon outside of the root in backward",
            hint="Is epsilon added before or after the root is taken?",
            pointer="Layer normalisation",
            gradients={
                "x": f"(dzdy - {_MEAN} - {_SHARED}) / "
                "(x.std(-1, correction=0, keepdim=True) + 1e-5)"
            },
        ),
        Misconception(
            name="divided by the variance",
            hint="What stands below the line in `forward`: the variance, or its root?",
            pointer="Layer normalisation",
            gradients={"x": f"(dzdy - {_MEAN} - {_SHARED}) / {_ROOT} ** 2"},
        ),
        Misconception(
            name="not divided by the root",
            hint="`forward` divides by the root. What does that do to the slope?",
            pointer="Layer normalisation",
            gradients={"x": f"dzdy - {_MEAN} - {_SHARED}"},
        ),
        Misconception(
            name="multiplied by the root",
            hint="`forward` divides by the root. What does that do to the slope?",
            pointer="Layer normalisation",
            gradients={"x": f"(dzdy - {_MEAN} - {_SHARED}) * {_ROOT}"},
        ),
        Misconception(
            name="input where the normalised row was meant",
            hint="The formula needs the normalised row. Which tensor did you save?",
            pointer="Layer normalisation",
            gradients={
                "x": f"(dzdy - {_MEAN} - x * (dzdy * x).mean(-1, keepdim=True)) / {_ROOT}",
            },
        ),
        Misconception(
            name="sums for means",
            hint="Mean and variance divide by `n`. Where is that in `backward`?",
            pointer="Layer normalisation",
            gradients={
                "x": "(dzdy - dzdy.sum(-1, keepdim=True) - y * (dzdy * y).sum(-1, keepdim=True))"
                f" / {_ROOT}"
            },
        ),
        Misconception(
            name="the other paths are added",
            hint="The mean is subtracted, and a larger variance makes `y` smaller. With which "
            "sign do these paths count?",
            pointer="Layer normalisation",
            gradients={"x": f"(dzdy + {_MEAN} + {_SHARED}) / {_ROOT}"},
        ),
        Misconception(
            name="averaged along the wrong dimension",
            hint="Rows have nothing to do with each other. Along which dimension do you average?",
            pointer="Layer normalisation",
            gradients={
                "x": "(dzdy - dzdy.mean(0, keepdim=True) - y * (dzdy * y).mean(0, keepdim=True))"
                f" / {_ROOT}"
            },
        ),
        Misconception(
            name="averaged over everything",
            hint="Rows have nothing to do with each other. Over what do you average?",
            pointer="Layer normalisation",
            gradients={"x": f"(dzdy - dzdy.mean() - y * (dzdy * y).mean()) / {_ROOT}"},
        ),
        Misconception(
            name="upstream gradient passed on unchanged",
            hint="Nothing of what `forward` does is in `backward` yet. Begin with the root.",
            pointer="Layer normalisation",
            gradients={"x": "dzdy"},
        ),
        Misconception(
            name="the wrong sign",
            hint="In which direction does an element of `y` move when its own input grows?",
            pointer="Layer normalisation",
            gradients={"x": f"-(dzdy - {_MEAN} - {_SHARED}) / {_ROOT}"},
        ),
        Misconception(
            name="no gradient",
            hint="`backward` has to return the gradient of `x`.",
            pointer="Layer normalisation",
            gradients={"x": "None"},
        ),
        Misconception(
            name="variance divided by n - 1",
            hint="The statement divides the variance by `n`. What do `var` and `std` do here?",
            pointer="Layer normalisation",
            forward=f"{_CENTRED} / {_UNBIASED}",
        ),
        Misconception(
            name="epsilon outside of the root",
            hint="Is epsilon added before or after the root is taken?",
            pointer="Layer normalisation",
            forward=f"{_CENTRED} / (x.std(-1, correction=0, keepdim=True) + 1e-5)",
        ),
        Misconception(
            name="epsilon forgotten",
            hint="What happens to a row of equal numbers?",
            pointer="Layer normalisation",
            forward=f"{_CENTRED} / x.std(-1, correction=0, keepdim=True)",
        ),
        Misconception(
            name="variance for its root",
            hint="Which variance has the result, if you divide by the variance itself?",
            pointer="Layer normalisation",
            forward=f"{_CENTRED} / {_ROOT} ** 2",
        ),
        Misconception(
            name="mean not subtracted",
            hint="Which mean has the result?",
            pointer="Layer normalisation",
            forward=f"x / {_ROOT}",
        ),
        Misconception(
            name="only the mean is taken off",
            hint="Which variance has the result?",
            pointer="Layer normalisation",
            forward=_CENTRED,
        ),
        Misconception(
            name="normalised along the wrong dimension",
            hint="Which numbers are to have mean 0: those of a row, or those of a column?",
            pointer="Layer normalisation",
            forward="(x - x.mean(0, keepdim=True)) / "
            "torch.sqrt(x.var(0, correction=0, keepdim=True) + 1e-5)",
        ),
        Misconception(
            name="normalised over everything",
            hint="Each row gets a mean and a variance of its own.",
            pointer="Layer normalisation",
            forward="(x - x.mean()) / torch.sqrt(x.var(correction=0) + 1e-5)",
        ),
    ),
)
