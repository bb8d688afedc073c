using System.Collections.Frozen;
using StatusPage.Domain;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Readers;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Public;

/// <summary>A document with the name of what it was made from.</summary>
/// <param name="Inputs">Null: made from the snapshot as a whole.</param>
public sealed record Made(string? Inputs, RenderedDocument Document)
{
    /// <summary>It stands in for a document that could not be made, which is tried again.</summary>
    public bool StandsIn { get; init; }
}

/// <summary>One snapshot and the documents made of it.</summary>
public sealed class Edition(StatusSnapshot snapshot, FrozenDictionary<string, Made> made, DateTimeOffset? asOf, bool isComplete, Translations translations)
{
    public StatusSnapshot Snapshot { get; } = snapshot;
    public FrozenDictionary<string, Made> Made { get; } = made;

    /// <summary>Set when the store could not be asked whether this still holds: the instant at which it was last known to hold.</summary>
    public DateTimeOffset? AsOf { get; } = asOf;

    /// <summary>Null: everybody may read it.</summary>
    public Gate? Gate { get; init; }

    /// <summary>The stamp of the theme in which it was rendered.</summary>
    public string Look { get; init; } = "";

    /// <summary>False just after a start, while the less asked-for documents are still being made.</summary>
    public bool IsComplete { get; } = isComplete;

    public Translations Translations { get; } = translations;

    /// <summary>Documents that could not be made; the one before, or a plain one, is shown instead.</summary>
    public IReadOnlyCollection<string> Failed { get; init; } = [];

    /// <summary>Whether there is a document, made or to be made.</summary>
    public bool Has(string path) => Made.ContainsKey(path) || Translations.IsSeldom(path);

    /// <summary>Of a document, made or to be made; null where there is none.</summary>
    public DocumentKind? KindOf(string path) => Find(path)?.Kind ?? Translations.KindOf(path);

    public RenderedDocument? Find(string path) => Made.GetValueOrDefault(path)?.Document;
}

/// <summary>One page: where it is, and what the public sees of it now. Swapped as a whole, read without a lock.</summary>
public sealed class PublicSite(PageLocation location)
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _following = new();
    private long _expected;
    private DateTimeOffset? _behindSince;
    private int _shown;
    private volatile Edition? _current;
    private volatile TaskCompletionSource _swapped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Null until it is known. For the first page, that is at the first look into the store or onto the disk.</summary>
    public PageId? PageId { get; internal set; }
    public PageLocation Location { get; } = location;

    /// <summary>What stands before every path of the page; see <see cref="PageLocation.Base"/>.</summary>
    public PathString Base { get; } = location.Base();

    public Edition? Current => _current;

    /// <summary>How many editions were shown since the start.</summary>
    public int Shown => _shown;

    /// <summary>Completes when there is something to show.</summary>
    public Task First => _first.Task;

    /// <summary>Completes when there is everything to show.</summary>
    public Task Complete => _complete.Task;

    /// <summary>Since when it has not shown what the store has; null when it shows it.</summary>
    /// <param name="version">The version of the page in the store, as of now.</param>
    public DateTimeOffset? BehindSince(long version, DateTimeOffset now)
    {
        lock (_following)
        {
            _expected = Math.Max(_expected, version);
            _behindSince = _current is { } current && Shows(current) && now <= current.Snapshot.NextChangeAt ? null : _behindSince ?? now;
            return _behindSince;
        }
    }

    private bool Shows(Edition edition) => edition.Snapshot.Version >= _expected && edition.Failed.Count == 0;

    public void Swap(Edition edition)
    {
        _current = edition;
        lock (_following)
            if (Shows(edition))
                _behindSince = null;
        Interlocked.Increment(ref _shown);
        if (edition.IsComplete)
            _complete.TrySetResult();
        _first.TrySetResult();
        Interlocked.Exchange(ref _swapped, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Waits until a version is shown, so that an author who is sent back to the page sees the post there.</summary>
    /// <returns>False when the time was up first.</returns>
    public async Task<bool> ShowsAsync(long version, TimeSpan atMost, CancellationToken cancel)
    {
        try
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            timeout.CancelAfter(atMost);
            while (true)
            {
                var swapped = _swapped.Task;
                if (_current?.Snapshot.Version >= version)
                    return true;
                await swapped.WaitAsync(timeout.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }
}
