using System.Collections.Frozen;
using StatusPage.Domain;
using StatusPage.Domain.Pages;

namespace StatusPage.Web.Public;

/// <summary>Every page of this installation, and which of them a request is for.</summary>
public sealed class PublicSites
{
    private volatile Map _map;
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PublicSites() => _map = Map.Of([First]);

    /// <summary>The page that answers wherever no other does.</summary>
    public PublicSite First { get; } = new(PageLocation.Root);

    public IReadOnlyList<PublicSite> All => _map.All;

    public bool HasSeveral => _map.All.Count > 1;

    public PublicSite? Of(PageId page) => _map.All.FirstOrDefault(site => site.PageId == page);

    /// <summary>The page as the store knows it at this moment, perhaps before anything of it is shown here.</summary>
    public PublicSite At(PageId page, PageLocation location) => Of(page) is { } site && site.Location == location ? site : new(location) { PageId = page };

    /// <summary>From now on there are these pages and no others. A page that moved begins anew at its new place.</summary>
    public void Set(IReadOnlyList<(PageId Id, PageLocation Location)> pages)
    {
        var before = _map.All;
        foreach (var (id, location) in pages)
            if (location == PageLocation.Root)
                First.PageId = id;
        List<PublicSite> all = [First];
        foreach (var (id, location) in pages)
            if (location != PageLocation.Root)
                all.Add(before.FirstOrDefault(site => site.PageId == id && site.Location == location) ?? new(location) { PageId = id });
        if (all.SequenceEqual(before))
            return;
        _map = Map.Of(all);
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Waits until a page is at its place with something to show, at most for the time given.</summary>
    public async Task ShowsAsync(PageId page, PageLocation location, TimeSpan atMost, CancellationToken cancel)
    {
        await WaitAsync(() => Of(page)?.Location == location, atMost, cancel);
        if (Of(page) is { } site)
            await Task.WhenAny(site.Complete, Task.Delay(atMost, cancel));
    }

    public Task HidesAsync(PageId page, TimeSpan atMost, CancellationToken cancel) => WaitAsync(() => Of(page) is null, atMost, cancel);

    private async Task WaitAsync(Func<bool> holds, TimeSpan atMost, CancellationToken cancel)
    {
        var end = Task.Delay(atMost, cancel);
        while (true)
        {
            var changed = _changed.Task;
            if (holds() || await Task.WhenAny(changed, end) == end)
                return;
        }
    }

    /// <summary>
    /// The page that a request is for: by its host name, else by the first segment of its path, else the first page.
    /// For one under a path, that segment moves to the request's base, so that everything behind sees the page's own paths.
    /// </summary>
    public PublicSite Choose(HttpContext context)
    {
        var map = _map;
        if (map.All.Count == 1)
            return First;
        var site = Find(map, context);
        if (site != First)
            context.Features.Set(site);
        return site;
    }

    private PublicSite Find(Map map, HttpContext context)
    {
        if (map.ByHost.TryGetValue(context.Request.Host.Host, out var host))
            return host;
        var path = context.Request.Path.Value.AsSpan();
        if (path.IsEmpty)
            return First;
        var rest = path[1..];
        var end = rest.IndexOf('/');
        if (!map.BySlug.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(end < 0 ? rest : rest[..end], out var site))
            return First;
        context.Request.PathBase += site.Base;
        context.Request.Path = end < 0 ? "/" : new PathString(rest[end..].ToString());
        return site;
    }

    private sealed record Map(IReadOnlyList<PublicSite> All, FrozenDictionary<string, PublicSite> ByHost, FrozenDictionary<string, PublicSite> BySlug)
    {
        public static Map Of(IReadOnlyList<PublicSite> all) =>
            new(
                all,
                all.Where(site => site.Location.HostName is not null)
                    .ToFrozenDictionary(site => site.Location.HostName!, StringComparer.OrdinalIgnoreCase),
                all.Where(site => site.Location.Slug is not null).ToFrozenDictionary(site => site.Location.Slug!, StringComparer.Ordinal)
            );
    }
}
