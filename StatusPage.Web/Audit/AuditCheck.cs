using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Web.Data;

namespace StatusPage.Web.Audit;

/// <summary>The result of checking the whole chain.</summary>
/// <param name="Wrong">The number of the first entry that was changed, that is missing, or at which something else is wrong.</param>
/// <param name="Wrongness">Null: nothing is wrong.</param>
public sealed record AuditFinding(long Entries, long? Wrong, Sentence? Wrongness)
{
    /// <summary>The same in English.</summary>
    public string? Why => Wrongness?.ToString();

    /// <summary>The present signed end.</summary>
    public SignedHead? Head { get; init; }

    /// <summary>The row since which the end is signed; null: from the beginning.</summary>
    public long? SignedSince { get; init; }
}

/// <summary>Checks that the chain is whole, that its end is signed, and that it agrees with earlier statements about it.</summary>
/// <param name="Claimed">A statement that was kept elsewhere, such as a line of the log.</param>
/// <param name="Known">Wrong rows that somebody has already looked into.</param>
public sealed record AuditCheck(SignedHead? Claimed = null, IReadOnlyCollection<long>? Known = null)
{
    public async Task<AuditFinding> RunAsync(StatusDb db, CancellationToken cancel)
    {
        await using var transaction = await db.BeginReadAsync(cancel);
        var head = await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(cancel) ?? new AuditHead();
        var said = (await db.DailyHeads.AsNoTracking().ToListAsync(cancel)).ConvertAll(day => day.Attested);
        var walk = new Walk(this, said);
        if (await walk.GoAsync(db, cancel) is { } broken)
            return broken;
        return (walk.EndsAt(head) ?? walk.Signed(head, db.AuditKeys) ?? walk.Said(db.AuditKeys) ?? new(walk.Count, null, null)) with
        {
            Head = head.Attested,
            SignedSince = walk.SignedSince,
        };
    }

    private sealed class Walk(AuditCheck check, List<SignedHead> said)
    {
        private readonly ILookup<long, SignedHead> _at = said.Concat(check.Claimed is { } one ? [one] : []).ToLookup(head => head.Number);
        private readonly HashSet<SignedHead> _held = [];
        private readonly List<(long Row, string What)> _refused = [];
        private (long Number, string Hash) _last = (0, AuditEntry.Beginning);

        public long Count { get; private set; }
        public long? SignedSince { get; private set; }

        public async Task<AuditFinding?> GoAsync(StatusDb db, CancellationToken cancel)
        {
            Pass();
            await foreach (var entry in db.Audit.AsNoTracking().OrderBy(entry => entry.Id).AsAsyncEnumerable().WithCancellation(cancel))
            {
                var (last, hash) = _last;
                if (entry.Hash != entry.HashAfter(hash))
                {
                    return entry.Id > last + 1
                        ? Found(last + 1, $"Row {last + 1} is missing: row {entry.Id} follows row {last}, but was not written after it.")
                        : Found(entry.Id, $"Row {entry.Id} is not as it was written, or what stood before it is not.");
                }
                _last = (entry.Id, entry.Hash);
                Count++;
                Note(entry);
                Pass();
            }
            return null;
        }

        public AuditFinding? EndsAt(AuditHead head) =>
            _last.Number < head.Number
                ? Found(
                    _last.Number + 1,
                    $"Row {_last.Number + 1} is missing: the audit ends with row {_last.Number}, but {head.Number} rows were numbered."
                )
            : _last == (head.Number, head.Hash) ? null
            : Found(_last.Number, $"Row {_last.Number} was added from outside: the audit ended with row {head.Number}.");

        public AuditFinding? Signed(AuditHead head, AuditKeys keys)
        {
            if (keys.Check(head.Attested) is var proof and not (HeadProof.Own or HeadProof.Former))
                return Found(
                    head.Number,
                    $"The audit {AuditChain.Ends(head.Number)}, and that end {AuditChain.Wrong(proof, head.Key)} "
                        + $"Rows may have been cut off behind it, or the end set back."
                );
            return _refused.Find(one => check.Known?.Contains(one.Row) != true) is ({ } row and > 0, { } what)
                ? Found(row, $"Row {row} says: {what} Whatever stood there may have been cut off before. Once that is looked into, add --known {row}.")
                : null;
        }

        /// <summary>Earlier statements about the audit must still hold.</summary>
        public AuditFinding? Said(AuditKeys keys)
        {
            foreach (var head in check.Claimed is { } one ? [one, .. said] : said)
            {
                if (keys.Check(head) is var proof and not (HeadProof.Own or HeadProof.Former))
                    return Found(head.Number, $"The statement of {On(head)} {AuditChain.Wrong(proof, head.Key)}");
                if (_held.Contains(head))
                    continue;
                return head.Number > _last.Number
                    ? Found(
                        head.Number,
                        $"On {On(head)} the audit ended with row {head.Number}; now it ends with row {_last.Number}. "
                            + $"It was set back to an earlier state."
                    )
                    : Found(head.Number, $"On {On(head)} row {head.Number} was another one. What stands from there on was written anew.");
            }
            return null;
        }

        private static string On(SignedHead head) => head.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

        private void Note(AuditEntry entry)
        {
            if (entry.Action == AuditChain.Begun && SignedSince is null)
                SignedSince = entry.Id;
            else if (entry.Action is AuditChain.Begun or AuditChain.HeadRefused)
                _refused.Add((entry.Id, entry.Subject));
        }

        private void Pass()
        {
            foreach (var head in _at[_last.Number])
                if (head.Hash == _last.Hash)
                    _held.Add(head);
        }

        private AuditFinding Found(long row, Sentence why) => new(Count, row, why);
    }
}
