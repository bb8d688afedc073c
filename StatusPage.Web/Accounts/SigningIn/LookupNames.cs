using Microsoft.AspNetCore.Identity;
using StatusPage.Domain;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>
/// The form under which accounts are looked up, the same as for addresses: it ignores the case of ASCII only, or a look-alike would open somebody else's
/// account. People can type anything when they sign in, so what is no character is removed first.
/// </summary>
public sealed class LookupNames : ILookupNormalizer
{
    public string? NormalizeName(string? name) => name is null ? null : Upper(EmailAddress.Key(Text.Shown(name).Trim()));

    public string? NormalizeEmail(string? email) => NormalizeName(email);

    /// <summary>In upper case like Identity's own normalizer, for ASCII.</summary>
    private static string Upper(string key) =>
        string.Create(
            key.Length,
            key,
            static (upper, lower) =>
            {
                for (var i = 0; i < lower.Length; i++)
                    upper[i] = char.IsAsciiLetterLower(lower[i]) ? (char)(lower[i] & ~0x20) : lower[i];
            }
        );
}
