using System.Globalization;
using System.Text.Json;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Channels;

namespace StatusPage.Web.Metrics;

/// <summary>A value, or why there is none.</summary>
public sealed record Answer(double? Value, string? Trouble);

/// <summary>
/// Queries a Prometheus for one value by its HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/), through OutboundHttp.
/// </summary>
public sealed class Prometheus(OutboundHttp outbound)
{
    public async Task<Answer> AskAsync(string address, string query, DateTimeOffset now)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{address}/api/v1/query?query={Uri.EscapeDataString(query)}");
        var reply = await outbound.SendAsync(Channel.Webhook, request);
        if (reply.NotReached is not null)
            return new(null, reply.Failed(now).Reason);
        try
        {
            using var json = JsonDocument.Parse(reply.Body);
            var root = json.RootElement;
            if (root.TryGetProperty("status", out var status) && status.GetString() != "success")
                return new(
                    null,
                    $"Prometheus does not take the query: {(root.TryGetProperty("error", out var error) ? error.GetString() : status.GetString())}"
                );
            var data = root.GetProperty("data");
            var result = data.GetProperty("result");
            var pair = data.GetProperty("resultType").GetString() switch
            {
                "scalar" => result,
                "vector" when result.GetArrayLength() == 1 => result[0].GetProperty("value"),
                "vector" when result.GetArrayLength() == 0 => default,
                "vector" => throw new FormatException($"The query gives {result.GetArrayLength()} values. Sum or average them, so that one is left."),
                var other => throw new FormatException($"The query gives a {other}. Ask for one value."),
            };
            if (pair.ValueKind == JsonValueKind.Undefined)
                return new(null, "The query gives no value just now.");
            var value = double.Parse(pair[1].GetString()!, CultureInfo.InvariantCulture);
            return double.IsFinite(value) ? new(value, null) : new(null, "The query gives no number just now.");
        }
        catch (FormatException exception)
        {
            return new(null, exception.Message);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new(null, reply.IsGood ? $"{reply.Host} answers, but not as a Prometheus does." : reply.Failed(now).Reason);
        }
    }
}
