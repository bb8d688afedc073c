using StatusPage.Web.Public;

namespace StatusPage.Web.Snapshot;

/// <summary>
/// Documents that are made once, when somebody first asks for them. The shelf holds a limited number of bytes; beyond it, those go that nobody asked for
/// the longest. A document that could not be made is not kept.
/// </summary>
/// <param name="most">Bytes of all documents together.</param>
public sealed class DocumentShelf<TKey>(long most)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _order = [];

    /// <summary>Bytes that are held.</summary>
    public long Size { get; private set; }

    /// <param name="stamp">Names what the document is made from. A document with another stamp is made anew, and <paramref name="make"/> gets it as what
    /// was there before.</param>
    public async Task<Made?> GetAsync(TKey key, string stamp, Func<Made?, Task<Made?>> make)
    {
        var (entry, ready, making) = Find(key, stamp, make);
        if (ready is not null)
            return ready;
        Made? made = null;
        try
        {
            return made = await making!.Value;
        }
        finally
        {
            Settle(entry, made);
        }
    }

    /// <summary>Drops the documents that are not needed any more.</summary>
    public void Drop(Func<TKey, bool> which)
    {
        lock (_lock)
            foreach (var node in _entries.Values.Where(node => which(node.Value.Key)).ToList())
                Remove(node);
    }

    private (Entry Entry, Made? Ready, Lazy<Task<Made?>>? Making) Find(TKey key, string stamp, Func<Made?, Task<Made?>> make)
    {
        lock (_lock)
        {
            Made? before = null;
            if (_entries.TryGetValue(key, out var known))
            {
                if (known.Value.Stamp == stamp)
                {
                    _order.Remove(known);
                    _order.AddLast(known);
                    return (known.Value, known.Value.Made, known.Value.Making);
                }
                before = known.Value.Made;
                Remove(known);
            }
            // On a thread of its own, so that those who come meanwhile wait for the task and not for the making.
            var entry = new Entry(key, stamp, new(() => Task.Run(() => make(before))));
            _entries[key] = _order.AddLast(entry);
            return (entry, null, entry.Making);
        }
    }

    private void Settle(Entry entry, Made? made)
    {
        lock (_lock)
        {
            if (entry.Made is not null || !_entries.TryGetValue(entry.Key, out var node) || node.Value != entry)
                return;
            if (made is null or { StandsIn: true })
            {
                Remove(node);
                return;
            }
            (entry.Made, entry.Making) = (made, null);
            Size += made.Document.Size;
            while (Size > most && _order.First is { } oldest)
                Remove(oldest);
        }
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        Size -= node.Value.Made?.Document.Size ?? 0;
        _entries.Remove(node.Value.Key);
        _order.Remove(node);
    }

    private sealed class Entry(TKey key, string stamp, Lazy<Task<Made?>> making)
    {
        public TKey Key { get; } = key;
        public string Stamp { get; } = stamp;

        /// <summary>Null once the document is made, so that what it was made from is released.</summary>
        public Lazy<Task<Made?>>? Making { get; set; } = making;

        /// <summary>Null while it is being made.</summary>
        public Made? Made { get; set; }
    }
}
