using StatusPage.Web.Languages;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;

namespace StatusPage.Tests.Host;

internal static class Editions
{
    /// <summary>Every document of an edition in its own language: the documents made ahead, and those of single incidents.</summary>
    public static async Task<IReadOnlyList<(string Path, Made Made)>> AllAsync(this Edition edition)
    {
        var all = edition.Made.Select(made => (made.Key, made.Value)).ToList();
        foreach (
            var path in edition.Snapshot.Incidents.SelectMany(incident =>
                new[] { "", ".rss", ".atom" }.Select(suffix => $"/incidents/{incident.Id}{suffix}")
            )
        )
            all.Add((path, new(null, await edition.FindAsync(path))));
        return all;
    }

    /// <summary>A document that exists, made ahead or on demand.</summary>
    public static async Task<RenderedDocument> FindAsync(this Edition edition, string path) =>
        edition.Find(path) ?? (await edition.Translations.FindAsync(path, new SpokenLanguage(edition.Snapshot.Speaks, IsInAddress: false)))!;
}
