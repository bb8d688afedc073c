using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Metrics;
using StatusPage.Web.Accounts;
using StatusPage.Web.Metrics;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages/{page_id}/metrics</c>: values are pushed as Statuspage takes them.</summary>
public static class MetricEndpoints
{
    /// <summary>Values in one request, as with Statuspage.</summary>
    private const int MostValues = 3_000;

    /// <summary>A clock that is ahead by more than this is wrong.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    public static void MapMetrics(this RouteGroupBuilder v1)
    {
        var metrics = v1.MapGroup("/metrics").In(ApiScopes.Metrics, "Metrics");
        metrics.MapGet("", PageAsync).Pages().Says<IReadOnlyList<MetricShape>>("System metrics");
        metrics
            .MapPost("", CreateAsync)
            .Writes(Permissions.Manage)
            .Takes<MetricRequest>()
            .Says<MetricShape>("Add a metric with values that are pushed", StatusCodes.Status201Created);
        metrics
            .MapMethods("/{metric_id}", ["PATCH", "PUT"], UpdateAsync)
            .Writes(Permissions.Manage)
            .Takes<MetricRequest>()
            .Says<MetricShape>("Change a metric");
        metrics.MapDelete("/{metric_id}", RemoveAsync).Writes(Permissions.Manage).Says<MetricShape>("Remove a metric with its values");
        metrics
            .MapGet("/{metric_id}", async (string metric_id, ManageRequest request) => ManageApi.Ok(await ShapeAsync(request, metric_id)))
            .Says<MetricShape>("A system metric");
        metrics
            .MapPost("/data", PushManyAsync)
            .Writes()
            .Takes<ManyMetricData>()
            .Says<NothingShape>("Push values of several metrics: all of them, or none", StatusCodes.Status202Accepted);
        metrics
            .MapPost("/{metric_id}/data", PushAsync)
            .Writes()
            .Takes<MetricDataRequest>()
            .Says<MetricValueAnswer>("Push a value", StatusCodes.Status201Created);
        metrics.MapDelete("/{metric_id}/data", ForgetAsync).Writes(Permissions.Manage).Says<MetricShape>("Forget all values of a metric");
    }

    private static async Task<IResult> PageAsync(ManageRequest request)
    {
        var (skip, take) = ManageApi.Paging(request.Request);
        return ManageApi.Ok<IReadOnlyList<MetricShape>>([.. (await ListAsync(request)).Skip(skip).Take(take)]);
    }

