using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using StatusPage.Domain.Pages;
using StatusPage.Web.Data;

namespace StatusPage.Web.Secrets;

/// <summary>
/// The key of each page, under which links in mails and the secrets of webhooks are made: encrypted in the store, opened when a page is read. Whoever
/// reads the store or its backup alone can make none.
/// </summary>
public sealed class LinkKeys(IServiceProvider services)
{
    /// <summary>Pages whose opened keys are kept, so that none is opened again and again.</summary>
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, byte[]> _opened = new(StringComparer.Ordinal);
    private IDataProtector? _protector;

    /// <summary>Made late: the keys that it needs lie in the same store.</summary>
    private IDataProtector Protector => _protector ??= services.GetRequiredService<IDataProtectionProvider>().CreateProtector("StatusPage.Pages.LinkKey");

    /// <summary>Has the framework read or make its keys now. Made within a transaction of SQLite, they would wait for its end.</summary>
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

    /// <summary>Closes what was written before keys were closed.</summary>
    /// <returns>The pages whose key nothing can open any more. They have a new one: links that are out do not work.</returns>
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

/// <summary>Opens and closes them on the way from and to the store. There is one for the whole process, since EF makes its services anew for each that it does not know.</summary>
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
