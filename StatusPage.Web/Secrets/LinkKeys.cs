using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;

namespace StatusPage.Web.Secrets;

/// <summary>
/// Each page's key for links in mails and for the secrets of webhooks. It is encrypted in the store, and decrypted when a page is read, so that the store
/// or its backup alone is not enough to make a link.
/// </summary>
public sealed class LinkKeys(IServiceProvider services)
{
    /// <summary>Pages whose decrypted keys are cached.</summary>
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, byte[]> _opened = new(StringComparer.Ordinal);
    private IDataProtector? _protector;

    /// <summary>Created late, since the keys that it needs lie in the same store.</summary>
    private IDataProtector Protector => _protector ??= services.GetRequiredService<IDataProtectionProvider>().CreateProtector("StatusPage.Pages.LinkKey");

    /// <summary>Makes the framework read or create its keys now. Inside a transaction of SQLite, that would wait for the end of the transaction.</summary>
    public void Prepare() => Protector.Protect([]);

    public void Open(Page page)
    {
        if (page.IsLinkKeyClosed && Open(page.StoredLinkKey) is { } key)
            page.OpenLinkKey(key);
    }

    public void Close(Page page)
    {
        if (!page.IsLinkKeyClosed)
            page.CloseLinkKey(Protector.Protect(page.LinkKey));
    }

    /// <summary>Encrypts keys that were written before keys were encrypted.</summary>
    /// <returns>The pages whose key cannot be decrypted any more. They have a new key, so links that were sent do not work.</returns>
    public async Task<IReadOnlyList<Page>> CloseAllAsync(StatusDb db, CancellationToken cancel)
    {
        var lost = new List<Page>();
        foreach (var page in await db.Pages.ToListAsync(cancel))
        {
            if (page.IsLinkKeyClosed && Open(page.StoredLinkKey) is null)
            {
                page.RenewLinkKey();
                lost.Add(page);
            }
            if (!page.IsLinkKeyClosed)
                db.Entry(page).Property(row => row.StoredLinkKey).IsModified = true;
        }
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return lost;
    }

    private byte[]? Open(byte[] closed)
    {
        var name = Convert.ToBase64String(closed);
        if (_opened.TryGetValue(name, out var known))
            return known;
        try
        {
            var key = Protector.Unprotect(closed);
            if (_opened.Count >= Most)
                _opened.Clear();
            return _opened[name] = key;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>
/// Encrypts and decrypts the keys on the way to and from the store. The whole process shares one: EF makes its services anew for each instance that it
/// does not know.
/// </summary>
internal sealed class LinkKeysOnTheWay : SaveChangesInterceptor, IMaterializationInterceptor
{
    public static readonly LinkKeysOnTheWay Instance = new();

    private LinkKeysOnTheWay() { }

    public object InitializedInstance(MaterializationInterceptionData materializationData, object entity)
    {
        if (entity is Page page && materializationData.Context is StatusDb db)
            db.FindService<LinkKeys>()?.Open(page);
        return entity;
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        if (eventData.Context is StatusDb db && db.FindService<LinkKeys>() is { } keys)
            foreach (var entry in db.ChangeTracker.Entries<Page>().Where(entry => entry.State is EntityState.Added or EntityState.Modified))
                keys.Close(entry.Entity);
        return ValueTask.FromResult(result);
    }
}
