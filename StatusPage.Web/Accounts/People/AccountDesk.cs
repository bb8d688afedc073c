using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Accounts.People;

/// <summary>A change of how somebody signs in. The audit entry and the mail to the owner of the account are in one transaction with the change.</summary>
public sealed class AccountDesk(ChangeWriter writer, NoticeBox box, IHttpContextAccessor http)
{
    /// <param name="what">A sentence without a full stop: "A passkey was added".</param>
    public async Task ChangeAsync(PageId page, Account account, string actor, string action, Sentence what, Func<Task> act, CancellationToken cancel)
    {
        await using var transaction = await writer.Db.Database.BeginTransactionAsync(cancel);
        await act();
        await SaidAsync(page, account, actor, action, what, cancel);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>The same within a transaction that the caller has begun.</summary>
    public async Task SaidAsync(PageId page, Account account, string actor, string action, Sentence what, CancellationToken cancel)
    {
        if (account.Email is { } address)
            box.Mail(
                page,
                $"account:{PublicId.NewValue()}{PublicId.NewValue()}",
                address,
                TextOf(await writer.PageAsync(cancel), address, Words.Of(account.Language), what)
            );
        await writer.SaveAsync(page, new(actor, action, account.Email ?? ""), cancel);
    }

    private NoticeText TextOf(Page page, string address, Words say, Sentence what) =>
        new(
            say["{0}: your account at the comms desk of {1}", say[what], page.Name],
            say["{0}. It concerns the account {1} at the comms desk of {2}, and was done {3}.", say[what], address, page.Name, say[From()]]
                + "\n\n"
                + say[
                    "If it was you, there is nothing to do. If it was not, somebody else has been signed in as you: choose a new password by 'Forgot your password?' where you sign in, look through the second factors and the sessions of your account, and tell an owner of the page."
                ],
            say["Look at your account"],
            "/admin/account"
        );

    private Sentence From()
    {
        if (http.HttpContext is not { } context)
            return "by whoever runs the program";
        var browser = BrowserName.Of(context.Request.Headers.UserAgent.ToString());
        if (context.Connection.RemoteIpAddress is not { } address)
            return $"from an unknown address ({browser})";
        return $"from {address} ({browser})";
    }
}
