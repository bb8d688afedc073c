using System.Security.Cryptography;
using StatusPage.Domain.Alerts;
using StatusPage.Web.Alerts.Sources;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Alerts;

/// <summary>
/// <c>POST /hooks/{source}/{id}</c>: where monitoring systems call. A request is checked and stored, then answered with 202; a worker looks at it afterwards. So a sender never
/// waits, and a crash in between loses nothing.
/// </summary>
public static class AlertHooks
{
    /// <summary>For each source, far above what an alert storm brings.</summary>
    private const int MostPerMinute = 120_000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Grafana can be set to PUT.
    public static void MapAlertHooks(this WebApplication app) =>
        app.MapMethods("/hooks/{source}/{id}", ["POST", "PUT"], TakeAsync).AllowAnonymous().WithMetadata(new TakesOtherOriginsAttribute());

    private static async Task<IResult> TakeAsync(
        string source,
        string id,
        HttpContext context,
        KnownSources known,
        AlertSetup setup,
        StatusDb db,
        AlertBell bell,
        Counts counts,
        TimeProvider time
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        var cancel = context.RequestAborted;
        if (AlertSourceKinds.Parse(source) is not { } kind || await known.FindAsync(kind, id, cancel) is not { } found)
            return ApiErrors.Result(StatusCodes.Status404NotFound, "There is no such source. Copy the address from the source's room at the comms desk.");
        if (await BoundedBody.ReadAsync(context.Request, AlertDelivery.MaxBody, cancel) is not { } body)
            return ApiErrors.Result(StatusCodes.Status413PayloadTooLarge, $"A delivery may have {AlertDelivery.MaxBody / 1024:N0} KiB at most.");
        var now = time.GetUtcNow();
        switch (AlertSignatures.Check(kind, context.Request.Headers, body, setup.SecretsOf(found, now), now))
        {
            case AlertProof.Good:
                break;
            case AlertProof.TooOld:
                return ApiErrors.Result(StatusCodes.Status401Unauthorized, "The signature is older than 5 minutes, or from a clock that is wrong.");
            case AlertProof.Missing:
                return Refuse(context, "The request is neither signed nor does it carry the source's secret.");
            default:
                return Refuse(context, "The signature or the secret is wrong.");
        }
        var tally = await counts.TakeAsync("alerts", found.Id.Value, Minute, cancel);
        if (tally.Number > MostPerMinute)
        {
            context.Response.Headers.RetryAfter = Limits.Seconds(tally.EndsIn);
            return ApiErrors.Result(StatusCodes.Status429TooManyRequests, $"A source may call {MostPerMinute:N0} times a minute.");
        }
        var reading = AlertReader.Read(kind, body, AlertSetup.MappingOf(found));
        if (reading is AlertReading.NotThisShape wrong)
            return ApiErrors.Result(StatusCodes.Status422UnprocessableEntity, wrong.Why);
        var proof = ProofOf(kind, reading, body, context.Request.Headers);
        // What is as it was before is news all the same, where it was something else in between.
        if (kind == AlertSourceKind.FireHydrant && await db.IsChangedBackAsync(found, reading, proof, cancel))
            proof = null;
        db.AlertDeliveries.Add(new(found, body, proof, isTest: false, now));
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (Exception exception) when (StoreSetup.IsDuplicate(exception))
        {
            return Results.Json(new { status = "known already; nothing changes" }, statusCode: StatusCodes.Status202Accepted);
        }
        bell.Ring();
        return Results.Json(new { status = "accepted" }, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>
    /// By what a delivery is known that comes again, because somebody recorded it, or because its sender did not hear the answer. Sources that repeat the same on purpose
    /// have none: what they say again changes nothing by itself.
    /// </summary>
    private static string? ProofOf(AlertSourceKind kind, AlertReading reading, byte[] body, IHeaderDictionary headers) =>
        kind switch
        {
            AlertSourceKind.PagerDuty when reading is AlertReading.Of { Events: [{ DeliveryId: { } delivery }, ..] } => Hash("id:" + delivery),
            AlertSourceKind.PagerDuty or AlertSourceKind.FireHydrant => Convert.ToHexStringLower(SHA256.HashData(body)),
            AlertSourceKind.Grafana when headers.TryGetValue(AlertSignatures.GrafanaHeader, out var signature) && signature is [{ Length: > 0 } signed] =>
                headers.ContainsKey(AlertSignatures.GrafanaTimestampHeader) ? Hash("sig:" + signed) : null,
            _ => null,
        };

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    private static IResult Refuse(HttpContext context, string message)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return ApiErrors.Result(StatusCodes.Status401Unauthorized, message);
    }
}
