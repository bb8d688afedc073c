using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using StatusPage.Web.Data;

namespace StatusPage.Web.Accounts.People;

/// <summary>Identity's own store, with authenticator keys and recovery codes encrypted.</summary>
public sealed class AccountStore(StatusDb db, IDataProtectionProvider protection) : UserOnlyStore<Account, StatusDb>(db)
{
    private readonly IDataProtector _tokens = protection.CreateProtector("StatusPage.Accounts.Token");

    public override Task SetTokenAsync(Account user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(user, loginProvider, name, value is null ? null : _tokens.Protect(value), cancellationToken);

    public override async Task<string?> GetTokenAsync(Account user, string loginProvider, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await base.GetTokenAsync(user, loginProvider, name, cancellationToken) is { } value ? _tokens.Unprotect(value) : null;
        }
        catch (CryptographicException)
        {
            // The encryption key is lost, so the value is as good as gone: no code will match.
            return null;
        }
    }
}
