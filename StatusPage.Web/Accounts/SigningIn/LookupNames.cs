using Microsoft.AspNetCore.Identity;
using StatusPage.Domain;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>
/// The form under which accounts are looked up: that of addresses, whose case is that of ASCII alone, or a look-alike would open somebody else's account. Whoever signs
/// in types what they like, and what is no character cannot be looked up.
/// </summary>
public sealed class LookupNames : ILookupNormalizer
{
    public string? NormalizeName(string? name) => name is null ? null : Upper(EmailAddress.Key(Text.Shown(name).Trim()));

    public string? NormalizeEmail(string? email) => NormalizeName(email);

    /// <summary>As Identity's own normalizer writes it, where it is ASCII.</summary>
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
