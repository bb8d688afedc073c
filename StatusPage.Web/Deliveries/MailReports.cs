using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.StatusApi;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Deliveries;

/// <summary>
/// <c>POST /hooks/mail-reports</c>: an address that bounces or complains gets no more mail. Reports are signed, so that nobody else can silence
/// subscribers. A repeated report changes nothing, so reports are not recorded. All pages share the mail server, so the page is taken from the report, not
/// from the address that it came to.
/// </summary>
public static class MailReports
{
    public const string Path = "/hooks/mail-reports";
    private const string Actor = "mail reports";

    /// <summary>Bytes; a report with the headers of the message has a few thousand.</summary>
    private const int MaxBody = 256 * 1024;

    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public static void MapMailReports(this WebApplication app) =>
        app.MapPost(Path, TakeAsync).AllowAnonymous().WithMetadata(new TakesOtherOriginsAttribute());

    private static async Task<IResult> TakeAsync(HttpContext context, ChangeWriter writer, Settings settings)
    {
        context.Response.Headers.CacheControl = "no-store";
        var cancel = context.RequestAborted;
        if (settings.MailReportsSecret is not { } secret)
            return ApiErrors.Result(StatusCodes.Status404NotFound, "Reports are not taken here: no Email:ReportsSecret is configured.");
        if (await BoundedBody.ReadAsync(context.Request, MaxBody, cancel) is not { } body)
            return ApiErrors.Result(StatusCodes.Status413PayloadTooLarge, $"A report may have {MaxBody / 1024} KB at most.");
        if (!IsSigned(context.Request.Headers["StatusPage-Signature"].ToString(), body, secret, writer.Now))
            return ApiErrors.Result(
                StatusCodes.Status401Unauthorized,
                "The signature is missing, wrong or older than 5 minutes. "
                    + "Send StatusPage-Signature: t=SECONDS,v1=HEX with the HMAC-SHA256 of 'SECONDS.BODY'."
            );
        try
        {
            var isMail = context.Request.ContentType?.StartsWith("message/rfc822", StringComparison.OrdinalIgnoreCase) == true;
            var events = isMail ? MailReport.ReadMessage(new MemoryStream(body), cancel) : MailReport.ReadJson(body);
            var pages = await writer.Db.Pages.AsNoTracking().ToListAsync(cancel);
            var done = new List<object>();
            foreach (var happened in events)
                done.Add(new { type = happened.Type, result = await HandleAsync(writer, pages, happened, cancel) });
            return Results.Json(new { events = done });
        }
        catch (RuleViolation violation)
        {
            return ApiErrors.Result(StatusCodes.Status400BadRequest, violation.Message);
        }
    }

    /// <returns>What was done, in words; without an address, since the answer may land in a log.</returns>
    private static async Task<string> HandleAsync(ChangeWriter writer, IReadOnlyList<Page> pages, MailEvent happened, CancellationToken cancel)
    {
        var found = await FindAsync(writer.Db, pages, happened, cancel);
        if (found.Count == 0)
            return "ignored: no subscriber has this return path or address";
        if (!happened.Permanent)
            return "noted: it is temporary, so nothing changes";
        var reached = found.Where(subscriber => subscriber.State is not (SubscriptionState.Suppressed or SubscriptionState.Ended)).ToList();
        if (reached.Count == 0)
            return found.Exists(subscriber => subscriber.State == SubscriptionState.Suppressed)
                ? "nothing to do: suppressed already"
                : "nothing to do: the subscription has ended";
        var words = string.Join(' ', happened.Reason.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (var subscriber in reached)
        {
            subscriber.Suppress(words.Length > 0 ? words : happened.Type, writer.Now);
            await writer.SaveAsync(subscriber.PageId, new(Actor, "subscriber.suppressed", $"{subscriber.Id} {happened.Type}"), cancel);
        }
        return "suppressed";
    }

    /// <summary>
    /// The return path names one subscriber, and its signature identifies the page. A bare address means every page where it is subscribed; it may be
    /// written differently from the subscription.
    /// </summary>
    private static async Task<List<Subscriber>> FindAsync(StatusDb db, IReadOnlyList<Page> pages, MailEvent happened, CancellationToken cancel)
    {
        foreach (var page in pages)
            if (ReturnPath.Read(happened.ReturnPath, page.LinkKey) is { } id)
                return await db.Subscribers.WithMembers().Where(row => row.PageId == page.Id && row.Id == id).ToListAsync(cancel);
        if (string.IsNullOrEmpty(happened.Recipient))
            return [];
        var key = EmailAddress.KeyOf(happened.Recipient.Trim('<', '>', ' '));
        var groups = await db.Audiences.Select(audience => audience.Id).ToListAsync(cancel);
        List<string> keys = [key, .. groups.Select(group => Subscriber.MemberKey(group, key))];
        return await db.Subscribers.WithMembers().Where(row => keys.Contains(row.Key)).ToListAsync(cancel);
    }

    /// <summary>Null when it is too long.</summary>
    private static bool IsSigned(string header, byte[] body, string secret, DateTimeOffset now)
    {
        var parts = header
            .Split(',', StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToLookup(part => part[0], part => part[1]);
        if (
            !long.TryParse(parts["t"].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Skew.TotalSeconds
        )
            return false;
        var expected = WebhookSecret.Hash(secret, seconds, body);
        return parts["v1"].Any(claimed => SignedLink.Same(expected, claimed.ToLowerInvariant()));
    }
}
