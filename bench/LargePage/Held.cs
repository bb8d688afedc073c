using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;
using ZiggyCreatures.Caching.Fusion;

namespace StatusPage.Bench;

/// <summary>
/// What the public documents and the snapshot hold in memory, counted twice: as bytes of content, and as the bytes by which the heap is smaller without
/// them.
/// </summary>
internal static class Held
{
    public static async Task RunAsync(string data)
    {
        await using var app = await Hosted.StartAsync(data, "Error");
        // A stopped publisher puts nothing back; its services stay, until the app is disposed of.
        await app.StopAsync();
        var site = app.Services.GetRequiredService<PublicSite>();
        Count(site);
        var with = await HeapAsync();
        Forget(site);
        await app.Services.GetRequiredService<IFusionCache>().ClearAsync(allowFailSafe: false);
        Console.WriteLine($"heap {with - await HeapAsync()}");
    }

    /// <summary>Pools give back what they keep for a while, so that neither figure counts it.</summary>
    private static async Task<long> HeapAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    // Neither is inlined, so that no frame that is still running holds on to the edition.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Count(PublicSite site)
    {
        var edition = site.Current!;
        // A document may stand under more than one address.
        var documents = edition.Made.Values.Select(made => made.Document).Distinct().ToList();
        Console.WriteLine($"documents {documents.Count}");
        Console.WriteLine($"document_bytes {documents.Sum(document => (long)document.Size)}");
        Console.WriteLine($"plain_bytes {documents.Sum(document => (long)document.Plain.Body.Length)}");
        Console.WriteLine($"gzip_bytes {documents.Sum(document => (long)(document.Gzip?.Body.Length ?? 0))}");
        Console.WriteLine($"brotli_bytes {documents.Sum(document => (long)(document.Brotli?.Body.Length ?? 0))}");
        Console.WriteLine($"snapshot_bytes {SnapshotJson.Write(edition.Snapshot).Length}");
        foreach (
            var group in edition
                .Made.GroupBy(made => made.Key.Split('/') is ["", var first, _, ..] ? first : "top")
                .OrderByDescending(group => group.Sum(made => (long)made.Value.Document.Size))
                .Take(5)
        )
            Console.WriteLine($"of_{group.Key} {group.Sum(made => (long)made.Value.Document.Size)}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(PublicSite site)
    {
        var empty = site.Current!.Snapshot with { Groups = [], Components = [], Incidents = [], Maintenances = [], Archive = [] };
        site.Swap(
            new(empty, FrozenDictionary<string, Made>.Empty, null, isComplete: true, new("", _ => null, (_, _, _) => Task.FromResult<Made?>(null), null))
        );
    }
}
