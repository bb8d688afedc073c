using StatusPage.Domain.Snapshot;
using StatusPage.Web.Languages;
using StatusPage.Web.Public;

namespace StatusPage.Web.Snapshot;

/// <summary>How one public document is made.</summary>
/// <param name="Inputs">Names everything that goes into it. Null: always rendered, since it shows the whole.</param>
public sealed record Plan(string Path, DocumentKind Kind, Func<string?>? Inputs, Func<SpokenLanguage, Task<byte[]>> Render)
{
    /// <summary>Made only when somebody asks for it.</summary>
    public bool IsSeldom { get; init; }

    /// <summary>What is shown when it cannot be rendered; null: what was there before.</summary>
    public Func<byte[]>? Plain { get; init; }
}

/// <summary>The documents of single incidents, of which there may be thousands: none is planned before somebody asks for it.</summary>
public sealed class IncidentPlans(StatusSnapshot snapshot, Func<(IncidentView Incident, string Suffix), Plan> make)
{
    private const string Folder = "/incidents/";

    public const string Json = ".json";

    private static readonly string[] Suffixes = ["", ".rss", ".atom", Json, MarkdownTwins.Suffix];

    private readonly Lazy<Dictionary<string, IncidentView>> _incidents = new(() =>
        snapshot.Incidents.DistinctBy(incident => incident.Id).ToDictionary(incident => incident.Id.Value, StringComparer.Ordinal)
    );

    public Plan? Find(string path)
    {
        if (!path.StartsWith(Folder, StringComparison.Ordinal))
            return null;
        var dot = path.IndexOf('.', Folder.Length);
        var (id, suffix) = dot < 0 ? (path[Folder.Length..], "") : (path[Folder.Length..dot], path[dot..]);
        return Suffixes.Contains(suffix) && _incidents.Value.TryGetValue(id, out var incident) ? make((incident, suffix)) : null;
    }
}
