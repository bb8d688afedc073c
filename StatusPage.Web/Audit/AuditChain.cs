using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Audit;
using StatusPage.Web.Data;

namespace StatusPage.Web.Audit;

/// <summary>Appends to the chain of audit entries, and signs its end.</summary>
public static class AuditChain
{
    /// <summary>Actions that the audit notes about itself.</summary>
    public const string Begun = "audit.signing-begun",
        KeyChanged = "audit.key-changed",
        HeadRefused = "audit.head-refused";

    private const string Itself = "audit";

    /// <summary>
    /// Gives entries their numbers and hashes, and signs the new end. It must run in the transaction that writes them; nobody else appends before that
    /// ends. An end without our signature is not silently signed over: a row says so first.
    /// </summary>
    /// <returns>The entries to write.</returns>
    public static async Task<IReadOnlyList<AuditEntry>> AppendAsync(this StatusDb db, IReadOnlyList<AuditEntry> entries, CancellationToken cancel)
    {
        // The update locks the row before it is read.
        if (await db.AuditHeads.ExecuteUpdateAsync(set => set.SetProperty(head => head.Number, head => head.Number), cancel) == 0)
            throw new InvalidOperationException("The audit has no head. The schema is not up to date.");
        var head = await db.AuditHeads.AsNoTracking().SingleAsync(cancel);
        // If another of several nodes signs with a key of its own, one row from each process is enough.
        if (
            db.AuditKeys.Check(head.Attested) is var proof and not (HeadProof.Own or HeadProof.Former)
            && entries[0].Action != Begun
            && (proof != HeadProof.Unknown || db.AuditKeys.IsNews(head.Key!))
        )
            entries =
            [
                Say(entries[0].PageId, HeadRefused, $"The audit {Ends(head.Number)}, and that end {Wrong(proof, head.Key)}", entries[0].At),
                .. entries,
            ];
        await db.ExtendAsync(head, entries, cancel);
        return entries;
    }

    /// <summary>
    /// At the start: chains, once, the entries from before there were chains, and signs an end that was never signed. It never repairs a chain.
    /// </summary>
    public static async Task BeginAuditAsync(this StatusDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var head = await db.AuditHeads.SingleAsync(cancel);
        if (head.Number == 0 && await db.Audit.AnyAsync(cancel) && !await db.Audit.AnyAsync(entry => entry.Hash != "", cancel))
        {
            foreach (var entry in await db.Audit.OrderBy(entry => entry.Id).ToListAsync(cancel))
            {
                entry.Chain(entry.Id, head.Hash);
                (head.Number, head.Hash) = (entry.Id, entry.Hash);
            }
            await db.SaveChangesAsync(cancel);
        }
        db.Entry(head).State = EntityState.Detached;
        db.AuditKeys.Prepare();
        await db.BeginSigningAsync(head, now, cancel);
    }

    /// <summary>What is wrong with the end of an audit; the text ends with a full stop.</summary>
    internal static Sentence Wrong(HeadProof proof, string? key) =>
        proof switch
        {
            HeadProof.Missing => (Sentence)"bears no signature.",
            HeadProof.Unknown => (Sentence)(
                $"is signed by key {key}, which is not known here. Several nodes share one file (Audit:KeyFile); "
                + $"former keys belong into Audit:PreviousKeyFiles."
            ),
            _ => (Sentence)$"bears a signature that does not fit it, in the name of key {key}.",
        };

    internal static Sentence Ends(long number) => number == 0 ? (Sentence)"has no rows" : (Sentence)$"ends with row {number}";

    private static async Task BeginSigningAsync(this StatusDb db, AuditHead head, DateTimeOffset now, CancellationToken cancel)
    {
        var keys = db.AuditKeys;
        var page = await db.Pages.OrderBy(page => page.CreatedAt).Select(page => (PageId?)page.Id).FirstOrDefaultAsync(cancel);
        switch (keys.Check(head.Attested))
        {
            case HeadProof.Own:
                return;
            // A new store.
            case HeadProof.Missing when page is null && head.Number == 0:
                await db.ExtendAsync(head, [], cancel, now);
                return;
            case HeadProof.Missing when page is not null && await db.IsUnsignedYetAsync(cancel):
                db.Audit.Add(Say(page.Value, Begun, $"From here on, the end is signed by key {keys.Id}. The rows before stand by the chain alone.", now));
                break;
            case HeadProof.Former when page is not null:
                db.Audit.Add(Say(page.Value, KeyChanged, $"The end was signed by key {head.Key} and is by key {keys.Id} from here on.", now));
                break;
            default:
                // The next row says so.
                return;
        }
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>
    /// Whether a missing signature may be due to this being the first one: a key that existed before would have signed. A key that the settings name may
    /// have existed, whatever the store says.
    /// </summary>
    private static async Task<bool> IsUnsignedYetAsync(this StatusDb db, CancellationToken cancel) =>
        db.AuditKeys.IsMade && !await db.Audit.AnyAsync(entry => entry.Action == Begun, cancel) && !await db.DailyHeads.AnyAsync(cancel);

    private static async Task ExtendAsync(
        this StatusDb db,
        AuditHead head,
        IReadOnlyList<AuditEntry> entries,
        CancellationToken cancel,
        DateTimeOffset? at = null
    )
    {
        var (number, hash) = (head.Number, head.Hash);
        foreach (var entry in entries)
        {
            entry.Chain(++number, hash);
            hash = entry.Hash;
        }
        var signed = db.AuditKeys.Sign(number, hash, at ?? entries[^1].At);
        await db.AuditHeads.ExecuteUpdateAsync(
            set =>
                set.SetProperty(row => row.Number, number)
                    .SetProperty(row => row.Hash, hash)
                    .SetProperty(row => row.SignedAt, signed.At)
                    .SetProperty(row => row.Key, signed.Key)
                    .SetProperty(row => row.Signature, signed.Signature),
            cancel
        );
    }

    private static AuditEntry Say(PageId page, string action, string subject, DateTimeOffset at) => new(page, Itself, action, subject, at);
}
