using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts.People;

[Authorize(Policy = Permissions.Manage)]
public sealed class PeoplePage(ChangeWriter writer, Invitations invitations, AccountDesk changes, Factors factors, Sessions sessions) : AdminPage(writer)
{
    private const string Here = "/admin/accounts";

    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Role { get; set; }

    /// <summary>The link, in this answer and nowhere else.</summary>
    public string? NewLink { get; private set; }
    public string? Invited { get; private set; }

    /// <summary>Somebody who already had an account, and now works at this page too.</summary>
    public string? Joined { get; private set; }
    public IReadOnlyList<Member> Accounts { get; private set; } = [];
    public IReadOnlyList<OneTimeLink> Invitations { get; private set; } = [];
    public IReadOnlySet<string> WithFactor { get; private set; } = new HashSet<string>();

    /// <summary>Those who publish or manage and have no second factor: requiring one would stop them until they set one up.</summary>
    public IReadOnlyList<string> Stopped =>
        [
            .. Accounts
                .Where(member => (member.Membership.Role.MayPublish() || member.Membership.Role.MayManage()) && !WithFactor.Contains(member.Account.Id))
                .Select(member => member.Account.Email ?? ""),
        ];

    public bool IsMe(Account account) => account.Id == User.FindFirstValue(ClaimTypes.NameIdentifier);

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostInviteAsync() =>
        ShowLinkAsync(async () =>
        {
            var role = Roles.Parse(Role) ?? throw new RuleViolation("Choose a role.", nameof(Role));
            NewLink = await invitations.InviteAsync(StatusPage, Email, role, Actor, Cancel);
            if (NewLink is null)
                Joined = Email;
            else
                Invited = Email;
        });

    public Task<IActionResult> OnPostAgainAsync(long id) =>
        ShowLinkAsync(async () => (Invited, NewLink) = await invitations.SendAgainAsync(StatusPage, id, Actor, Cancel));

