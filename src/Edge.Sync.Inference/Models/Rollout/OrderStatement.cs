using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Edge.Sync.Inference;

/// <summary>What an order's signature covers, as JSON with one text per meaning, like <see cref="ManifestStatement"/>.</summary>
internal static class OrderStatement
{
    public const string Purpose = "edge-sync/rollout";

    private const string Format = "edge-sync/rollout/0";
    private const int StatementLengthMax = 64 << 10;
    private const int ListMax = 1_000;

    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(string model, RolloutOrder order)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, s_writing))
        {
            var plan = order.Plan;
            json.WriteStartObject();
            json.WriteString("format", Format);
            json.WriteString("model", model);
            json.WriteString("version", order.Version.Value);
            json.WriteNumber("number", order.Number);
            json.WriteNumber("sequence", order.Sequence);
            json.WriteStartArray("overrides");
            foreach (var stop in order.Overrides)
                json.WriteStringValue(stop.Value);
            json.WriteEndArray();
            json.WriteNumber("shadow", plan.ShadowSample);
            if (double.IsFinite(plan.ShadowTolerance))
                json.WriteNumber("tolerance", plan.ShadowTolerance);
            json.WriteStartArray("rings");
            foreach (var ring in plan.Rings)
                json.WriteStringValue(ring);
            json.WriteEndArray();
            json.WriteStartArray("percent");
            foreach (var percent in plan.CanaryPercent)
                json.WriteNumberValue(percent);
            json.WriteEndArray();
            json.WriteNumber("good", plan.FaultRateGood);
            json.WriteNumber("bad", plan.FaultRateBad);
            json.WriteNumber("falseRollback", plan.FalseRollback);
            json.WriteNumber("falsePass", plan.FalsePass);
            json.WriteNumber("frames", plan.FramesMin);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The order that a text gives; null where it is none.</summary>
    public static (string Model, RolloutOrder Order)? Read(string text, int stage)
    {
        if (text.Length > StatementLengthMax)
            return null;
        try
        {
            using var document = JsonDocument.Parse(text, new() { MaxDepth = 3 });
            var json = document.RootElement;
            var plan = new RolloutPlan
            {
                ShadowSample = json.GetProperty("shadow").GetDouble(),
                ShadowTolerance = json.TryGetProperty("tolerance", out var tolerance) ? tolerance.GetDouble() : double.PositiveInfinity,
                Rings = [.. Bounded(json.GetProperty("rings")).Select(static ring => ring.GetString()!)],
                CanaryPercent = [.. Bounded(json.GetProperty("percent")).Select(static percent => percent.GetDouble())],
                FaultRateGood = json.GetProperty("good").GetDouble(),
                FaultRateBad = json.GetProperty("bad").GetDouble(),
                FalseRollback = json.GetProperty("falseRollback").GetDouble(),
                FalsePass = json.GetProperty("falsePass").GetDouble(),
                FramesMin = json.GetProperty("frames").GetInt64(),
            };
            var order = new RolloutOrder(
                SignedText.IdOf(text), json.GetProperty("sequence").GetInt64(), new(json.GetProperty("version").GetGuid()), json.GetProperty("number").GetInt64(), plan,
                [.. Bounded(json.GetProperty("overrides")).Select(static stop => new DocumentId(stop.GetGuid()))], Math.Clamp(stage, 0, plan.StageCount));
            var model = json.GetProperty("model").GetString()!;
            return plan.Validate() is null && Write(model, order) == text ? (model, order) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException or ArgumentException)
        {
            return null;
        }
    }

    private static JsonElement.ArrayEnumerator Bounded(JsonElement list) =>
        list.GetArrayLength() <= ListMax ? list.EnumerateArray() : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"a list has more than {ListMax} entries"));
}
