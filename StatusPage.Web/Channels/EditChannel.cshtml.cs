using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Channels;

/// <summary>One account: added, changed and tried out. What is secret goes in and never comes out.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class EditChannelPage(ChangeWriter writer, ChannelSecrets secrets, PublicAddress address, IServiceProvider services) : AdminPage(writer)
{
    private const string New = "new";

    [FromRoute]
    public string Id { get; set; } = "";

    /// <summary>Which service a new account is for.</summary>
    [FromQuery(Name = "channel")]
    public string? Code { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? BaseAddress { get; set; }

    [BindProperty]
    public string? Handle { get; set; }

    [BindProperty]
    public bool IsOn { get; set; }

    /// <summary>Left empty, a secret stays what it was.</summary>
    [BindProperty]
    public Dictionary<string, string?> Secrets { get; set; } = [];

    /// <summary>Encrypted: the secrets of a form that is shown again because of something else.</summary>
    [BindProperty]
    public string? Kept { get; set; }

    /// <summary>Null for a new one.</summary>
    public ChannelAccount? Account { get; private set; }
    public ChannelForm Form { get; private set; } = null!;
    public IReadOnlyDictionary<string, string> Known { get; private set; } = new Dictionary<string, string>();

    /// <summary>What was sent, and what came back.</summary>
    public (string Sent, SendResult Result)? Test { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        Show();
        Token = NewToken();
        return Page();
    }

    public async Task<IActionResult> OnPostAsync() =>
        !await LoadAsync()
            ? NotFound()
            : await AttemptAsync(
                MayManage,
                async () =>
                {
                    var (handle, baseAddress) = (Form.CheckedHandle(Handle), Form.CheckedAddress(BaseAddress));
                    // What was kept for one server is not handed to another.
                    if (Account?.BaseAddress is { } before && baseAddress != before)
                        Known = new Dictionary<string, string>();
                    var encrypted = secrets.Protect(Form.CheckedSecrets(Known, Secrets));
                    var isNew = Account is null;
                    if (Account is null)
                        Db.ChannelAccounts.Add(Account = ChannelAccount.Add(StatusPage.Id, Form.Channel, Name, baseAddress, handle, encrypted, Now));
                    else
                        Account.Configure(Name, baseAddress, handle, encrypted, IsOn, Now);
                    var goal = $"/admin/channels/{Account.Id}";
                    await Writer.SaveAsync(StatusPage.Id, new(Actor, isNew ? "channel.added" : "channel.edited", Account.Subject(), Token, goal), Cancel);
                    Done = isNew ? $"'{Account.Name}' is added and on. Send a test to see that it arrives." : $"'{Account.Name}' is saved.";
                    return goal;
                },
                AgainAsync
            );

    /// <summary>Answers with the page itself, which shows what came back.</summary>
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
        else if (ReasonOf(result) is { } reason && result is not SendResult.Postpone)
            Account.Failed(reason, Now);
        await Writer.SaveAsync(StatusPage.Id, new(Actor, "channel.tested", Account.Subject()), Cancel);
        Test = (sender.TextOf(news), result);
        ModelState.Clear();
        Show();
        Token = NewToken();
        return Page();
    }

    public static string? ReasonOf(SendResult result) =>
        result switch
        {
            SendResult.TryAgain again => again.Reason,
            SendResult.GiveUp final => final.Reason,
            SendResult.Postpone later => later.Reason,
            SendResult.Suppress none => none.Reason,
            _ => null,
        };

    private void Show() =>
        (Name, BaseAddress, Handle, IsOn) = Account is null
            ? ($"{Form.Channel.Label()}", Form.DefaultAddress, null, true)
            : (Account.Name, Account.BaseAddress, Account.Handle, Account.IsOn);

    /// <summary>Typed secrets are kept, encrypted, so that a slip in another field costs nobody a second copying.</summary>
    private async Task AgainAsync()
    {
        var typed = Known
            .Concat(Secrets.Where(pair => !string.IsNullOrWhiteSpace(pair.Value)).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!.Trim())))
            .GroupBy(pair => pair.Key)
            .ToDictionary(group => group.Key, group => group.Last().Value);
        Kept = typed.Count > 0 ? secrets.Protect(typed) : null;
        await LoadAsync();
        Known = typed;
    }

    private async Task<bool> LoadAsync()
    {
        Account = await Db.FindAccountAsync(StatusPage.Id, Id, Cancel);
        if (Account is null && Id != New)
            return false;
        if (ChannelForm.For(Account?.Channel ?? ChannelKinds.Parse(Code)) is not { } form)
            return false;
        Form = form;
        var before = Account is null ? null : secrets.Read(Account);
        Known = (before ?? new Dictionary<string, string>())
            .Concat(Kept is null ? [] : secrets.Read(Kept) ?? new Dictionary<string, string>())
            .GroupBy(pair => pair.Key)
            .ToDictionary(group => group.Key, group => group.Last().Value);
        return true;
    }
}
