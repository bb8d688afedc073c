using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;

namespace StatusPage.Web.Channels;

/// <summary>Adds, changes and tests one account. Secrets can be entered, but are never shown again.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class EditChannelPage(ChangeWriter writer, ChannelSecrets secrets, PublicAddress address, PublicSite site, IServiceProvider services)
    : SecretFormPage(writer, secrets)
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? BaseAddress { get; set; }

    [BindProperty]
    public string? Handle { get; set; }

    [BindProperty]
    public bool IsOn { get; set; }

    [BindProperty]
    public bool PostsPrivate { get; set; }

    /// <summary>Whether it has to be allowed to post, as everybody can read there what a private page says.</summary>
    public bool AsksForPrivate => Form.Channel.IsSocial() && site.Current?.Gate is not null;

    /// <summary>Null for a new one.</summary>
    public ChannelAccount? Account { get; private set; }
    public ChannelForm Form { get; private set; } = null!;

    /// <summary>What was sent, and what came back.</summary>
    public (string Sent, SendResult Result)? Test { get; private set; }

    protected override async Task<string> SaveAsync()
    {
        var checks = new Checks();
        checks.Try(() => ChannelAccount.CheckedName(Name));
        var (handle, baseAddress) = (checks.Try(() => Form.CheckedHandle(Handle)), checks.Try(() => Form.CheckedAddress(BaseAddress)));
        var encrypted = checks.Try(() => Encrypted(Form, isOtherServer: Account?.BaseAddress is { } before && baseAddress != before));
        checks.Enforce();
        var isNew = Account is null;
        if (Account is null)
            Db.ChannelAccounts.Add(Account = ChannelAccount.Add(StatusPage.Id, Form.Channel, Name, baseAddress, handle, encrypted, Now));
        else
            Account.Configure(Name, baseAddress, handle, encrypted, IsOn, Now);
        if (AsksForPrivate)
            Account.PostPrivate(PostsPrivate, Now);
        var goal = $"/admin/channels/{Account.Id}";
        await Writer.SaveAsync(StatusPage.Id, new(Actor, isNew ? "channel.added" : "channel.edited", Account.Subject(), Token, goal), Cancel);
        Done = isNew ? Say["'{0}' is added and on. Send a test to see that it arrives.", Account.Name] : Say["'{0}' is saved.", Account.Name];
        return goal;
    }

    /// <summary>Answers with the page itself, which shows the result.</summary>
    public async Task<IActionResult> OnPostTestAsync()
    {
        if (!MayManage)
            return Forbid();
        if (!await LoadAsync() || Account is null)
            return NotFound();
        var sender = services.GetRequiredKeyedService<AccountSender>(Account.Channel);
        var news = News.Test(StatusPage, address.Of("/"), Now);
        var result = await sender.PostAsync(Account, news, null, attempt: 1);
        if (result is SendResult.Sent)
            Account.Worked(Now);
        else if (result is SendResult.NotSent failed and not SendResult.Postpone)
            Account.Failed(failed.Reason, Now);
        await Writer.SaveAsync(StatusPage.Id, new(Actor, "channel.tested", Account.Subject()), Cancel);
        Test = (sender.TextOf(news), result);
        return ShowAnew();
    }

    protected override void Show() =>
        (Name, BaseAddress, Handle, IsOn, PostsPrivate) = Account is null
            ? ($"{Form.Channel.Label()}", Form.DefaultAddress, null, true, false)
            : (Account.Name, Account.BaseAddress, Account.Handle, Account.IsOn, Account.PostsPrivate);

    protected override async Task<bool> LoadAsync()
    {
        Account = await Db.FindAccountAsync(StatusPage.Id, Id, Cancel);
        if (Account is null && Id != New)
            return false;
        if (ChannelForm.For(Account?.Channel ?? ChannelKinds.Parse(Code)) is not { } form)
            return false;
        Form = form;
        Know(Account is null ? null : Stored.Read(Account));
        return true;
    }
}
