namespace Edge.Sync.Inference.Onnx;

// Field numbers of onnx.proto, message by message, as far as they are used here.

internal static class ModelField
{
    public const int IrVersion = 1, ProducerName = 2, ModelVersion = 5, Graph = 7, OperatorSet = 8, Metadata = 14;
}

internal static class OperatorSetField
{
    public const int Domain = 1, Version = 2;
}

internal static class EntryField
{
    public const int Key = 1, Value = 2;
}

internal static class GraphField
{
    public const int Node = 1, Name = 2, Initializer = 5, Input = 11, Output = 12;
}

internal static class NodeField
{
    public const int Input = 1, Output = 2, Name = 3, Operation = 4, Attribute = 5, Domain = 7;
}

internal static class AttributeField
{
    public const int Name = 1, Integer = 3, Text = 4, Floats = 7, Integers = 8, Texts = 9, Type = 20;
}

internal static class AttributeType
{
    public const int Integer = 2, Text = 3, Floats = 6, Integers = 7, Texts = 8;
}

internal static class TensorField
{
    public const int Dimension = 1, Type = 2, Name = 8, RawData = 9;
}

internal static class ValueInfoField
{
    public const int Name = 1, Type = 2;
}

internal static class TypeField
{
    public const int Tensor = 1;
}

internal static class TensorTypeField
{
    public const int ElementType = 1, Shape = 2;
}

internal static class ShapeField
{
    public const int Dimension = 1;
}

internal static class DimensionField
{
    public const int Value = 1, Parameter = 2;
}
