namespace StatusPage.Web.StatusApi;

/// <summary>Parts of Statuspage's API that are not here, each with where to go instead. A client is told so, rather than that its id is wrong.</summary>
internal static class NotHere
{
    private static readonly Dictionary<string, string> Parts = new(StringComparer.Ordinal)
    {
        ["metrics_providers"] =
            "Metrics are not fetched from providers here. Add a metric under /admin/metrics, from a Prometheus or with values that are pushed "
            + "(POST /v1/pages/{page_id}/metrics/{metric_id}/data).",
        ["page_access_users"] = Audiences,
        ["page_access_groups"] = Audiences,
        ["status_embed_config"] = "The banner has its place and its colours where it is embedded. Its script is /embed.js.",
        ["organizations"] = "Accounts and their roles are kept at the desk, under /admin/accounts.",
    };

    private const string Audiences = "Pages for some people alone are stakeholder groups here. They are kept at the desk, under /admin/audiences.";

    /// <returns>Null for any other address.</returns>
    public static string? Of(PathString path) =>
        path.StartsWithSegments("/v1", out var rest)
            ? rest.Value!.Split('/').Select(part => Parts.GetValueOrDefault(part)).FirstOrDefault(message => message is not null)
            : null;
}
