namespace StatusPage.Domain.Metrics;

/// <summary>Where a Prometheus is queried.</summary>
public static class PrometheusAddress
{
    public const int MaxLength = 500;

    /// <returns>The address without a slash at its end; null for none.</returns>
    /// <exception cref="RuleViolation">It is not an address of a server.</exception>
    public static string? Of(string? typed, string field) =>
        Text.OptionalLine(typed, field, "the address", MaxLength)?.TrimEnd('/') is not { } address ? null
        : Uri.TryCreate(address, UriKind.Absolute, out var url)
        && url.Scheme is "http" or "https"
        && url.Host.Length > 0
        && url.UserInfo.Length == 0
        && url.Query.Length == 0
            ? address
        : throw new RuleViolation("Enter the address of a Prometheus, such as https://prometheus.acme.example.", field);
}
