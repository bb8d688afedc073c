using System.Security.Cryptography;
using MailKit.Security;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Deliveries;

/// <summary>How mails leave at the moment.</summary>
/// <param name="Smtp">Null: they are written to files, and reach nobody.</param>
/// <param name="IsSet">Whether the operator's settings say so, so that nobody changes it at the desk.</param>
public sealed record MailRoute(SmtpSettings? Smtp, MailboxAddress From, bool IsSet)
{
    /// <summary>The sender of a page's mails.</summary>
    public MailboxAddress Of(Page page) =>
        page is { SenderName: null, SenderAddress: null } ? From : new(page.SenderName ?? From.Name, page.SenderAddress ?? From.Address);
}

/// <summary>
/// Knows how mails leave: by the server of the settings, or else by the one that was entered at the desk, or else into files. Every node looks again
/// every few seconds (<see cref="MailWatch"/>), so that all follow what was entered at one.
/// </summary>
public sealed class MailRoutes(Settings settings, IServiceScopeFactory scopes, IDataProtectionProvider keys)
{
    private const string Purpose = "StatusPage.Deliveries.MailRelay.v1";

    private volatile MailRoute? _known = settings.SmtpIsSet ? new(settings.Smtp, settings.MailFrom, IsSet: true) : null;

    /// <summary>As known; into files until the store was asked.</summary>
    public MailRoute Known => _known ?? Files;

    private MailRoute Files => new(null, settings.MailFrom, IsSet: false);

    public ValueTask<MailRoute> FindAsync(CancellationToken cancel) => _known is { } known ? new(known) : new(LookAsync(cancel));

    /// <summary>Asks the store.</summary>
    public async Task<MailRoute> LookAsync(CancellationToken cancel)
    {
        if (settings.SmtpIsSet)
            return Known;
        await using var scope = scopes.CreateAsyncScope();
        var row = await scope.ServiceProvider.GetRequiredService<StatusDb>().MailRelays.AsNoTracking().FirstOrDefaultAsync(cancel);
        var route = row is null ? Files : new(SmtpOf(row), FromOf(row), IsSet: false);
        // A connection is kept for as long as the server is the same one.
        return _known = _known is { } known && known.Smtp == route.Smtp && known.From.Equals(route.From) ? known : route;
    }

    public string Protect(string password) => keys.CreateProtector(Purpose).Protect(password);

    private MailboxAddress FromOf(MailRelay row) => settings.MailFromIsSet ? settings.MailFrom : new(row.FromName, row.FromAddress);

    private SmtpSettings SmtpOf(MailRelay row) =>
        new(
            row.Host,
            row.Port,
            row.Security switch
            {
                MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                MailSecurity.None => SecureSocketOptions.None,
                _ => SecureSocketOptions.StartTls,
            },
            row.Login,
            row.Secrets is { } secrets ? Opened(secrets) : null
        )
        {
            IsGuarded = true,
        };

    /// <summary>Empty when the keys that it was encrypted with are gone. The server then refuses it, which is said at the desk.</summary>
    private string Opened(string secrets)
    {
        try
        {
            return keys.CreateProtector(Purpose).Unprotect(secrets);
        }
        catch (CryptographicException)
        {
            return "";
        }
    }
}
