using System.Collections;
using System.Text.Json;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts.Sources;

/// <summary>
/// The fields of one event, as a source finds them: what is absent is left out, the first of a name counts, and no more are gathered than an event keeps.
/// </summary>
internal sealed class FieldList : IEnumerable<KeyValuePair<string, string>>
{
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> All => _fields;

    public void Add(string name, string? words)
    {
        if (words is not null && _fields.Count < AlertText.MaxFields)
            _fields.TryAdd(name, words);
    }

    /// <summary>Everything that the object holds and that is no object itself, under its own name behind the prefix.</summary>
    public FieldList With(string prefix, JsonElement map, params ReadOnlySpan<string> except)
    {
        foreach (var (name, words) in map.Pairs())
            if (!except.Contains(name))
                Add(prefix + name, words);
        return this;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
