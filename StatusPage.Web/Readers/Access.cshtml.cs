using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Readers;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Readers;

/// <param name="Told">Subscribers by email and webhook who are told as before.</param>
/// <param name="Untold">Those who are not on the list.</param>
/// <param name="Browsers">Browsers and chat channels that subscribed while everybody could.</param>
/// <param name="Silent">Accounts where everybody can read, which say nothing.</param>
public sealed record AccessEffect(int Told, int Untold, int Browsers, IReadOnlyList<string> Silent);

/// <summary>Who may read the page, and the tokens of programs.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class AccessPage(ChangeWriter writer, Passwords passwords, IPasswordHasher<Account> hasher, PublicSite site, Settings settings)
    : AdminPage(writer)
{
    private const string Path = "/admin/access";

    [BindProperty]
    public bool ByPassword { get; set; }

    /// <summary>Empty: the one before.</summary>
    [BindProperty]
    public string? Password { get; set; }

    [BindProperty]
    public bool ByLink { get; set; }

    [BindProperty]
    public bool Subscribers { get; set; }

    [BindProperty]
    public bool ByProvider { get; set; }

    [BindProperty]
    public bool ListedOnly { get; set; }

    [BindProperty]
    public bool TeamOnly { get; set; }

    [BindProperty]
    public string? People { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    public PageAccess? Access { get; private set; }
    public bool IsPrivate => Access?.IsPrivate == true;
    public string? Provider => settings.Oidc?.Name;
    public AccessEffect? Effect { get; private set; }
    public string? MadeToken { get; private set; }
    public IReadOnlyList<ReadToken> Tokens { get; private set; } = [];

    public async Task OnGetAsync()
    {
        await LoadAsync();
        if (Access is not { } access)
            return;
        (ByPassword, ByLink, Subscribers) = (access.PasswordHash is not null, access.MailsLinks, access.SubscribersRead);
        (ByProvider, ListedOnly, People) = (access.ProviderReads, access.ProviderListedOnly, string.Join('\n', access.People));
        TeamOnly = IsPrivate && !ByPassword && !ByLink && !ByProvider;
    }

    /// <summary>What would change, before anything does.</summary>
    public async Task<IActionResult> OnPostPreviewAsync()
    {
        await LoadAsync();
        try
        {
            Effect = await EffectOfAsync(await ClosedAsync(Access ?? PageAccess.Of(StatusPage.Id, Now)));
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        // Nothing of it is saved.
        Db.ChangeTracker.Clear();
        await LoadAsync();
        return Page();
    }

    public Task<IActionResult> OnPostSaveAsync() =>
        ChangeAsync(async access =>
        {
            var was = access.IsPrivate;
            await ClosedAsync(access);
            return was ? ("access.changed", Say["Saved."]) : ("access.closed", Say["The page is private now."]);
        });

    public Task<IActionResult> OnPostOpenAsync() =>
        ChangeAsync(access =>
        {
            access.Open(Now);
            return Task.FromResult(("access.opened", Say["Everybody can read the page now."]));
        });

    public Task<IActionResult> OnPostEndAsync() =>
        ChangeAsync(access =>
        {
            access.SignEverybodyOut(Now);
            return Task.FromResult(("access.signed-out", Say["All readers are signed out."]));
        });

    /// <summary>Answers with the page itself, since the token is in this answer and nowhere else.</summary>
    public async Task<IActionResult> OnPostTokenAsync()
    {
        try
        {
            await LoadAsync();
            if (Tokens.Count(token => token.RevokedAt is null) >= ReadToken.Most)
                throw new RuleViolation($"There are {ReadToken.Most} tokens already. Revoke one that nobody uses.");
            var (row, token) = ReadToken.Create(StatusPage.Id, Name, Now);
            Db.ReadTokens.Add(row);
            await TouchAsync();
            await Writer.PublishAsync(StatusPage.Id, new(Actor, "access.token-made", row.Name), Cancel);
            (MadeToken, Name) = (token, null);
            ModelState.Clear();
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        await OnGetAsync();
        return Page();
    }

    public Task<IActionResult> OnPostRevokeAsync(int id) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                if (await Db.ReadTokens.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Id == id, Cancel) is { } token)
                {
                    token.Revoke(Now);
                    await TouchAsync();
                    await Writer.PublishAsync(StatusPage.Id, new(Actor, "access.token-revoked", token.Name), Cancel);
                    Done = Say["'{0}' is revoked.", token.Name];
                }
                return Path;
            },
            OnGetAsync
        );

    private Task<IActionResult> ChangeAsync(Func<PageAccess, Task<(string Action, string Done)>> change) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                await LoadAsync();
                var access = Access ?? PageAccess.Of(StatusPage.Id, Now);
                if (Access is null)
                    Db.PageAccess.Add(access);
                var (action, done) = await change(access);
                await Writer.PublishAsync(StatusPage.Id, new(Actor, action, StatusPage.Name), Cancel);
                // The page follows within two seconds, unless something is in its way; whoever closes it has to know.
                Done =
                    site.Current?.Gate?.Rule.Stamp == access.Rule([])?.Stamp
                        ? done
                        : Say["Saved, but the page does not follow yet. Look at it before you rely on it."];
                return Path;
            },
            LoadAsync
        );

    private async Task<PageAccess> ClosedAsync(PageAccess access)
    {
        var hash = !ByPassword ? null : access.PasswordHash;
        if (ByPassword && !string.IsNullOrEmpty(Password))
        {
            await passwords.CheckAsync(Password, null, Cancel);
            hash = hasher.HashPassword(new Account(), Password);
        }
        if (ByPassword && hash is null)
            throw new RuleViolation("Enter a password.", nameof(Password));
        access.Close(
            new()
            {
                MailsLinks = ByLink,
                SubscribersRead = Subscribers,
                ProviderReads = ByProvider && settings.Oidc is not null,
                ProviderListedOnly = ListedOnly,
                TeamOnly = TeamOnly,
                People = ReaderList.Parse(People, nameof(People)),
            },
            hash,
            Now
        );
        return access;
    }

    private async Task<AccessEffect> EffectOfAsync(PageAccess access)
    {
        var rule = access.Rule([])!;
        var subscribers = await Db
            .Subscribers.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id && row.State == SubscriptionState.Confirmed)
            .Select(row => new
            {
                IsNameless = row.Channel == Channel.WebPush || row.Chat != null,
                row.Email,
                row.ConfirmedAt,
            })
            .ToListAsync(Cancel);
        var silent = await Db.ChannelAccounts.AsNoTracking().Where(row => row.PageId == StatusPage.Id && row.IsOn).ToListAsync(Cancel);
        var untold = subscribers.Where(row => (row.IsNameless ? rule.Objection(row.ConfirmedAt) : rule.Objection(row.Email, isMember: false)) is not null).ToList();
        var browsers = untold.Count(row => row.IsNameless);
        return new(
            subscribers.Count - untold.Count,
            untold.Count - browsers,
            browsers,
            [.. silent.Where(account => account.IsSilentFor(isPrivate: true)).Select(account => account.Name)]
        );
    }

    private async Task TouchAsync() => (await Db.PageAccess.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id, Cancel))?.Touch(Now);

    private async Task LoadAsync()
    {
        Access = await Db.PageAccess.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id, Cancel);
        Tokens = await Db
            .ReadTokens.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id)
            .OrderBy(row => row.RevokedAt != null)
            .ThenBy(row => row.Name)
            .ToListAsync(Cancel);
    }
}
