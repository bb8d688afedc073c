using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Subscriptions;

/// <summary>One subscriber: what is wanted, how it stands, and what was sent lately.</summary>
public sealed class EditSubscriberPage(ChangeWriter writer, SubscriptionDesk subscriptions) : AdminPage(writer)
{
    /// <summary>Announcements looked through for what was sent to this one; the ledger cannot be searched by recipient.</summary>
    private const int LookedThrough = 50;

    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public List<string> ComponentIds { get; set; } = [];

    [BindProperty]
    public List<string> IncidentIds { get; set; } = [];

    public Subscriber Subscriber { get; private set; } = null!;
    public IReadOnlyList<Component> Components { get; private set; } = [];
    public IReadOnlyList<FollowedIncident> Incidents { get; private set; } = [];
    public IReadOnlyList<Sent> Last { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await FindAsync())
            return NotFound();
        await LoadAsync();
        ComponentIds = [.. Subscriber.ComponentIds.Select(id => id.Value)];
        IncidentIds = [.. Subscriber.IncidentIds.Select(id => id.Value)];
        return Page();
    }

    public Task<IActionResult> OnPostChooseAsync() =>
        ActAsync(async () =>
        {
            await LoadAsync();
            if (ComponentIds.Exists(id => Components.All(row => row.Id.Value != id)) || IncidentIds.Exists(id => Incidents.All(row => row.Id.Value != id)))
                throw new RuleViolation(
                    "Something that was ticked is not there any more, so nothing was saved. Look at what is ticked now, then save again."
                );
            // A choice that is not on the page any more cannot be ticked there. It stays, or a save would widen the wish to everything.
            await subscriptions.ChooseAsync(
                Subscriber,
                Components
                    .Where(row => ComponentIds.Contains(row.Id.Value))
                    .Select(row => row.Id)
                    .Concat(Subscriber.ComponentIds.Where(id => Components.All(row => row.Id != id))),
                Incidents
                    .Where(row => IncidentIds.Contains(row.Id.Value))
                    .Select(row => row.Id)
                    .Concat(Subscriber.IncidentIds.Where(id => Incidents.All(row => row.Id != id))),
                Actor,
                Cancel
            );
            return Say["Saved."];
        });

    public Task<IActionResult> OnPostConfirmAsync() =>
        ActAsync(async () =>
        {
            await subscriptions.ConfirmAsync(Subscriber, Actor, Cancel);
            return Say["Confirmed. The next update goes there."];
        });

    public Task<IActionResult> OnPostAskAsync() =>
        ActAsync(async () =>
            await subscriptions.AskAgainAsync(Subscriber, Actor, Cancel)
                ? Say["A confirmation is on its way. Once its link is followed, updates go there again."]
                : throw new RuleViolation("Three mails were sent to this mailbox within the last hour. Wait a while, then try again.")
        );

    public Task<IActionResult> OnPostEndAsync() =>
        ActAsync(async () =>
        {
            await subscriptions.EndAsync([Subscriber], StatusPage.Id, Actor, Cancel);
            return Say["Ended. Nothing more is sent there."];
        });

    private async Task<IActionResult> ActAsync(Func<Task<string>> act)
    {
        if (!await FindAsync())
            return NotFound();
        return await AttemptAsync(
            MayPublish,
            async () =>
            {
                Done = await act();
                return $"/admin/subscribers/{Id}";
            },
            async () =>
            {
                await FindAsync();
                await LoadAsync();
            }
        );
    }

    private async Task<bool> FindAsync()
    {
        if (await subscriptions.FindAsync(StatusPage.Id, Id, Cancel) is not { } found)
            return false;
        Subscriber = found;
        return true;
    }

    private async Task LoadAsync()
    {
        Components = await subscriptions.ComponentsAsync(StatusPage.Id, Cancel);
        var open = await Db
            .Incidents.Where(row => row.PageId == StatusPage.Id && row.DeletedAt == null && row.ResolvedAt == null)
            .Select(row => row.Id)
            .ToListAsync(Cancel);
        Incidents = await Db.FollowedAsync(Subscriber, open, Cancel);
        var announcements = await Db
            .Announcements.AsNoTracking()
            .Where(row =>
                row.PageId == StatusPage.Id && (row.SubscriberId == null || row.SubscriberId == Subscriber.Id) && row.CreatedAt >= Subscriber.CreatedAt
            )
            .OrderByDescending(row => row.CreatedAt)
            .Take(LookedThrough)
            .ToListAsync(Cancel);
        var ids = announcements.Select(row => row.Id).ToList();
        var recipient = RecipientId.Of(Subscriber.Id);
        var rows = await Db.Deliveries.AsNoTracking().Where(row => ids.Contains(row.AnnouncementId) && row.RecipientId == recipient).ToListAsync(Cancel);
        var titles = await TitlesAsync(announcements);
        Last =
        [
            .. from announcement in announcements
            join row in rows on announcement.Id equals row.AnnouncementId
            select new Sent(announcement, row, titles.GetValueOrDefault(announcement.IncidentId ?? default)),
        ];
    }

    private async Task<Dictionary<IncidentId, string>> TitlesAsync(IEnumerable<Announcement> announcements)
    {
        var ids = announcements.Select(row => row.IncidentId).OfType<IncidentId>().Distinct().ToList();
        return await Db.Incidents.Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.Title, Cancel);
    }

    public sealed record Sent(Announcement Announcement, Delivery Delivery, string? Title)
    {
        public string What(Words say) =>
            Announcement.Kind switch
            {
                AnnouncementKind.Confirmation => say["Request to confirm"],
                AnnouncementKind.AlreadySubscribed => say["Link to the subscription"],
                AnnouncementKind.WebhookStopped => say["Notice that the webhook fails"],
                AnnouncementKind.MaintenanceUpdate => say["News of a maintenance"],
                AnnouncementKind.MaintenanceReminder => say["Reminder of a maintenance"],
                AnnouncementKind.ComponentChange => say["Change of a component"],
                AnnouncementKind.Postmortem => say["Postmortem: {0}", Title ?? say["an incident"]],
                _ => Title ?? say["An incident"],
            };
    }
}
