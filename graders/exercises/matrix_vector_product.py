"""A matrix times a vector."""

from graders.model.exercise import Exercise, Misconception

EXERCISE = Exercise(
    slug="matrix-vector-product",
    title="Matrix-vector product",
    summary="A matrix times a vector, as torch.mv(A, x).",
    entries=(
        "MatrixVectorProduct",
        "MatVec",
        "MV",
        "mv",
        "matvec",
        "MatVecProduct",
        "MatrixVector",
        "MatVecMul",
        "MatVecProd",
        "MatrixVectorProd",
        "MatrixVectorMul",
        "MatrixVectorMultiply",
        "MatrixVectorMultiplication",
        "MatMulVec",
        "MVProduct",
        "MVProd",
        "MVP",
        "MVMul",
    ),
    also=(
        "matrix vector, mat vector, matrix vec, mat vec, vector matrix, vec mat, matrix times "
        "vector, mat times vec, matrix by vector, mat mul, mat muls, mat mult, mat multiply, "
        "mat multiplication, mat prod, mat product, mat dot, matrix mul, matrix mult, matrix "
        "multiply, matrix multiplication, matrix product, matrix prod, matrix dot, matrix "
        "times, mul matrix vector, multiply matrix vector, apply matrix, mm, mvm, m v, gemv, "
        "linear, linear map, linear mapping, linear transform, linear transformation, linear "
        "operator, matrix apply, matrix vector dot, product, prod, mul, mult, multiply, "
        "multiplication, times, dot, dot product, matrix vektor, matrix vektor produkt, produit "
        "matrice vecteur, matriz vector, mat x vec, a x, ax, w x, wx"
    ),
    inputs=("A", "x"),
    reference="torch.mv(A, x)",
    gradients={"A": "torch.outer(dzdy, x)", "x": "torch.mv(A.T, dzdy)"},
    shapes=(((3, 2), (2,)), ((2, 4), (4,)), ((3, 3), (3,)), ((1, 3), (3,)), ((4, 1), (1,))),
    empty=((2, 0), (0,)),
    misconceptions=(
        Misconception(
            name="outer product transposed",
            hint="The gradient of `A` has the shape of `A`. Which of the two vectors runs along "
            "its rows?",
            pointer="Matrix-vector product",
            gradients={"A": "torch.outer(x, dzdy)"},
        ),
        Misconception(
            name="missing transpose",
            hint="`dzdy` has as many elements as `A` has rows. Which way round must `A` stand to "
            "be multiplied by it?",
            pointer="Matrix-vector product",
            gradients={"x": "torch.mv(A, dzdy)"},
        ),
        Misconception(
            name="outer product transposed and transpose missing",
            hint="Both gradients stand the wrong way round. Try a matrix that is not square.",
            pointer="Matrix-vector product",
            gradients={"A": "torch.outer(x, dzdy)", "x": "torch.mv(A, dzdy)"},
        ),
        Misconception(
            name="upstream gradient forgotten",
            hint="The chain rule joins the local derivative with what comes from upstream.",
            pointer="Matrix-vector product",
            gradients={"A": "x.expand(A.shape)", "x": "A.sum(0)"},
            each=True,
        ),
        Misconception(
            name="gradients swapped",
            hint="`backward` returns its gradients in the order of the arguments of `forward`.",
            pointer="Matrix-vector product",
            gradients={"A": "torch.mv(A.T, dzdy)", "x": "torch.outer(dzdy, x)"},
        ),
        Misconception(
            name="the matrix where the vector was meant",
            hint="Does `y` depend on one element of `A` through the rest of `A`, or through `x`?",
            pointer="Matrix-vector product",
            gradients={"A": "dzdy.unsqueeze(1) * A"},
        ),
        Misconception(
            name="the vector forgotten in the gradient of the matrix",
            hint="If an element of `x` is 0, what does the column of `A` that meets it matter?",
            pointer="Matrix-vector product",
            gradients={"A": "dzdy.unsqueeze(1).expand(A.shape)"},
        ),
        Misconception(
            name="dot product for outer product",
            hint="`dzdy` and `x` together must give a matrix, not a number.",
            pointer="Matrix-vector product",
            gradients={"A": "torch.dot(dzdy, x)"},
        ),
        Misconception(
            name="summed along the wrong dimension",
            hint="Each element of `x` meets one column of `A`. Over what is the sum taken?",
            pointer="Matrix-vector product",
            gradients={"x": "(dzdy.unsqueeze(1) * A).sum(1)"},
        ),
        Misconception(
            name="upstream gradient summed",
            hint="Each row of `A` makes its own element of `y`, with its own upstream gradient.",
            pointer="Matrix-vector product",
            gradients={"A": "dzdy.sum() * x.expand(A.shape)", "x": "dzdy.sum() * A.sum(0)"},
            each=True,
        ),
        Misconception(
            name="no gradient for the vector",
            hint="`forward` takes two tensors, and both of them lead to `y`.",
            pointer="Matrix-vector product",
            gradients={"x": "None"},
        ),
        Misconception(
            name="no gradient for the matrix",
            hint="`forward` takes two tensors, and both of them lead to `y`.",
            pointer="Matrix-vector product",
            gradients={"A": "None"},
        ),
        Misconception(
            name="the wrong sign",
            hint="In which direction does `y` move when an element of `A` or `x` grows?",
            pointer="Matrix-vector product",
            gradients={"A": "-torch.outer(dzdy, x)", "x": "-torch.mv(A.T, dzdy)"},
            each=True,
        ),
        Misconception(
            name="forward does not add up",
            hint="Each element of `y` is one number: a whole row of `A` against `x`.",
            pointer="Matrix-vector product",
            forward="A * x",
        ),
        Misconception(
            name="forward multiplies by the transpose",
            hint="Your `forward` takes a column of `A` for each output, as a vector on its left, "
            "`x @ A`, does. Here each output has a row. Which way round must `A` stand?",
            pointer="Matrix-vector product",
            forward="torch.mv(A.T, x)",
        ),
    ),
)