    public Task<IActionResult> OnPostWithdrawAsync(long id) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                Done = Say["The invitation of {0} is withdrawn.", await invitations.WithdrawAsync(StatusPage, id, Actor, Cancel)];
                return "/admin/accounts";
            },
            LoadAsync
        );

    /// <summary>Takes effect at the next request, in every session.</summary>
    public Task<IActionResult> OnPostRoleAsync(string id) =>
        ChangeAsync(
            id,
            async (account, membership) =>
            {
                membership.Change(Roles.Parse(Role) ?? throw new RuleViolation("Choose a role."));
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "account.role-changed", $"{account.Email} ({membership.Role.Code()})"), Cancel);
                Done = Say["{0} is {1} now.", account.Email, Say[membership.Role.Code()]];
            }
        );

    /// <summary>Removes somebody from this page. An account without any role at any page is deleted.</summary>
    public Task<IActionResult> OnPostRemoveAsync(string id) =>
        ChangeAsync(
            id,
            async (account, membership) =>
            {
                Db.Remove(membership);
                if (!await Db.Memberships.AnyAsync(row => row.AccountId == account.Id && row.PageId != StatusPage.Id, Cancel))
                    Db.Remove(account);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "account.removed", account.Email ?? ""), Cancel);
                Done = Say["{0} is removed.", account.Email];
            }
        );

    /// <summary>
    /// For a colleague who lost the phone: removes the app, passkeys and recovery codes. Whoever does it has just proved who they are; the colleague gets
    /// a mail, and is signed out everywhere.
    /// </summary>
    public async Task<IActionResult> OnPostResetFactorsAsync(string id) =>
        !User.IsProven()
            ? LocalRedirect(ProvePage.PathFor(Url.Content("~" + Here)))
            : await AttemptAsync(
                MayManage,
                async () =>
                {
                    if (await Db.MembershipAsync(id, StatusPage.Id, Cancel) is null)
                        throw new RuleViolation(Say["There is no such account any more."]);
                    var account = await Db.Users.SingleAsync(row => row.Id == id, Cancel);
                    if (IsMe(account))
                        throw new RuleViolation(Say["Change your own factors under 'Your account'."]);
                    if (!await factors.AnyAsync(account))
                        throw new RuleViolation(Say["{0} has no second factor that could be reset.", account.Email]);
                    await RefuseElsewhereAsync(account);
                    await changes.ChangeAsync(
                        StatusPage.Id,
                        account,
                        Actor,
                        "account.factors-reset",
                        $"All second factors were removed by {Actor}",
                        async () =>
                        {
                            await factors.RemoveAllAsync(account);
                            await sessions.EndAllAsync(account.Id, except: null, Cancel);
                        },
                        Cancel
                    );
                    Done = Say["{0} signs in with the password alone now, and is told by mail. Every session of theirs is signed out.", account.Email];
                    return Here;
                },
                LoadAsync
            );

    public Task<IActionResult> OnPostFactorAsync(bool required) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                // The person who requires it of others must not lock themselves out.
                if (required && !User.CameByTwoFactors())
                    throw new RuleViolation(
                        "You signed in with a password alone. Set up a second factor under 'Your account' first, so that you are not shut out."
                    );
                var page = await Db.Pages.SingleAsync(row => row.Id == StatusPage.Id, Cancel);
                page.RequireSecondFactor(required, Now);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "page.second-factor", required ? "required" : "not required"), Cancel);
                Done = required ? Say["Publishing takes a second factor now."] : Say["Publishing takes no second factor any more."];
                return "/admin/accounts";
            },
            LoadAsync
        );

    /// <summary>An owner of one page weakens nobody's account at a page that they do not own.</summary>
    private async Task RefuseElsewhereAsync(Account account)
    {
        var me = User.FindFirstValue(ClaimTypes.NameIdentifier);
        var owned = Db.Memberships.Where(row => row.AccountId == me && row.Role == Domain.Accounts.Role.Owner).Select(row => row.PageId);
        if (await Db.Memberships.AnyAsync(row => row.AccountId == account.Id && !owned.Contains(row.PageId), Cancel))
            throw new RuleViolation(Say["{0} also works at a page that you do not own. Whoever runs the program can do it: {1}.", account.Email, Command]);
    }

    private const string Command = "account reset --remove-factors true";

    private async Task<IActionResult> ShowLinkAsync(Func<Task> act)
    {
        try
        {
            await act();
            ModelState.Clear();
            Email = null;
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        await LoadAsync();
        return Page();
    }

    private Task<IActionResult> ChangeAsync(string id, Func<Account, Membership, Task> change) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                await using var transaction = await Db.Database.BeginTransactionAsync(Cancel);
                // One at a time: two owners who remove each other at once would leave no owner.
                await Db.HoldAsync(StatusPage.Id, Cancel);
                var membership = await Db.MembershipAsync(id, StatusPage.Id, Cancel) ?? throw new RuleViolation("There is no such account any more.");
                if (await Db.IsOnlyOwnerAsync(membership, Cancel))
                    throw new RuleViolation("This is the only owner. Make somebody else an owner first.");
                await change(await Db.Users.SingleAsync(row => row.Id == id, Cancel), membership);
                await transaction.CommitAsync(CancellationToken.None);
                return "/admin/accounts";
            },
            LoadAsync
        );

    private async Task LoadAsync()
    {
        Accounts = await Db.MembersOf(StatusPage.Id).AsNoTracking().OrderBy(row => row.Account.Email).ToListAsync(Cancel);
        Invitations = await invitations.OfAsync(StatusPage.Id, Cancel);
        WithFactor = (
            await Db
                .Users.Where(row => row.TwoFactorEnabled || Db.UserPasskeys.Any(passkey => passkey.UserId == row.Id))
                .Select(row => row.Id)
                .ToListAsync(Cancel)
        ).ToHashSet();
    }
}