    private static async Task<IResult> CreateAsync(ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "metric", request.Cancel);
        var page = await request.PageAsync();
        if (await request.Writer.Db.Metrics.CountAsync(row => row.PageId == page.Id, request.Cancel) >= Metric.MostOnPage)
            throw new RuleViolation($"A page has {Metric.MostOnPage} metrics at most. Remove one first.");
        var metric = Change(Metric.Create(page.Id, request.Writer.Now), body, request.Writer.Now);
        request.Writer.Db.Metrics.Add(metric);
        await request.Writer.PublishAsync(page.Id, new(request.Actor, "metric.created", metric.Name), request.Cancel);
        return ManageApi.Json(StatusCodes.Status201Created, await ShapeAsync(request, metric.Id.Value));
    }

    private static async Task<IResult> UpdateAsync(string metric_id, ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "metric", request.Cancel);
        var metric = Change(await RowAsync(request, metric_id), body, request.Writer.Now);
        await request.Writer.PublishAsync(metric.PageId, new(request.Actor, "metric.edited", metric.Name), request.Cancel);
        return ManageApi.Ok(await ShapeAsync(request, metric_id));
    }

    private static async Task<IResult> RemoveAsync(string metric_id, ManageRequest request)
    {
        var metric = await RowAsync(request, metric_id);
        var shape = await ShapeAsync(request, metric_id);
        request.Writer.Db.Metrics.Remove(metric);
        await request.Writer.PublishAsync(metric.PageId, new(request.Actor, "metric.removed", metric.Name), request.Cancel);
        return ManageApi.Ok(shape);
    }

    /// <summary>What the body does not mention stays as it is; null and empty take it away.</summary>
    private static Metric Change(Metric metric, Body body, DateTimeOffset now)
    {
        var places = body.Number("decimal_places") ?? metric.DecimalPlaces;
        if (places != Math.Truncate(places) || Math.Abs(places) > int.MaxValue)
            throw body.Wrong("decimal_places", "a whole number from 0 to 4");
        return metric
            .Describe(
                body.Mentions("name") ? body.Text("name") : metric.Name,
                body.Mentions("suffix") ? body.Text("suffix") : metric.Suffix,
                (int)places,
                body.Flag("display", metric.IsShown),
                metric.Address,
                metric.Query,
                now
            )
            .Draw(
                body.Mentions("y_axis_min") ? body.Number("y_axis_min") : metric.YAxisMin,
                body.Mentions("y_axis_max") ? body.Number("y_axis_max") : metric.YAxisMax,
                body.Flag("y_axis_hidden", metric.YAxisHidden),
                body.Mentions("tooltip_description") ? body.Text("tooltip_description") : metric.TooltipDescription,
                body.Mentions("metric_identifier") ? body.Text("metric_identifier") : metric.Identifier,
                now
            );
    }

    private static async Task<MetricShape> ShapeAsync(ManageRequest request, string id) =>
        (await ListAsync(request)).FirstOrDefault(metric => metric.Id == id) ?? throw ManageApi.NotFound("metric", id);

    private static async Task<Metric> RowAsync(ManageRequest request, string id)
    {
        var metric = await FindAsync(request, id);
        return await request.Writer.Db.Metrics.FirstAsync(row => row.Id == metric, request.Cancel);
    }

    private static async Task<IReadOnlyList<MetricShape>> ListAsync(ManageRequest request)
    {
        var page = await request.PageAsync();
        var rows = await request
            .Writer.Db.Metrics.AsNoTracking()
            .Where(row => row.PageId == page.Id)
            .OrderBy(row => row.CreatedAt)
            .ToListAsync(request.Cancel);
        var ids = rows.ConvertAll(row => row.Id);
        var newest = await request
            .Writer.Db.MetricPoints.Where(point => ids.Contains(point.MetricId))
            .GroupBy(point => point.MetricId)
            .Select(points => new { points.Key, At = points.Max(point => point.At) })
            .ToDictionaryAsync(row => row.Key, row => row.At, request.Cancel);
        return
        [
            .. rows.Select(metric => new MetricShape(
                metric.Id.Value,
                null,
                metric.Identifier,
                metric.Name,
                metric.IsShown,
                metric.TooltipDescription,
                false,
                metric.YAxisMin,
                metric.YAxisMax,
                metric.YAxisHidden,
                metric.Suffix,
                metric.DecimalPlaces,
                newest.TryGetValue(metric.Id, out var at) ? at : null,
                metric.CreatedAt,
                metric.UpdatedAt
            )),
        ];
    }

    private static async Task<IResult> PushAsync(string metric_id, ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "data", request.Cancel);
        var metric = await FindAsync(request, metric_id);
        var value = ValueOf(body.Element, "data", request.Writer.Now);
        await request.Writer.Db.AddValuesAsync(metric, [value], request.Cancel);
        return ManageApi.Json(StatusCodes.Status201Created, new MetricValueAnswer(new(value.At.ToUnixTimeSeconds(), value.Value)));
    }

    /// <summary><c>{"data": {"METRIC": [{"timestamp": 1, "value": 2}, …]}}</c>: all of it, or nothing.</summary>
    private static async Task<IResult> PushManyAsync(ManageRequest request)
    {
        var body = await Body.ReadAsync(request.Request, "data", request.Cancel);
        var all = new List<(MetricId Metric, List<(DateTimeOffset, double)> Values)>();
        foreach (var property in body.Element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Array)
                throw body.Wrong(property.Name, "an array of values with timestamp and value");
            all.Add(
                (
                    await FindAsync(request, property.Name),
                    [.. property.Value.EnumerateArray().Select((value, i) => ValueOf(value, $"data.{property.Name}[{i}]", request.Writer.Now))]
                )
            );
        }
        if (all.Sum(one => one.Values.Count) > MostValues)
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"At most {MostValues} values fit into one request.");
        await using var transaction = await request.Writer.Db.Database.BeginTransactionAsync(request.Cancel);
        foreach (var (metric, values) in all)
            await request.Writer.Db.AddValuesAsync(metric, values, request.Cancel);
        await transaction.CommitAsync(CancellationToken.None);
        return ManageApi.Json(StatusCodes.Status202Accepted, new NothingShape());
    }

    private static async Task<IResult> ForgetAsync(string metric_id, ManageRequest request)
    {
        var metric = await FindAsync(request, metric_id);
        await request.Writer.Db.MetricPoints.Where(row => row.MetricId == metric).ExecuteDeleteAsync(request.Cancel);
        await request.Writer.SaveAsync((await request.PageAsync()).Id, new(request.Actor, "metric.emptied", metric_id), request.Cancel);
        return ManageApi.Ok(await ShapeAsync(request, metric_id));
    }

    private static (DateTimeOffset At, double Value) ValueOf(JsonElement json, string where, DateTimeOffset now)
    {
        if (
            json.ValueKind != JsonValueKind.Object
            || !json.TryGetProperty("value", out var given)
            || !Number(given, out var value)
            || !double.IsFinite(value)
        )
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"{where}.value must be a number.");
        if (!json.TryGetProperty("timestamp", out var stamp) || !Number(stamp, out var seconds) || !(Math.Abs(seconds) <= 1e11))
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"{where}.timestamp must be seconds since 1970.");
        var at = DateTimeOffset.FromUnixTimeSeconds((long)Math.Clamp(seconds, Instants.Earliest.ToUnixTimeSeconds(), Instants.Latest.ToUnixTimeSeconds()));
        if (at > now + Ahead)
            throw new ApiException(StatusCodes.Status422UnprocessableEntity, $"{where}.timestamp lies in the future.");
        if (at < now - MetricSeries.Kept)
            throw new ApiException(
                StatusCodes.Status422UnprocessableEntity,
                $"{where}.timestamp lies more than {MetricSeries.Kept.TotalDays:N0} days back; values are not kept for longer."
            );
        return (at, value);
    }

    /// <summary>A form has texts only.</summary>
    private static bool Number(JsonElement json, out double value)
    {
        value = 0;
        return json.ValueKind == JsonValueKind.Number
            ? json.TryGetDouble(out value)
            : json.ValueKind == JsonValueKind.String
                && double.TryParse(
                    json.GetString(),
                    System.Globalization.NumberStyles.Float,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out value
                );
    }

    private static async Task<MetricId> FindAsync(ManageRequest request, string id)
    {
        var page = await request.PageAsync();
        return
            PublicId.LooksLikeOne(id)
            && await request.Writer.Db.Metrics.AnyAsync(row => row.PageId == page.Id && row.Id == MetricId.Of(id), request.Cancel)
            ? MetricId.Of(id)
            : throw ManageApi.NotFound("metric", id);
    }
}
