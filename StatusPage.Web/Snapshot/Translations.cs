using System.Collections.Concurrent;
using System.Collections.Frozen;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Snapshot;

/// <summary>
/// The documents of one edition that are made when somebody first asks for them, and once: those in the languages that the page does not speak
/// by itself, and those that hardly anybody asks for. They come from the snapshot like all others, so they need nothing that could be away.
/// </summary>
/// <param name="paths">Of all that can be made.</param>
/// <param name="seldom">Those of them that are not made ahead in the page's own language either.</param>
/// <param name="make">Gives null where the document could not be made.</param>
public sealed class Translations(FrozenSet<string> paths, FrozenSet<string> seldom, Func<string, SpokenLanguage, Made?, Task<Made?>> make, Translations? before)
{
    private readonly Dictionary<(string Path, SpokenLanguage), Made> _before = before?.Kept(paths) ?? [];
    private readonly ConcurrentDictionary<(string Path, SpokenLanguage Spoken), Lazy<Task<Made?>>> _made = new();

    public bool IsSeldom(string path) => seldom.Contains(path);

    public async Task<RenderedDocument?> FindAsync(string path, SpokenLanguage spoken) => !paths.Contains(path) ? null
        : (await _made.GetOrAdd((path, spoken), key => new(() => make(key.Path, key.Spoken, _before.GetValueOrDefault(key)))).Value)?.Document;

    /// <summary>What the next edition may take over where nothing changed.</summary>
    private Dictionary<(string Path, SpokenLanguage), Made> Kept(FrozenSet<string> paths)
    {
        var kept = _before.Where(made => paths.Contains(made.Key.Path)).ToDictionary();
        foreach (var (key, made) in _made)
            if (paths.Contains(key.Path) && made is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: { } done } }) kept[key] = done;
        return kept;
    }
}
