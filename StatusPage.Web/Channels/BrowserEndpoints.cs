using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Channels;

/// <summary>
/// <c>/subscribe/browser</c>: the page's own script subscribes a browser, or ends that. No mail confirms it, because the browser asked its user.
/// </summary>
public static class BrowserEndpoints
{
    /// <summary>Bytes of a request; a subscription has about 500.</summary>
    private const int MaxBody = 16 * 1024;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static void MapBrowsers(this WebApplication app)
    {
        var browsers = app.MapGroup("/subscribe/browser").AllowAnonymous().RequireRateLimiting(Limits.Subscribe).AddEndpointFilter(GuardAsync);
        browsers.MapPost("", SubscribeAsync);
        browsers.MapPost("/end", EndAsync);
    }

    private static async Task<IResult> SubscribeAsync(HttpContext context, ChangeWriter writer, PushServices services)
    {
        var cancel = context.RequestAborted;
        var asked = await ReadAsync(context);
        var page = await writer.PageAsync(cancel);
        if (!page.TakesSubscribers || await writer.Db.FindPushAsync(page.Id, cancel) is not { IsOn: true })
            return Answer(StatusCodes.Status503ServiceUnavailable, "Browser notifications are turned off on this page.");
        services.Check(asked.Endpoint);
        var browser = Subscriber.ByBrowser(page.Id, asked.Endpoint, asked.Keys?.P256dh, asked.Keys?.Auth, writer.Now);
        var wanted = (asked.ComponentIds ?? []).Where(PublicId.LooksLikeOne).Select(ComponentId.Of).ToList();
        var chosen = await writer
            .Db.Components.Where(row => row.PageId == page.Id && row.ArchivedAt == null && wanted.Contains(row.Id))
            .Select(row => row.Id)
            .ToListAsync(cancel);
        if (await writer.Db.Subscribers.FirstOrDefaultAsync(row => row.PageId == page.Id && row.Key == browser.Key, cancel) is { } known)
        {
            known.Choose(chosen);
            known.Confirm(writer.Now);
            browser = known;
        }
        else
        {
            browser.Choose(chosen);
            writer.Db.Subscribers.Add(browser);
        }
        try
        {
            await writer.SaveAsync(page.Id, new("subscriber", "subscriber.confirmed", browser.Id.Value), cancel);
        }
        catch (Exception exception) when (StoreSetup.IsConflict(exception))
        {
            // The same browser subscribed twice at once; the other request created the row.
        }
        return Results.StatusCode(StatusCodes.Status201Created);
    }

    /// <summary>The answer is the same whether the browser is known or not.</summary>
    private static async Task<IResult> EndAsync(HttpContext context, ChangeWriter writer)
    {
        var asked = await ReadAsync(context);
        var page = await writer.PageAsync(context.RequestAborted);
        var key = Subscriber.PushKeyOf(asked.Endpoint ?? "");
        if (await writer.Db.Subscribers.FirstOrDefaultAsync(row => row.PageId == page.Id && row.Key == key, context.RequestAborted) is { } known)
        {
            known.End(writer.Now);
            await writer.SaveAsync(page.Id, new("subscriber", "subscriber.ended", known.Id.Value), context.RequestAborted);
        }
        return Results.NoContent();
    }

    private static async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        // There is no form and so no token; the browser says where the request was made.
        if (!Origins.AreOwn(http))
            return Answer(StatusCodes.Status403Forbidden, "Only this page itself may ask for that.");
        try
        {
            return await next(context);
        }
        catch (RuleViolation violation)
        {
            return Answer(StatusCodes.Status422UnprocessableEntity, violation.Message);
        }
    }

    private static async Task<Asked> ReadAsync(HttpContext context)
    {
        var request = context.Request;
        if (!request.HasJsonContentType() || request.ContentLength > MaxBody)
            throw Unreadable();
        try
        {
            var buffer = new byte[MaxBody + 1];
            var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, context.RequestAborted);
            return (length <= MaxBody ? JsonSerializer.Deserialize<Asked>(buffer.AsSpan(0, length), Json) : null) ?? throw Unreadable();
        }
        catch (JsonException)
        {
            throw Unreadable();
        }
    }

    private static RuleViolation Unreadable() => new("Send JSON: {\"endpoint\": …, \"keys\": {\"p256dh\": …, \"auth\": …}}.");

    private static IResult Answer(int status, string message) => Results.Json(new { message }, statusCode: status);

    private sealed record Asked(string? Endpoint, Keys? Keys, IReadOnlyList<string>? ComponentIds);

    private sealed record Keys(string? P256dh, string? Auth);
}
