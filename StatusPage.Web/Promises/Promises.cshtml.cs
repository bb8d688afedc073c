using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Promises;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Promises;

/// <summary>What is promised now, how promises were kept, and what happens when one lapses: everybody may read it, owners set it.</summary>
public sealed class PromisesPage(ChangeWriter writer) : AdminPage(writer)
{
    private const string Here = "/admin/promises";

    // In minutes.
    [BindProperty]
    public string? Grace { get; set; }

    [BindProperty]
    public string? First { get; set; }

    [BindProperty]
    public string? Second { get; set; }

    [BindProperty]
    public bool IsShown { get; set; }

    public IReadOnlyList<OpenPromise> Open { get; private set; } = [];
    public PromiseReport Report { get; private set; } = null!;
    public IReadOnlyList<Contact> Contacts { get; private set; } = [];

    /// <summary>The result of the last notice to each contact.</summary>
    public IReadOnlyDictionary<ContactId, string> LastTold { get; private set; } = new Dictionary<ContactId, string>();

    /// <summary>The people who get notices in browsers, for a contact or their own promises, by account id.</summary>
    public IReadOnlyDictionary<string, string> People { get; private set; } = new Dictionary<string, string>();

    public async Task OnGetAsync()
    {
        await LoadAsync();
        (Grace, First, Second, IsShown) = (
            Minutes(StatusPage.OverdueGrace),
            Minutes(StatusPage.FirstEscalation),
            Minutes(StatusPage.SecondEscalation),
            StatusPage.ShowsPromises
        );
    }

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var page = await Db.Pages.FirstAsync(row => row.Id == StatusPage.Id, Cancel);
                var checks = new Checks();
                var (grace, first, second) = (
                    checks.Try(() => Span(Grace, nameof(Grace))),
                    checks.Try(() => Span(First, nameof(First))),
                    checks.Try(() => Span(Second, nameof(Second)))
                );
                checks.Enforce();
                page.Promise(new(grace, first, second), IsShown, Now);
                await Writer.PublishAsync(
                    page.Id,
                    new(
                        Actor,
                        "promises.configured",
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"grace {page.OverdueGrace.TotalMinutes:N0} min, escalation {page.FirstEscalation.TotalMinutes:N0} "
                                + $"and {page.SecondEscalation.TotalMinutes:N0} min, {(IsShown ? "published" : "not published")}"
                        )
                    ),
                    Cancel
                );
                Done = Say["Saved."];
                return Here;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostRemoveAsync(string id) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                if (await Db.FindContactAsync(StatusPage.Id, id, Cancel) is { } contact)
                {
                    Db.Contacts.Remove(contact);
                    await Writer.SaveAsync(StatusPage.Id, new(Actor, "contact.removed", $"{contact.Name} ({contact.Channel})"), Cancel);
                    Done = Say["'{0}' is removed and not told any more.", contact.Name];
                }
                return Here;
            },
            LoadAsync
        );

    public static Sentence LevelOf(int level)
    {
        if (level == Contact.Reminded)
            return "reminded";
        return $"level {level}";
    }

    public string Where(Contact contact) =>
        contact.Channel switch
        {
            NoticeChannel.Browser when People.TryGetValue(contact.Address!, out var name) => Say["Browsers of {0}", name],
            NoticeChannel.Browser => Say["Browsers of somebody who is gone"],
            NoticeChannel.Slack => "Slack",
            _ => $"{contact.Channel}: {contact.Address}",
        };

    private async Task<Dictionary<ContactId, string>> LastToldAsync()
    {
        var told = new Dictionary<ContactId, string>();
        foreach (var contact in Contacts)
        {
            var (channel, address) = (contact.Channel, contact.NoticeAddress);
            var last = await Db
                .Notices.AsNoTracking()
                .Where(row => row.PageId == StatusPage.Id && row.Channel == channel && row.Address == address && !row.Closes)
                .OrderByDescending(row => row.Id)
                .FirstOrDefaultAsync(Cancel);
            if (last is null)
                continue;
            told[contact.Id] = last.State switch
            {
                DeliveryState.Sent when last.LastError is { } instead => Say["not told {0}: {1}", At(last.FinishedAt), Say[instead]],
                DeliveryState.Sent => Say["told {0}", At(last.FinishedAt)],
                DeliveryState.Suppressed => Say["not told {0}: {1}", At(null), Say[last.LastError ?? ""]],
                DeliveryState.Failed => Say["FAILED {0}: {1}", At(null), Say[last.LastError ?? ""]],
                _ => last.LastError is { } reason ? Say["waits since {0}: {1}", At(null), Say[reason]] : Say["on its way"],
            };

            string At(DateTimeOffset? finished) => Clock.DateAndTime(finished ?? last.CreatedAt);
        }
        return told;
    }

    private static string Minutes(TimeSpan span) => ((int)span.TotalMinutes).ToString(CultureInfo.InvariantCulture);

    private static TimeSpan Span(string? typed, string field) =>
        int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
            ? TimeSpan.FromMinutes(minutes)
            : throw new RuleViolation("Enter a number of minutes.", field);

    private async Task LoadAsync()
    {
        Open = await Db.OpenPromisesAsync(StatusPage.Id, Cancel);
        Report = await Db.PromiseReportAsync(StatusPage, Now, Cancel);
        Contacts = await Db
            .Contacts.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id)
            .OrderBy(row => row.Level)
            .ThenBy(row => row.Name)
            .ToListAsync(Cancel);
        LastTold = await LastToldAsync();
        People = await Db.MembersOf(StatusPage.Id)
            .Select(row => row.Account)
            .AsNoTracking()
            .ToDictionaryAsync(row => row.Id, row => row.UserName ?? row.Id, Cancel);
    }
}

internal static class ContactQueries
{
    public static Task<Contact?> FindContactAsync(this StatusDb db, PageId page, string? id, CancellationToken cancel) =>
        PublicId.LooksLikeOne(id)
            ? db.Contacts.FirstOrDefaultAsync(row => row.PageId == page && row.Id == ContactId.Of(id!), cancel)
            : Task.FromResult<Contact?>(null);
}
