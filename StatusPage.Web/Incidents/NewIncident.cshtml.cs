using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

public sealed class NewIncidentPage(Desk desk, IncidentDesk incidents) : AdminPage(desk)
{
    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? Severity { get; set; }

    [BindProperty]
    public UpdateForm Update { get; set; } = new();

    public IReadOnlyList<Component> Components { get; private set; } = [];
    public string Audience { get; private set; } = "";

    public async Task<IActionResult> OnGetAsync()
    {
        if (!MayPublish) return Forbid();
        Token = NewToken();
        await LoadAsync();
        return Page();
    }

    public Task<IActionResult> OnPostAsync() => AttemptAsync(MayPublish, async () =>
    {
        var severity = string.IsNullOrEmpty(Severity) ? (Domain.Incidents.Severity?)null
            : Severities.Parse(Severity) ?? throw new RuleViolation("Choose SEV1 to SEV4.", nameof(Severity));
        var incident = await incidents.OpenAsync(StatusPage, Title, severity, null, Update.Read(Clock, Now, []), Actor, Token, Cancel);
        Done = "Posted. It is on the page now, and on its way to subscribers.";
        return $"/admin/incidents/{incident.Id}";
    }, LoadAsync);

    private async Task LoadAsync()
    {
        Components = await Db.Components.AsNoTracking().Where(row => row.PageId == StatusPage.Id && row.ArchivedAt == null)
            .OrderBy(row => row.Position).ToListAsync(Cancel);
        Audience = await Db.AudienceAsync(StatusPage.Id, Cancel);
    }
}

internal static class Audiences
{
    /// <summary>"1,204 by email, 12 webhooks, 3 browsers, Slack, X": who would be told of everything.</summary>
    public static async Task<string> AudienceAsync(this StatusDb db, PageId page, CancellationToken cancel)
    {
        var counts = await db.Subscribers.Where(row => row.PageId == page && row.State == SubscriptionState.Confirmed)
            .GroupBy(row => row.Channel).Select(group => new { Channel = group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Channel, row => row.Count, cancel);
        var accounts = await db.ChannelAccounts.Where(row => row.PageId == page && row.IsOn && row.Channel != Channel.WebPush)
            .GroupBy(row => row.Channel).Select(group => new { Channel = group.Key, Count = group.Count() }).OrderBy(row => row.Channel).ToListAsync(cancel);
        var parts = new List<string> { $"{Number(counts.GetValueOrDefault(Channel.Email))} by email" };
        if (counts.TryGetValue(Channel.Webhook, out var webhooks)) parts.Add(webhooks == 1 ? "1 webhook" : $"{Number(webhooks)} webhooks");
        if (counts.TryGetValue(Channel.WebPush, out var browsers)) parts.Add(browsers == 1 ? "1 browser" : $"{Number(browsers)} browsers");
        parts.AddRange(accounts.Select(row => row.Count == 1 ? row.Channel.Label() : $"{row.Channel.Label()} ({row.Count})"));
        return string.Join(", ", parts);
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
