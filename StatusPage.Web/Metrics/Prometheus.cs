using System.Globalization;
using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Web.Channels;

namespace StatusPage.Web.Metrics;

/// <summary>A value, or why there is none.</summary>
public sealed record Answer(double? Value, Sentence? Trouble);

/// <summary>Values at equal steps, or why there are none.</summary>
public sealed record RangeAnswer(IReadOnlyList<double?> Values, Sentence? Trouble);

/// <summary>
/// Queries a Prometheus for one value, or for the values of a while, by its HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/), through OutboundHttp.
/// </summary>
public sealed class Prometheus(OutboundHttp outbound)
{
    public async Task<Answer> AskAsync(string address, string query, DateTimeOffset now)
    {
        var (value, trouble) = await AskAsync(address, $"query?query={Uri.EscapeDataString(query)}", now, ValueIn);
        return trouble is not null ? new(null, trouble)
            : value is null ? new(null, "The query gives no value just now.")
            : double.IsFinite(value.Value) ? new(value, null)
            : new(null, "The query gives no number just now.");
    }

    /// <summary>Values at equal steps; the last one is at <paramref name="until"/>. Null where there is none.</summary>
    public async Task<RangeAnswer> AskRangeAsync(string address, string query, DateTimeOffset until, TimeSpan step, int count)
    {
        var from = until - step * (count - 1);
        var path = string.Create(
            CultureInfo.InvariantCulture,
            $"query_range?query={Uri.EscapeDataString(query)}&start={from.ToUnixTimeSeconds()}&end={until.ToUnixTimeSeconds()}&step={step.TotalSeconds:0}"
        );
        var (values, trouble) = await AskAsync(address, path, until, data => ValuesIn(data, from, step, count));
        return new(values ?? [], trouble);
    }

    private async Task<(T? Read, Sentence? Trouble)> AskAsync<T>(string address, string path, DateTimeOffset now, Func<JsonElement, T?> read)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{address}/api/v1/{path}");
        var reply = await outbound.SendAsync(Channel.Webhook, request);
        if (reply.NotReached is not null)
            return (default, reply.Failed(now).Reason);
        try
        {
            using var json = JsonDocument.Parse(reply.Body);
            var root = json.RootElement;
            if (root.TryGetProperty("status", out var status) && status.GetString() != "success")
                return (
                    default,
                    $"Prometheus does not take the query: {(root.TryGetProperty("error", out var error) ? error.GetString() : status.GetString())}"
                );
            return (read(root.GetProperty("data")), null);
        }
        catch (RuleViolation violation)
        {
            return (default, violation.Sentence);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return (default, reply.IsGood ? (Sentence)$"{reply.Host} answers, but not as a Prometheus does." : reply.Failed(now).Reason);
        }
    }

    private static double? ValueIn(JsonElement data)
    {
        var result = data.GetProperty("result");
        var pair = data.GetProperty("resultType").GetString() switch
        {
            "scalar" => result,
            "vector" when result.GetArrayLength() == 1 => result[0].GetProperty("value"),
            "vector" when result.GetArrayLength() == 0 => default,
            "vector" => throw new RuleViolation($"The query gives {result.GetArrayLength()} values. Sum or average them, so that one is left."),
            var other => throw new RuleViolation($"The query gives a {other}. Ask for one value."),
        };
        return pair.ValueKind == JsonValueKind.Undefined ? null : Number(pair);
    }

    private static double?[] ValuesIn(JsonElement data, DateTimeOffset from, TimeSpan step, int count)
    {
        var result = data.GetProperty("result");
        if (data.GetProperty("resultType").GetString() != "matrix" || result.GetArrayLength() > 1)
            throw new RuleViolation("The query gives more than one line. Sum or average them, so that one is left.");
        var values = new double?[count];
        foreach (var pair in result.EnumerateArray().SelectMany(line => line.GetProperty("values").EnumerateArray()))
        {
            var index = (int)Math.Round((pair[0].GetDouble() - from.ToUnixTimeSeconds()) / step.TotalSeconds);
            if (index >= 0 && index < count && Number(pair) is var value && double.IsFinite(value))
                values[index] = value;
        }
        return values;
    }

    private static double Number(JsonElement pair) => double.Parse(pair[1].GetString()!, CultureInfo.InvariantCulture);
}
