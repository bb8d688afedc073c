using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Audiences;

/// <summary>One stakeholder group: its name, its members and their links.</summary>
[Authorize(Policy = Permissions.Publish)]
public sealed class EditAudiencePage(ChangeWriter writer, PublicAddress address) : AdminPage(writer)
{
    /// <summary>Addresses that can be added at once.</summary>
    private const int MaxAdded = 1000;

    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public string? Name { get; set; }

    /// <summary>Addresses, separated by lines, commas or spaces.</summary>
    [BindProperty]
    public string? Addresses { get; set; }

    [BindProperty]
    public string? Member { get; set; }

    public Audience Audience { get; private set; } = null!;
    public IReadOnlyList<Subscriber> Members { get; private set; } = [];

    public string LinkOf(Subscriber member) =>
        address.Of($"/audiences/{Audience.Slug}?key={SignedLink.TokenFor(SignedLinkPurpose.Manage, member.Id, StatusPage.LinkKey)}");

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await FindAsync())
            return NotFound();
        await LoadAsync();
        return Page();
    }

    public Task<IActionResult> OnPostRenameAsync() =>
        ActAsync(
            "audience.renamed",
            () =>
            {
                Audience.Rename(Name, Now);
                return Task.FromResult(Say["Saved."]);
            }
        );

    public Task<IActionResult> OnPostCloseAsync() =>
        ActAsync(
            "audience.closed",
            () =>
            {
                Audience.Close(Now);
                return Task.FromResult(Say["'{0}' is closed: it cannot be addressed, and its page is gone.", Audience.Name]);
            }
        );

    public Task<IActionResult> OnPostOpenAsync() =>
        ActAsync(
            "audience.opened",
            () =>
            {
                Audience.Open(Now);
                return Task.FromResult(Say["'{0}' can be addressed again.", Audience.Name]);
            }
        );

    public Task<IActionResult> OnPostAddAsync() =>
        ActAsync(
            "audience.members-added",
            async () =>
            {
                var addresses = (Addresses ?? "").Split(
                    [' ', ',', ';', '\n', '\r', '\t'],
                    StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
                );
                if (addresses.Length == 0)
                    throw new RuleViolation("Enter at least one address.", nameof(Addresses));
                if (addresses.Length > MaxAdded)
                    throw new RuleViolation($"Add {MaxAdded:N0} addresses at a time at most.", nameof(Addresses));
                var wrong = addresses.Where(address => !IsAddress(address)).ToList();
                if (wrong.Count > 0)
                    throw new RuleViolation($"Nobody was added, as these are no addresses: {string.Join(", ", wrong.Take(5))}.", nameof(Addresses));
                var known = (
                    await Db.Subscribers.WithMembers().Where(row => row.PageId == StatusPage.Id && row.AudienceId == Audience.Id).ToListAsync(Cancel)
                ).ToDictionary(row => row.Key);
                var added = 0;
                foreach (
                    var member in addresses.Select(address => Subscriber.Member(StatusPage.Id, Audience.Id, address, Now)).DistinctBy(member => member.Key)
                )
                {
                    if (!known.TryGetValue(member.Key, out var before))
                        Db.Subscribers.Add(member);
                    else if (before.State == SubscriptionState.Confirmed)
                        continue;
                    else
                        before.Confirm(Now);
                    added++;
                }
                return Say.Count(added, "One member was added.", "{0:N0} members were added.");
            }
        );

    public Task<IActionResult> OnPostRemoveAsync() =>
        ActAsync(
            "audience.member-removed",
            async () =>
            {
                var member = PublicId.LooksLikeOne(Member)
                    ? await Db
                        .Subscribers.WithMembers()
                        .FirstOrDefaultAsync(row => row.AudienceId == Audience.Id && row.Id == SubscriberId.Of(Member!), Cancel)
                    : null;
                if (member is null)
                    throw new RuleViolation("There is no such member any more.");
                // The link goes with the row: a member who is added again gets another.
                Db.Subscribers.Remove(member);
                return Say["{0} is no member any more, and the link in earlier mails opens nothing.", member.Email];
            }
        );

    private async Task<IActionResult> ActAsync(string action, Func<Task<string>> act)
    {
        if (!await FindAsync())
            return NotFound();
        return await AttemptAsync(
            MayPublish,
            async () =>
            {
                await using var transaction = await Db.Database.BeginTransactionAsync(Cancel);
                // One change to a group at a time: two that add the same members at once would wait for each other for ever.
                await Db
                    .Audiences.Where(row => row.Id == Audience.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.PageId, row => row.PageId), Cancel);
                Done = await act();
                await Writer.SaveAsync(StatusPage.Id, new(Actor, action, $"{Audience.Id} {Audience.Name}"), Cancel);
                await transaction.CommitAsync(CancellationToken.None);
                return $"/admin/audiences/{Audience.Id}";
            },
            LoadAsync
        );
    }

    private static bool IsAddress(string address)
    {
        try
        {
            return EmailAddress.Checked(address).Length > 0;
        }
        catch (RuleViolation)
        {
            return false;
        }
    }

    private async Task<bool> FindAsync()
    {
        if (
            !PublicId.LooksLikeOne(Id)
            || await Db.Audiences.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Id == AudienceId.Of(Id), Cancel) is not { } audience
        )
            return false;
        Audience = audience;
        return true;
    }

    private async Task LoadAsync()
    {
        Name ??= Audience.Name;
        Members = await Db
            .Subscribers.AsNoTracking()
            .WithMembers()
            .Where(row => row.AudienceId == Audience.Id)
            .OrderBy(row => row.Email)
            .ToListAsync(Cancel);
    }
}
