using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Audit;
using StatusPage.Web.Data;

namespace StatusPage.Web.Audit;

/// <summary>What a look through the whole chain found.</summary>
/// <param name="Wrong">The number of the first entry that is not as it was written, or of the first that is missing.</param>
public sealed record AuditFinding(long Entries, long? Wrong, string? Why);

/// <summary>Appends to the chain of audit entries, and looks whether it is whole.</summary>
public static class AuditChain
{
    /// <summary>Gives entries their numbers and hashes. Must run in the transaction that writes them; until its end nobody else appends.</summary>
    public static async Task AppendAsync(this StatusDb db, IReadOnlyList<AuditEntry> entries, CancellationToken cancel)
    {
        // The update locks the row before it is read.
        if (await db.AuditHeads.ExecuteUpdateAsync(set => set.SetProperty(head => head.Number, head => head.Number + entries.Count), cancel) == 0)
            throw new InvalidOperationException("The audit has no head. The schema is not up to date.");
        var head = await db.AuditHeads.AsNoTracking().SingleAsync(cancel);
        var (number, hash) = (head.Number - entries.Count, head.Hash);
        foreach (var entry in entries)
        {
            entry.Chain(++number, hash);
            hash = entry.Hash;
        }
        await db.AuditHeads.ExecuteUpdateAsync(set => set.SetProperty(row => row.Hash, hash), cancel);
    }

    /// <summary>Chains, once, what was written before there were chains. A chain that was begun is never mended.</summary>
    public static async Task BeginAuditAsync(this StatusDb db, CancellationToken cancel)
    {
        var head = await db.AuditHeads.SingleAsync(cancel);
        if (head.Number > 0 || !await db.Audit.AnyAsync(cancel) || await db.Audit.AnyAsync(entry => entry.Hash != "", cancel)) return;
        foreach (var entry in await db.Audit.OrderBy(entry => entry.Id).ToListAsync(cancel))
        {
            entry.Chain(entry.Id, head.Hash);
            (head.Number, head.Hash) = (entry.Id, entry.Hash);
        }
        await db.SaveChangesAsync(cancel);
    }

    public static async Task<AuditFinding> VerifyAuditAsync(this StatusDb db, CancellationToken cancel)
    {
        await using var transaction = await db.BeginReadAsync(cancel);
        var head = await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(cancel) ?? new AuditHead();
        var (count, last, hash) = (0L, 0L, AuditEntry.Beginning);
        await foreach (var entry in db.Audit.AsNoTracking().OrderBy(entry => entry.Id).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (entry.Hash != entry.HashAfter(hash))
            {
                return entry.Id > last + 1
                    ? new(count, last + 1, $"Row {last + 1} is missing: row {entry.Id} follows row {last}, but was not written after it.")
                    : new(count, entry.Id, $"Row {entry.Id} is not as it was written, or what stood before it is not.");
            }
            (last, hash) = (entry.Id, entry.Hash);
            count++;
        }
        return last == head.Number && hash == head.Hash ? new(count, null, null)
            : last < head.Number ? new(count, last + 1, $"Row {last + 1} is missing: the audit ends with row {last}, but {head.Number} rows were numbered.")
            : new(count, last, $"Row {last} was added from outside: the audit ended with row {head.Number}.");
    }
}
