namespace StatusPage.Web.Hosting;

/// <summary>Counts of one kind in this process. It holds at most <see cref="Most"/> of them: a new one displaces the oldest.</summary>
public sealed class CountTable
{
    /// <summary>Entries; 100 bytes each.</summary>
    public const int Most = 20_000;

    private readonly Dictionary<UInt128, Row> _rows = [];

    /// <summary>
    /// Keys in the order in which they began. A key that began anew, or was forgotten, stays in the queue a second time until its turn comes.
    /// </summary>
    private readonly Queue<(UInt128 Key, long Turn)> _order = new();
    private long _turn;

    public int Size
    {
        get
        {
            lock (_rows)
                return _rows.Count;
        }
    }

    /// <summary>Adds one; the first one begins the window.</summary>
    public Tally Add(UInt128 key, TimeSpan window, DateTimeOffset now)
    {
        lock (_rows)
        {
            if (_rows.TryGetValue(key, out var row) && row.EndsAt > now)
                row = row with { Number = row.Number + 1 };
            else
                row = Begin(key, new(1, now + window, ++_turn));
            _rows[key] = row;
            return new(row.Number, row.EndsAt - now);
        }
    }

    /// <summary>Takes over the common count of all nodes.</summary>
    public void Set(UInt128 key, Tally tally, DateTimeOffset now)
    {
        lock (_rows)
        {
            var endsAt = now + tally.EndsIn;
            _rows[key] = _rows.TryGetValue(key, out var row)
                ? row with
                {
                    Number = tally.Number,
                    EndsAt = endsAt,
                }
                : Begin(key, new(tally.Number, endsAt, ++_turn));
        }
    }

    public Tally Read(UInt128 key, DateTimeOffset now)
    {
        lock (_rows)
            return _rows.TryGetValue(key, out var row) && row.EndsAt > now ? new(row.Number, row.EndsAt - now) : default;
    }

    public void Forget(UInt128 key)
    {
        lock (_rows)
            _rows.Remove(key);
    }

    private Row Begin(UInt128 key, Row row)
    {
        while (_order.Count >= Most)
        {
            var (oldest, turn) = _order.Dequeue();
            if (_rows.TryGetValue(oldest, out var held) && held.Turn == turn)
                _rows.Remove(oldest);
        }
        _order.Enqueue((key, row.Turn));
        return row;
    }

    private readonly record struct Row(long Number, DateTimeOffset EndsAt, long Turn);
}

/// <param name="Number">How many there were in the current window.</param>
/// <param name="EndsIn">When the window is over; zero if there is none.</param>
public readonly record struct Tally(long Number, TimeSpan EndsIn);
