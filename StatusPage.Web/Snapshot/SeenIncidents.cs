using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;

namespace StatusPage.Web.Snapshot;

/// <summary>
/// The incidents of one page as they were last read, with what was made of them. Every change of an incident raises its version, so only incidents with
/// another version are read again. The next snapshot costs only what changed, and shares the rest with the one before.
/// </summary>
internal sealed class SeenIncidents
{
    /// <summary>Ids in one query.</summary>
    private const int AtOnce = 500;

    private Dictionary<IncidentId, Seen> _seen = [];
    private long _pageVersion;

    /// <summary>The incidents that are open, or were touched since an instant, without the deleted ones.</summary>
    public IEnumerable<Incident> Rows => _seen.Values.Select(seen => seen.Row);

    public IncidentView? ViewOf(Incident row) =>
        _seen.TryGetValue(row.Id, out var seen) && seen.Row == row ? seen.View ??= IncidentView.Of(row) : IncidentView.Of(row);

    /// <summary>What the incidents say of components.</summary>
    public IReadOnlyList<IncidentStatements> Statements =>
        [.. _seen.Values.Where(seen => seen.Row.WithdrawnAt is null).Select(seen => seen.Says ??= seen.Row.Statements)];

    /// <param name="pageVersion">A version that is older than the last belongs to a store that was put back, where nothing read before holds.</param>
    public async Task ReadAsync(StatusDb db, PageId page, long pageVersion, DateTimeOffset since, LeftOut? leftOut, CancellationToken cancel)
    {
        if (pageVersion < _pageVersion)
            _seen = [];
        _pageVersion = pageVersion;
        var wanted = db
            .Incidents.AsNoTracking()
            .Where(row => row.PageId == page && row.DeletedAt == null && (row.ResolvedAt == null || row.UpdatedAt >= since));
        var there = await wanted.Select(row => new { row.Id, row.Version }).ToListAsync(cancel);
        var kept = there
            .Where(row => _seen.TryGetValue(row.Id, out var seen) && seen.Row.Version == row.Version)
            .Select(row => _seen[row.Id])
            .ToDictionary(seen => seen.Row.Id);
        var missing = there.Where(row => !kept.ContainsKey(row.Id)).Select(row => row.Id).ToList();
        // Nearly all at the start; a few of them afterwards.
        foreach (var ids in missing.Count > AtOnce ? [null] : missing.Chunk(AtOnce).Cast<IncidentId[]?>())
        {
            var rows = await (ids is null ? wanted : wanted.Where(row => ids.Contains(row.Id)))
                .Whole()
                .SoundAsync(row => row.Id, id => row => row.Id == id, AllAsync, id => $"Incident {id}", leftOut, cancel);
            foreach (var row in rows)
                kept[row.Id] = new(row);
        }
        _seen = kept;

        async Task<IReadOnlyList<Incident>> AllAsync(IQueryable<Incident> found) => await found.ToListAsync(cancel);
    }

    private sealed record Seen(Incident Row)
    {
        public IncidentView? View { get; set; }
        public IncidentStatements? Says { get; set; }
    }
}
