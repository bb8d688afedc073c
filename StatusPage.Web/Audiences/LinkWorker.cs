using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Notices;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Audiences;

/// <summary>A request for a member's link. The group and the member may not exist.</summary>
public sealed record LinkRequest(PageId Page, string Slug, string Email);

/// <summary>Requested links that wait for the worker: the request is answered before anything is looked up.</summary>
public sealed class LinkRequests
{
    private const int Most = 1000;

    /// <summary>Characters; no slug is as long, and the queue stays small.</summary>
    private const int MaxSlug = 100;

    private readonly Channel<LinkRequest> _waiting = Channel.CreateBounded<LinkRequest>(
        new BoundedChannelOptions(Most) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public void Ask(LinkRequest request)
    {
        if (request.Slug.Length <= MaxSlug && request.Email.Length is > 0 and <= EmailAddress.MaxLength)
            _waiting.Writer.TryWrite(request);
    }

    public IAsyncEnumerable<LinkRequest> ReadAsync(CancellationToken cancel) => _waiting.Reader.ReadAllAsync(cancel);
}

/// <summary>Sends members their links outside of the requests, so that response times do not reveal which groups exist and who is in them.</summary>
public sealed partial class LinkWorker(
    LinkRequests requests,
    AudienceSite audiences,
    Counts counts,
    IServiceScopeFactory scopes,
    WorkerTools tools,
    ILogger<LinkWorker> logger
) : Worker("Links of members", tools, logger)
{
    /// <summary>Mails to one member in an hour, whoever asks for them.</summary>
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

    private async Task SendAsync(LinkRequest request, CancellationToken cancel)
    {
        if (await audiences.FindAsync(request.Page, request.Slug, cancel) is not { } audience)
            return;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
        var key = Subscriber.MemberKey(audience.Id, EmailAddress.KeyOf(request.Email));
        if (
            await db
                .Subscribers.WithMembers()
                .AsNoTracking()
                .FirstOrDefaultAsync(row => row.PageId == request.Page && row.Key == key && row.State == SubscriptionState.Confirmed, cancel)
            is not { } member
        )
            return;
        if (await counts.AddAsync("mail.member-link", member.Id.Value, TimeSpan.FromHours(1), cancel) > MostPerHour)
            return;
        var page = await db.Pages.AsNoTracking().FirstAsync(row => row.Id == request.Page, cancel);
        scope
            .ServiceProvider.GetRequiredService<NoticeBox>()
            .Mail(
                page.Id,
                $"audience.{member.Id}.{PublicId.NewValue()}",
                member.Email!,
                TextOf(page, audience, member, Words.Of(member.Language ?? page.Language))
            );
        await scope
            .ServiceProvider.GetRequiredService<ChangeWriter>()
            .SaveAsync(page.Id, new("member", "audience.link-sent", $"{audience.Name} {member.Id}"), cancel);
    }

    private static NoticeText TextOf(Domain.Pages.Page page, Audience audience, Subscriber member, Words say) =>
        new(
            $"[{page.Name}] {say["Your link to the page of {0}", audience.Name]}",
            say["Somebody, most likely you, asked for a link to the page of {0} at {1}. It is yours alone; do not pass it on.", audience.Name, page.Name],
            say["Open the page"],
            $"/audiences/{audience.Slug}?key={SignedLink.TokenFor(SignedLinkPurpose.Manage, member.Id, page.LinkKey)}"
        );

    private static partial class Log
    {
        [LoggerMessage(115, LogLevel.Warning, "A member's link was asked for and the mail could not be written ({Reason}); it has to be asked for again.")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
