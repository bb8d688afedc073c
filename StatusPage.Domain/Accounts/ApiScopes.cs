namespace StatusPage.Domain.Accounts;

/// <summary>
/// Where a key is good, within what its role may: "incidents:write components:read". Writing includes reading; an area that is not named is closed.
/// Without any scope the role alone decides.
/// </summary>
public sealed class ApiScopes
{
    public const string Incidents = "incidents";
    public const string Components = "components";
    public const string Subscribers = "subscribers";
    public const string Templates = "templates";
    public const string Metrics = "metrics";
    public const string Page = "page";
    private const string Read = "read";
    private const string Write = "write";

    public static readonly IReadOnlyList<string> Areas = [Incidents, Components, Subscribers, Templates, Metrics, Page];

    /// <summary>Everything that the role may.</summary>
    public static readonly ApiScopes All = new(new SortedDictionary<string, bool>());

    /// <summary>By area: whether the key may write there.</summary>
    private readonly SortedDictionary<string, bool> _writes;

    private ApiScopes(SortedDictionary<string, bool> writes) => _writes = writes;

    public bool IsAll => _writes.Count == 0;

    public bool Allows(string area, bool writes) => IsAll || (_writes.TryGetValue(area, out var mayWrite) && (mayWrite || !writes));

    /// <param name="text">Scopes, separated by spaces or commas.</param>
    /// <exception cref="RuleViolation">One of them is unknown.</exception>
    public static ApiScopes Parse(string? text)
    {
        var scopes = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var scope in (text ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (scope.Split(':') is not [var area, Read or Write] || !Areas.Contains(area))
                throw new RuleViolation(
                    $"Scope '{scope}' is unknown. A scope is an area ({string.Join(", ", Areas)}), a colon, and read or write.",
                    "Scopes"
                );
            scopes[area] = scopes.GetValueOrDefault(area) || scope.EndsWith(Write, StringComparison.Ordinal);
        }
        return scopes.Count == 0 ? All : new(scopes);
    }

    public static string Of(string area, bool writes) => $"{area}:{(writes ? Write : Read)}";

    public override string ToString() => string.Join(' ', _writes.Select(scope => Of(scope.Key, scope.Value)));
}
