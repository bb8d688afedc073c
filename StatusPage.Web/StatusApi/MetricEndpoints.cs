using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Metrics;
using StatusPage.Web.Metrics;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages/{page_id}/metrics</c>: values are pushed as Statuspage takes them.</summary>
public static class MetricEndpoints
{
    /// <summary>In one request, as with Statuspage.</summary>
    private const int MostValues = 3_000;

    /// <summary>A clock that is ahead by more is wrong.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    public static void MapMetrics(this RouteGroupBuilder v1)
    {
        var metrics = v1.MapGroup("/metrics");
        metrics.MapGet("", (ManageRequest request) => ListAsync(request, null));
        metrics.MapGet("/{id}", (string id, ManageRequest request) => ListAsync(request, id));
        metrics.MapPost("/data", PushManyAsync).Writes();
        metrics.MapPost("/{id}/data", PushAsync).Writes();
        metrics.MapDelete("/{id}/data", ForgetAsync).Writes();
    }

    private static async Task<IResult> ListAsync(ManageRequest request, string? id)
    {
        var page = await request.PageAsync();
        var rows = await request.Desk.Db.Metrics.AsNoTracking().Where(row => row.PageId == page.Id).OrderBy(row => row.CreatedAt).ToListAsync(request.Cancel);
        if (id is not null && (rows = rows.FindAll(row => row.Id.Value == id)).Count == 0) throw ManageApi.NotFound("metric", id);
        return ManageApi.Json(StatusCodes.Status200OK, json =>
        {
            if (id is null) json.WriteStartArray();
            foreach (var metric in rows)
            {
                json.WriteStartObject();
                json.WriteString("id", metric.Id.Value);
                json.WriteString("name", metric.Name);
                json.WriteBoolean("display", metric.IsShown);
                json.WriteString("suffix", metric.Suffix);
                json.WriteNumber("decimal_places", metric.DecimalPlaces);
                json.WriteInstant("created_at", metric.CreatedAt);
                json.WriteInstant("updated_at", metric.UpdatedAt);
                json.WriteEndObject();
            }
            if (id is null) json.WriteEndArray();
        });
    }

    private static async Task<IResult> PushAsync(string id, ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "data", request.Cancel);
        var metric = await FindAsync(request, id);
        var value = ValueOf(body.Element, "data", request.Desk.Now);
        await request.Desk.Db.AddValuesAsync(metric, [value], request.Cancel);
        return ManageApi.Json(StatusCodes.Status201Created, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteNumber("timestamp", value.At.ToUnixTimeSeconds());
            json.WriteNumber("value", value.Value);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary><c>{"data": {"METRIC": [{"timestamp": 1, "value": 2}, …]}}</c>: all of it, or nothing.</summary>
    private static async Task<IResult> PushManyAsync(ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "data", request.Cancel);
        var all = new List<(MetricId Metric, List<(DateTimeOffset, double)> Values)>();
        foreach (var property in body.Element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Array) throw body.Wrong(property.Name, "an array of values with timestamp and value");
            all.Add((await FindAsync(request, property.Name), [.. property.Value.EnumerateArray().Select((value, i) => ValueOf(value, $"data.{property.Name}[{i}]", request.Desk.Now))]));
        }
        if (all.Sum(one => one.Values.Count) > MostValues) throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"At most {MostValues} values fit into one request.");
        await using var transaction = await request.Desk.Db.Database.BeginTransactionAsync(request.Cancel);
        foreach (var (metric, values) in all) await request.Desk.Db.AddValuesAsync(metric, values, request.Cancel);
        await transaction.CommitAsync(request.Cancel);
        return ManageApi.Json(StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            json.WriteEndObject();
        });
    }

    private static async Task<IResult> ForgetAsync(string id, ManageRequest request)
    {
        var metric = await FindAsync(request, id);
        await request.Desk.Db.MetricPoints.Where(row => row.MetricId == metric).ExecuteDeleteAsync(request.Cancel);
        await request.Desk.SaveAsync((await request.PageAsync()).Id, new(request.Actor, "metric.emptied", id), request.Cancel);
        return Results.NoContent();
    }

    private static (DateTimeOffset At, double Value) ValueOf(JsonElement json, string where, DateTimeOffset now)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("value", out var given) || !Number(given, out var value) || !double.IsFinite(value))
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"{where}.value must be a number.");
        if (!json.TryGetProperty("timestamp", out var stamp) || !Number(stamp, out var seconds) || Math.Abs(seconds) > 1e11)
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"{where}.timestamp must be seconds since 1970.");
        var at = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        if (at > now + Ahead) throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"{where}.timestamp lies in the future.");
        if (at < now - MetricSeries.Kept) throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"{where}.timestamp lies more than {MetricSeries.Kept.TotalDays:N0} days back; values are not kept for longer.");
        return (at, value);
    }

    /// <summary>A form knows nothing but texts.</summary>
    private static bool Number(JsonElement json, out double value)
    {
        value = 0;
        return json.ValueKind == JsonValueKind.Number ? json.TryGetDouble(out value)
            : json.ValueKind == JsonValueKind.String && double.TryParse(json.GetString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value);
    }

    private static async Task<MetricId> FindAsync(ManageRequest request, string id)
    {
        var page = await request.PageAsync();
        return PublicId.LooksLikeOne(id) && await request.Desk.Db.Metrics.AnyAsync(row => row.PageId == page.Id && row.Id == MetricId.Of(id), request.Cancel) ? MetricId.Of(id) : throw ManageApi.NotFound("metric", id);
    }
}
