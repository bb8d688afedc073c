using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Accounts;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Notices;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Deliveries;

/// <summary>How the page's mails leave and who sends them; the owners of the first page enter the mail server, if the operator did not.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class MailPage(
    ChangeWriter writer,
    MailRoutes routes,
    MailTransport transport,
    MailWriter mails,
    OutboundGuard guard,
    DeliverySignal signal,
    NoticeBell notices,
    Settings settings
) : AdminPage(writer)
{
    public const string Path = "/admin/mail";

    [BindProperty]
    public string? Host { get; set; }

    [BindProperty]
    public int Port { get; set; } = 587;

    [BindProperty]
    public MailSecurity Security { get; set; }

    [BindProperty]
    public string? Login { get; set; }

    /// <summary>Empty keeps the one before. It is never shown again.</summary>
    [BindProperty]
    public string? Password { get; set; }

    /// <summary>The sender of all pages that have none of their own.</summary>
    [BindProperty]
    public string? FromName { get; set; }

    [BindProperty]
    public string? FromAddress { get; set; }

    /// <summary>The sender of this page.</summary>
    [BindProperty]
    public string? SenderName { get; set; }

    [BindProperty]
    public string? SenderAddress { get; set; }

    public MailRoute Route { get; private set; } = null!;
    public MailTest? Test { get; private set; }
    public MailRelay? Relay { get; private set; }
    public MailTrouble? Trouble => transport.Trouble;
    public bool MaySetServer => StatusPage.IsFirst && !Route.IsSet;
    public string Folder => System.IO.Path.Combine(settings.DataDirectory, DataFolder.Mails);

    /// <summary>The domain that signs, if a sender of another is to be warned about.</summary>
    public string? SignsFor =>
        settings.Dkim?.Domain is { } domain
        && !Route.Of(StatusPage).Address.EndsWith("@" + domain, StringComparison.OrdinalIgnoreCase)
        && !Route.Of(StatusPage).Address.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase)
            ? domain
            : null;

    /// <summary>The signed-in person's address, at which a test arrives.</summary>
    public string Me => User.FindFirstValue(ClaimTypes.Name) ?? "";

    public async Task OnGetAsync()
    {
        await LoadAsync();
        (SenderName, SenderAddress) = (StatusPage.SenderName, StatusPage.SenderAddress);
        if (Relay is { } relay)
            (Host, Port, Security, Login, FromName, FromAddress) = (
                relay.Host,
                relay.Port,
                relay.Security,
                relay.Login,
                relay.FromName,
                relay.FromAddress
            );
        else
            (FromName, FromAddress) = (StatusPage.Name, Me);
    }

    public Task<IActionResult> OnPostServerAsync() =>
        AttemptAsync(
            MayManage && StatusPage.IsFirst,
            async () =>
            {
                if ((await routes.LookAsync(Cancel)).IsSet)
                    throw new RuleViolation("The operator's settings (Email:Smtp) say how mails leave.");
                if (Host is { } host && guard.MailObjection(host.Trim()) is { } objection)
                    throw new RuleViolation(objection, nameof(Host));
                var relay = await Db.MailRelays.FirstOrDefaultAsync(Cancel);
                var kept = relay is not null && relay.IsFor(Host, Login) ? relay.Secrets : null;
                if (relay is null)
                    Db.MailRelays.Add(relay = MailRelay.New());
                var secrets =
                    string.IsNullOrEmpty(Password) ? kept
                    : Password.Length <= MailRelay.MaxLength ? routes.Protect(Password)
                    : throw new RuleViolation($"A password has at most {MailRelay.MaxLength} characters.", nameof(Password));
                relay.Set(Host, Port, Security, Login, secrets is not null, FromName, FromAddress, Now);
                relay.Keep(secrets);
                await ChangedAsync("mail.server-set", $"{relay.Host}:{relay.Port}");
                Done = Say["Saved. Send a test to see that mails arrive."];
                return Path;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostRemoveAsync() =>
        AttemptAsync(
            MayManage && StatusPage.IsFirst,
            async () =>
            {
                if (await Db.MailRelays.FirstOrDefaultAsync(Cancel) is { } relay)
                {
                    Db.MailRelays.Remove(relay);
                    await ChangedAsync("mail.server-removed", $"{relay.Host}:{relay.Port}");
                    Done = Say["The mail server is taken out. Mails are written to files from now on."];
                }
                return Path;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostSenderAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var page = await Db.Pages.FirstAsync(row => row.Id == StatusPage.Id, Cancel);
                page.SendAs(SenderName, SenderAddress, Now);
                await Writer.SaveAsync(page.Id, new(Actor, "page.sender-set", page.SenderAddress ?? page.SenderName ?? "the installation's"), Cancel);
                Done = Say["Saved. Mails of this page have that sender from now on."];
                return Path;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostTestAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var (isTaken, answer) = await transport.TestAsync(await mails.TestAsync(StatusPage, Now), Me, Cancel);
                var test = await Db.MailTests.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id, Cancel);
                if (test is null)
                    Db.MailTests.Add(test = new MailTest { PageId = StatusPage.Id });
                (test.At, test.By, test.IsTaken, test.Answer) = (Now, Me, isTaken, answer);
                await Writer.SaveAsync(StatusPage.Id, new(Actor, "mail.tested", isTaken ? "taken" : "not taken"), Cancel);
                return Path + "#test";
            },
            LoadAsync
        );

    private async Task ChangedAsync(string action, string subject)
    {
        await Writer.SaveAsync(StatusPage.Id, new(Actor, action, subject), Cancel);
        await routes.LookAsync(Cancel);
        // What waited for the server before may go now.
        await signal.SendAsync(Cancel);
        notices.Ring();
    }

    private async Task LoadAsync()
    {
        Route = await routes.LookAsync(Cancel);
        Relay = await Db.MailRelays.AsNoTracking().FirstOrDefaultAsync(Cancel);
        Test = await Db.MailTests.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == StatusPage.Id, Cancel);
    }
}
