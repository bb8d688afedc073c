namespace StatusPage.Domain.Pages;

/// <summary>Where a page is found: at the root of the installation's address, under a path there, or under a host name of its own.</summary>
public sealed record PageLocation(string? Slug, string? HostName)
{
    public const int MinSlugLength = 2;
    public const int MaxSlugLength = 40;
    public const int MaxHostNameLength = 253;

    /// <summary>The location of the first page, for life: one page must be there when no other location fits.</summary>
    public static readonly PageLocation Root = new(null, null);

    /// <summary>First path segments that every page uses; a page with such a slug would hide them.</summary>
    private static readonly HashSet<string> Taken =
    [
        "admin",
        "api",
        "assets",
        "audiences",
        "badges",
        "components",
        "embed",
        "healthz",
        "history",
        "hooks",
        "incidents",
        "maintenance",
        "maintenances",
        "metrics",
        "not-found",
        "pages",
        "postmortems",
        "promises",
        "readers",
        "search",
        "static",
        "subscribe",
        "subscriptions",
        "system-metrics",
        "themes",
        "unsubscribe",
        "v1",
        "v2",
    ];

    /// <summary>The prefix of every path of the page: "" or "/slug".</summary>
    public string Base() => Slug is null ? "" : $"/{Slug}";

    /// <exception cref="RuleViolation">Neither or both, or not fit for an address.</exception>
    public static PageLocation Of(string? slug, string? hostName)
    {
        slug = slug?.Trim().Trim('/').ToLowerInvariant() is { Length: > 0 } path ? path : null;
        hostName = hostName?.Trim().TrimEnd('.').ToLowerInvariant() is { Length: > 0 } host ? host : null;
        if (slug is null == hostName is null)
            throw new RuleViolation("Enter a path or a host name for the page, one of the two.", nameof(Slug));
        if (slug is not null)
            CheckSlug(slug);
        if (
            hostName is not null
            && (
                hostName.Length > MaxHostNameLength
                || !hostName.Contains('.', StringComparison.Ordinal)
                || Uri.CheckHostName(hostName) != UriHostNameType.Dns
            )
        )
            throw new RuleViolation(
                $"'{hostName}' is not a host name. Enter one such as status.acme.example, without https:// and without a path.",
                nameof(HostName)
            );
        return new(slug, hostName);
    }

    private static void CheckSlug(string slug)
    {
        if (slug.Length is < MinSlugLength or > MaxSlugLength || slug != Text.Slug(slug))
            throw new RuleViolation(
                $"'{slug}' cannot be a path. Use {MinSlugLength} to {MaxSlugLength} lower-case letters, digits and hyphens, such as eu or acme-cloud.",
                nameof(Slug)
            );
        if (IsTaken(slug))
            throw new RuleViolation($"/{slug} is an address that every page has. Choose another path.", nameof(Slug));
    }

    /// <summary>Whether the installation needs a first segment for itself; the codes of languages are such segments, too.</summary>
    public static bool IsTaken(string segment) => Taken.Contains(segment) || Languages.Language.Find(segment) is not null;
}
