using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Audiences;

/// <summary>The stakeholder groups of the page.</summary>
[Authorize(Policy = Permissions.Publish)]
public sealed class AudiencesPage(ChangeWriter writer) : AdminPage(writer)
{
    [BindProperty]
    public string? Name { get; set; }

    public IReadOnlyList<(Audience Audience, int Members)> Audiences { get; private set; } = [];

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayPublish,
            async () =>
            {
                var taken = await Db.Audiences.Where(row => row.PageId == StatusPage.Id).Select(row => row.Slug).ToHashSetAsync(Cancel);
                var audience = Audience.Create(StatusPage.Id, Name, taken, Now);
                Db.Audiences.Add(audience);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "audience.created", audience.Name), Cancel);
                Done = Say["'{0}' can be addressed now. Add its members.", audience.Name];
                return $"/admin/audiences/{audience.Id}";
            },
            LoadAsync
        );

    private async Task LoadAsync()
    {
        var audiences = await Db.Audiences.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.Name).ToListAsync(Cancel);
        var members = await Db
            .Subscribers.WithMembers()
            .Where(row => row.PageId == StatusPage.Id && row.AudienceId != null && row.State == SubscriptionState.Confirmed)
            .GroupBy(row => row.AudienceId!.Value)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(row => row.Key, row => row.Count, Cancel);
        Audiences = [.. audiences.Select(audience => (audience, members.GetValueOrDefault(audience.Id)))];
    }
}
