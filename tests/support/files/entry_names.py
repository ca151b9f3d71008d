"""Names that people give to right code, by exercise; and names of which nobody can say."""

from __future__ import annotations

NAMES = {
    "addition": """
        Addition Add ADD add_ MyAdd MyAddition CustomAdd AddFunction AddFn AddF AddOp AddLayer
        TensorAdd TensorAddition AddTensor AddTensors VectorAdd VecAdd ElementwiseAdd
        AddElementwise ElemwiseAdd Exercise1_Add Ex1Addition Ex1_Addition Q1Add Q1_Addition
        Task1Add Task_1_Addition AdditionV2 AddV1 Add_v2 AdditionFinal FinalAddition
        AdditionFixed AddNew AddImpl AdditionImplementation AddSolution SolutionAdd StudentAdd
        Plus PlusFunction MyPlus PlusOp SumTwo TwoSum SimpleAdd ManualAdd AddAutograd
        AutogradAdd TorchAdd PyTorchAddition adder BinaryAdd AddXY AdditionFunc AddGrad
        AddForwardBackward AdditionNode HW1Addition Addition1 AddTwoTensors AdditionLayer
        ElementWiseAddition PointwiseAdd my_addition_fn
        AddTwoVectors AddModule VectorAddition AddTensorsFunction Lab3Add
        AdditionAutogradFunction p1_add AddBackward add_function MyAddFunction AddTwoNumbers
        TensorAdder AddWithGrad
    """,
    "product": """
        Product Mul mul_ Multiply MyMul MyProduct CustomMultiply MulFunction MulFn MulOp
        ProductOp TensorMul TensorProduct MultiplyTensors ElementwiseProduct ElementwiseMultiply
        ElementwiseMul ElementWiseMult PointwiseProduct PointwiseMul Hadamard HadamardProduct
        HadamardFn Times TimesFunction Multiplication MultiplicationFunction Exercise2_Product
        Ex2Mul Q2Product Task2_Multiply ProductV2 Mul_v3 FinalProduct ProductFixed NewMul
        MulImpl ProductSolution StudentProduct SimpleMul ManualProduct AutogradMul TorchMul Prod
        ProdFn Mult MultFn Multiplier ProductF MulGrad HW_Product Product2 MultiplyElementwise
        EltwiseMul ElemProduct ProductForward my_product MultiplyLayer HadamardMultiply
        MultiplyFunction ElementMult MyMulFunction TwoTensorProduct p2_product Lab3Multiply
        HadamardMul MultiplyWithGrad ElementProduct MultiplyTwo ProductOfTensors
    """,
    "sum": """
        Sum sum_ MySum CustomSum SumFunction SumFn SumF SumOp SumLayer TensorSum VectorSum
        VecSum SumTensor SumVector SumAll SumElements SumOfElements TotalSum Total Summation
        SummationFn ReduceSum SumReduce SumReduction Reduce Exercise4_Sum Ex4Sum Q4Sum Task3Sum
        SumV2 Sum_v1 FinalSum SumFinal SumFixed NewSum SumImpl SumSolution StudentSum SimpleSum
        ManualSum SumAutograd AutogradSum TorchSum SumForward SumGrad Sum2 SumAllElements
        FullSum my_sum_fn MatrixSum Accumulate BasicSum CorrectSum ReductionSum
        TensorSumFunction SumReducer Lab3Sum p4_sum GrandSum SumToScalar SumWithGrad
        MySumFunction SumUp SumEverything SumOverAll ScalarSum
    """,
    "sigmoid": """
        Sigmoid MySigmoid CustomSigmoid SigmoidFunction SigmoidFn SigmoidF SigmoidOp
        SigmoidLayer StableSigmoid SigmoidStable SimpleSigmoid NumericallyStableSigmoid
        Exercise5_Sigmoid Ex5Sigmoid Q5Sigmoid Q5_Sigmoid Task5Sigmoid SigmoidV2 Sigmoid_v2
        SigmoidFinal FinalSigmoid SigmoidFixed NewSigmoid SigmoidNew SigmoidImpl SigmoidSolution
        StudentSigmoid Logistic LogisticFunction LogisticSigmoid LogisticFn SigmoidActivation
        SigmoidAct ActivationSigmoid ManualSigmoid SigmoidAutograd AutogradSigmoid TorchSigmoid
        sigmoid_fn SigmoidUnit SafeSigmoid FastSigmoid RobustSigmoid SigmoidGrad SigmoidForward
        Sigmoid1 SIGMOID Sig SigmoidNonlinearity TensorSigmoid ElementwiseSigmoid Expit
        AliceSigmoid Sigmoid_JD HW5Sigmoid StableLogistic
        SigmoidAutogradFunction p5_sigmoid Lab3_Sigmoid SigmoidClass MySigmoidFunction
        LogisticSigmoidFn SigmoidWithBackward HandWrittenSigmoid sigmoidCustom
        SigmoidFromScratch SigmoidWithGrad MyOwnSigmoid TheSigmoid
    """,
    "dot-product": """
        DotProduct Dot MyDot MyDotProduct CustomDot DotFunction DotFn DotOp DotF DotProd
        DotProductFn VectorDot VecDot DotVector VectorDotProduct TensorDot InnerProduct Inner
        InnerProductFn ScalarProduct ScalarProductFunction Exercise6_Dot Ex6DotProduct Q6Dot
        Task6_DotProduct DotProductV2 Dot_v2 FinalDot DotProductFixed NewDot DotImpl
        DotProductSolution StudentDot SimpleDot ManualDot DotAutograd TorchDot DOT Dot1D
        DotLayer InnerProd ScalarProd dot_product_ SumOfProducts Dot_Product DotProductFunction
        InnerProductOp DotGrad VDot
        VectorDotProductFunction DotProductAutograd InnerProductFunction p6_dot Lab3Dot
        DotOfVectors MyInner DotTwoVectors DotProductWithGrad VectorInnerProduct
    """,
    "matrix-vector-product": """
        MatrixVectorProduct MatVec MatVecFn MatVecProduct MatVecMul MatVecF MatVecOp MyMatVec
        MyMV Custommv mymv MV MVFunction MvFn MvProduct Mv MVP MVOp MatrixVector MatrixVectorMul
        MatrixVectorMult MatrixVectorMultiply MatrixVectorMultiplication
        MatrixVectorProductFunction MatVecMultiply MatTimesVec MatrixTimesVector
        MatVectorProduct MatrixVec MatrixVecProduct Matvec Exercise7_MatVec Ex7MatrixVector
        Q7MatVec Task7_MV MatVecV2 MV_v2 FinalMatVec MatVecFixed NewMatVec MatVecImpl
        MatVecSolution StudentMatVec SimpleMatVec CustomMatVec TorchMV MatMul MatMulFn
        MatrixMultiply MatrixProduct MatrixMul VectorMatrixProduct Gemv mat_vec_mul LinearMap
        LinearNoBias MatVecDot MatVecLayer MatMulVec MatrixVectorFn AutogradMatVec
        MatVecMultiplication MatrixTimesVec AxProduct MVProductFn p7_mv MatrixVectorDot
        MyMatVecProduct MVMul MVMultiply MVM MatVecWithGrad MatrixByVector
        MatrixVectorProductAutograd
    """,
    "relu": """
        ReLU Relu RELU ReLUF ReLUFn ReluFn ReLUFunction MyReLU MyRelu CustomReLU ReLUOp
        ReLULayer ReLUActivation ActivationReLU SimpleReLU ManualReLU Exercise_ReLU Ex8ReLU
        Q8_ReLU TaskReLU ReLUV2 Relu_v2 FinalReLU ReLUFixed NewReLU ReLUImpl ReLUSolution
        StudentReLU ReLUAutograd AutogradReLU TorchReLU Rectifier RectifierFn RectifiedLinear
        RectifiedLinearUnit Rectify ReLUTensor TensorReLU ElementwiseReLU relu_fn ReLUGrad ReLU1
        ReluNonlinearity LinearRectifier BasicReLU ReLU_Function StableReLU PositivePart
        ReLUAutogradFunction MyReLUFunction relu_autograd ReluBackward Lab4ReLU ReluCustom
        ReLUFromScratch ReLUWithGrad MyOwnReLU
    """,
    "linear": """
        Linear LinearF LinearFn LinearFunction MyLinear CustomLinear LinearOp LinearLayer
        LinearV2 SimpleLinear ManualLinear Exercise_Linear ExLinear Q9Linear TaskLinear
        Linear_v2 FinalLinear LinearFixed NewLinear LinearImpl LinearSolution StudentLinear
        LinearAutograd TorchLinear Dense DenseLayer DenseFn FullyConnected FullyConnectedLayer
        FC FCLayer FCFunction Affine AffineFn AffineLayer AffineTransform AffineMap
        LinearWithBias LinearBias LinearTransform LinearModule BatchLinear LinearForward Linear1
        LinearMap LinearTransformation
        LinearAutogradFunction MyLinearFunction LinearLayerFunction Lab4Linear
        FullyConnectedFunction LinearXWb LinearFromScratch LinearWithGrad AffineFunction
        MyDense
    """,
    "softmax": """
        Softmax SoftMax SOFTMAX MySoftmax CustomSoftmax SoftmaxFn SoftmaxF SoftmaxFunction
        SoftmaxOp SoftmaxLayer StableSoftmax SoftmaxStable SimpleSoftmax
        NumericallyStableSoftmax Exercise_Softmax ExSoftmax Q10Softmax TaskSoftmax SoftmaxV2
        Softmax_v2 FinalSoftmax SoftmaxFixed NewSoftmax SoftmaxImpl SoftmaxSolution
        StudentSoftmax SoftmaxAutograd TorchSoftmax RowSoftmax RowwiseSoftmax SoftmaxRows
        SoftmaxActivation BatchSoftmax soft_max SoftmaxGrad SafeSoftmax ManualSoftmax Softmax1
        SoftmaxLastDim NormalizedExponential
        SoftmaxAutogradFunction MySoftmaxFunction SoftmaxStableV2 Lab4Softmax SoftmaxByRow
        SoftmaxFromScratch SoftmaxWithGrad SoftmaxOverRows
    """,
    "logsumexp": """
        LogSumExp LSE LSEFn LSEFunction MyLogSumExp MyLSE CustomLogSumExp LogSumExpFn LogSumExpF
        LogSumExpFunction LogSumExpOp StableLogSumExp LogSumExpStable SimpleLSE StableLSE
        Exercise_LogSumExp ExLSE Q11LogSumExp TaskLSE LogSumExpV2 LSE_v2 FinalLogSumExp
        LogSumExpFixed NewLSE LogSumExpImpl LogSumExpSolution StudentLogSumExp logsumexp_fn
        LogSumExpAutograd TorchLogSumExp RowLogSumExp Log_Sum_Exp LogSumExpLayer
        LogSumExponential LogOfSumOfExp SmoothMax LogSumExp1 ManualLSE
        LSEStable MyLogSumExpFunction LogSumExpStableFn LSERow LogSumExpFromScratch
        LogSumExpWithGrad LSEWithGrad
    """,
    "layer-norm": """
        LayerNorm Layernorm MyLayerNorm CustomLayerNorm LayerNormFn LayerNormF LayerNormFunction
        LayerNormOp LayerNormLayer SimpleLayerNorm LNFn LN LNFunction Exercise_LayerNorm
        ExLayerNorm Q12LayerNorm TaskLN LayerNormV2 LayerNorm_v2 FinalLayerNorm LayerNormFixed
        NewLayerNorm LayerNormImpl LayerNormSolution StudentLayerNorm LayerNormAutograd
        TorchLayerNorm LayerNormalization LayerNormalisation layer_norm_fn LayerNormNoAffine
        RowLayerNorm StableLayerNorm LayerNorm1 Layer_Norm NormalizeLayer ManualLayerNorm
        LayerNormAutogradFunction MyLayerNormFunction LayerNormRows LayerNormStable
        LayerNormNoParams LayerNormFromScratch LayerNormWithGrad
    """,
}  # fmt: skip

UNSURE = {
    "sigmoid": ["StableSigmoid FastSigmoid", "SigmoidV1 SigmoidV2", "AliceSigmoid BobSigmoid"],
    "sum": ["VectorSum MatrixSum"],
    "relu": ["MyReLU ReLUFixed"],
}
"""Pairs of names in one file that could be meant just as well, one as the other."""
