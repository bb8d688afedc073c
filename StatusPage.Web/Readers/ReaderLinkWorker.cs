using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Readers;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Readers;

/// <summary>A request for a link to a private page. The address may be nobody's.</summary>
/// <param name="Then">Where the link leads in the end.</param>
public sealed record ReaderLinkRequest(PageId Page, string Email, Language Language, string Then);

/// <summary>Requested links that wait for the worker: the request is answered before anything is looked up.</summary>
public sealed class ReaderLinks
{
    private const int Most = 1_000;

    /// <summary>Characters of the address to return to; of a longer one, the link leads to the page.</summary>
    private const int MaxThen = 500;

    private readonly Channel<ReaderLinkRequest> _waiting = Channel.CreateBounded<ReaderLinkRequest>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Ask(ReaderLinkRequest request)
    {
        if (request.Email.Length is > 0 and <= EmailAddress.MaxLength)
            _waiting.Writer.TryWrite(request.Then.Length > MaxThen ? request with { Then = "/" } : request);
    }

    public IAsyncEnumerable<ReaderLinkRequest> ReadAsync(CancellationToken cancel) => _waiting.Reader.ReadAllAsync(cancel);
}

/// <summary>Mails the links outside of the requests, so that response times do not tell which addresses may read a page.</summary>
public sealed partial class ReaderLinkWorker(
    ReaderLinks requests,
    Counts counts,
    IServiceScopeFactory scopes,
    WorkerTools tools,
    ILogger<ReaderLinkWorker> logger
) : Worker("Links of readers", tools, logger)
{
    /// <summary>Mails to one address in an hour, whoever asks for them.</summary>
    private const int MostPerHour = 3;

    protected override async Task<TimeSpan> RoundAsync(CancellationToken stopping)
    {
        await foreach (var request in requests.ReadAsync(stopping))
        {
            try
            {
                await SendAsync(request, stopping);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                Log.Failed(logger, exception.GetBaseException().GetType().Name);
            }
        }
        return TimeSpan.Zero;
    }

    private async Task SendAsync(ReaderLinkRequest request, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        if (
            await db.AccessAsync(request.Page, cancel) is not { } rule
            || ReaderList.Address(request.Email) is not { } email
            || await db.RoadOfAsync(request.Page, rule, email, cancel) is null
            || await counts.AddAsync("mail.reader-link", $"{request.Page} {EmailAddress.Mailbox(email)}", TimeSpan.FromHours(1), cancel) > MostPerHour
        )
            return;
        var now = Time.GetUtcNow();
        await db.OneTimeLinks.Where(row => row.Purpose == OneTimeLinkPurpose.Read && row.ExpiresAt < now).ExecuteDeleteAsync(cancel);
        var page = await db.Pages.AsNoTracking().FirstAsync(row => row.Id == request.Page, cancel);
        var (link, token) = OneTimeLink.Read(page.Id, email, now);
        db.OneTimeLinks.Add(link);
        scope
            .ServiceProvider.GetRequiredService<NoticeBox>()
            .Mail(page.Id, ReaderMail.KeyOf(link, request.Language), email, ReaderMail.Of(page, token, request));
        await db.SaveChangesAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(371, LogLevel.Warning, "A reader's link was asked for and the mail could not be written ({Reason}); it has to be asked for again.")]
        public static partial void Failed(ILogger logger, string reason);
    }
}

/// <summary>The mail with a reader's link, in the language in which it was asked for.</summary>
internal static class ReaderMail
{
    private const string Prefix = "reader.";

    public static string KeyOf(OneTimeLink link, Language language) => $"{Prefix}{language.Code}.{link.Hash[..24]}";

    /// <summary>Null for a notice to the team.</summary>
    public static Language? LanguageOf(Notice notice) =>
        notice.Key.StartsWith(Prefix, StringComparison.Ordinal) ? Language.Find(notice.Key.Split('.')[1]) : null;

    public static NoticeText Of(Domain.Pages.Page page, string token, ReaderLinkRequest request)
    {
        var say = Words.Of(request.Language);
        return new(
            say["Your link to {0} status", page.Name],
            say["Somebody, most likely you, asked to read {0} status. The link works once, within an hour. Do not pass it on.", page.Name],
            say["Read the page"],
            $"/{request.Language.Code}{ReaderPaths.Link}{token}?then={Uri.EscapeDataString(request.Then)}"
        );
    }
}

internal static class ReaderQueries
{
    /// <summary>How a mailed link lets an address in; null: it does not.</summary>
    public static async Task<ReaderRoad?> RoadOfAsync(this StatusDb db, PageId page, AccessRule rule, string email, CancellationToken cancel)
    {
        if (!rule.MailsLinks)
            return null;
        if (rule.Covers(email))
            return ReaderRoad.Listed;
        var key = EmailAddress.Key(email);
        return
            rule.SubscribersRead
            && await db.Subscribers.AnyAsync(row => row.PageId == page && row.Key == key && row.State == SubscriptionState.Confirmed, cancel)
            ? ReaderRoad.Subscriber
            : null;
    }
}
