using Microsoft.ML;
using Microsoft.ML.Data;

namespace Edge.Sync.Inference.Training;

/// <summary>Rows of numbers as ML.NET takes them.</summary>
internal static class MachineLearningRows
{
    /// <summary>Rows that are trained on.</summary>
    public const int RowsMin = 2;

    /// <summary>The answer to a row.</summary>
    internal delegate float Prediction(ReadOnlySpan<float> row);

    public static IDataView ToView(MLContext context, TrainingSet data) => context.Data.LoadFromEnumerable(Read(data), Schema(data.InputWidth));

    /// <summary>What a trained model answers to one row. Not safe for several threads at once.</summary>
    public static Prediction Predictor<TOutput>(MLContext context, ITransformer model, int inputWidth, Func<TOutput, float> answer) where TOutput : class, new()
    {
        var engine = context.Model.CreatePredictionEngine<Row, TOutput>(model, ignoreMissingColumns: true, Schema(inputWidth));
        var row = new Row { Features = new float[inputWidth] };
        return values =>
        {
            values.CopyTo(row.Features);
            return answer(engine.Predict(row));
        };
    }

    /// <exception cref="ArgumentException">They are no rows with one answer each, or too few.</exception>
    public static void Check(TrainingSet data, bool areClasses)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (data.TargetWidth != 1) throw new ArgumentException($"A row has one answer here, not {data.TargetWidth}.", nameof(data));
        if (data.Count < RowsMin) throw new ArgumentException($"{data.Count} rows are too few to learn from.", nameof(data));
        if (!areClasses) return;
        var ones = 0;
        for (var row = 0; row < data.Count; row++)
        {
            if (data.TargetOf(row)[0] is not (0 or 1)) throw new ArgumentException($"Row {row} is of class {data.TargetOf(row)[0]}; classes are 0 and 1.", nameof(data));
            ones += (int)data.TargetOf(row)[0];
        }
        if (ones == 0 || ones == data.Count) throw new ArgumentException("All rows are of one class: there is nothing to tell apart.", nameof(data));
    }

    private static SchemaDefinition Schema(int inputWidth)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, inputWidth);
        return schema;
    }

    private static IEnumerable<Row> Read(TrainingSet data)
    {
        for (var row = 0; row < data.Count; row++)
            yield return new() { Features = data.InputOf(row).ToArray(), Label = data.TargetOf(row)[0], Class = data.TargetOf(row)[0] != 0 };
    }

    /// <summary>A row, its answer, and that as a class.</summary>
    internal sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool Class { get; set; }
    }

    /// <summary>A value in answer.</summary>
    internal sealed class Valued
    {
        public float Score { get; set; }
    }

    /// <summary>A chance in answer.</summary>
    internal sealed class Likely
    {
        public float Probability { get; set; }
    }
}
