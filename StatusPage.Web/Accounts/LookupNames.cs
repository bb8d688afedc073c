using Microsoft.AspNetCore.Identity;
using StatusPage.Domain;

namespace StatusPage.Web.Accounts;

/// <summary>The form under which accounts are looked up. Whoever signs in types what they like, and what is no character cannot be normalised.</summary>
public sealed class LookupNames : ILookupNormalizer
{
    private readonly UpperInvariantLookupNormalizer _inner = new();

    public string? NormalizeName(string? name) => _inner.NormalizeName(name is null ? null : Text.Shown(name));

    public string? NormalizeEmail(string? email) => _inner.NormalizeEmail(email is null ? null : Text.Shown(email));
}
