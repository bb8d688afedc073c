using System.Collections.Concurrent;
using StatusPage.Domain.Languages;

namespace StatusPage.Web.Snapshot;

/// <summary>
/// The documents of one edition in the languages that the page does not speak by itself: each made when somebody first asks for it, and once.
/// They come from the snapshot like all others, so they need nothing that could be away.
/// </summary>
/// <param name="make">Gives null where there is no such document, or it could not be made.</param>
public sealed class Translations(Func<string, Language, Made?, Task<Made?>> make, Translations? before)
{
    private readonly Dictionary<(string Path, Language), Made> _before = before?.Kept() ?? [];
    private readonly ConcurrentDictionary<(string Path, Language Language), Lazy<Task<Made?>>> _made = new();

    public async Task<RenderedDocument?> FindAsync(string path, Language language) =>
        (await _made.GetOrAdd((path, language), key => new(() => make(key.Path, key.Language, _before.GetValueOrDefault(key)))).Value)?.Document;

    /// <summary>What the next edition may take over where nothing changed.</summary>
    private Dictionary<(string Path, Language), Made> Kept()
    {
        var kept = new Dictionary<(string, Language), Made>(_before);
        foreach (var (key, made) in _made)
            if (made is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: { } done } }) kept[key] = done;
        return kept;
    }
}
