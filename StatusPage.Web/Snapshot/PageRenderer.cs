using Microsoft.AspNetCore.Mvc.ApplicationModels;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Public;

namespace StatusPage.Web.Snapshot;

/// <summary>What a public Razor page is rendered from: the snapshot and, on a page about one thing, that thing.</summary>
/// <param name="AsOf">See <see cref="Edition.AsOf"/>.</param>
/// <param name="Spoken">Null: the page's own language.</param>
public sealed record Rendering(StatusSnapshot Snapshot, DateTimeOffset? AsOf, object? Subject = null, SpokenLanguage? Spoken = null);

/// <summary>Runs a Razor page without a request and gives its bytes.</summary>
public sealed class PageRenderer(IServiceScopeFactory scopes, EndpointDataSource endpoints, PublicAddresses addresses)
{
    private readonly Dictionary<string, RouteEndpoint> _pages = [];

    /// <param name="route">The page's route as its @page line states it, without the leading slash.</param>
    public async Task<byte[]> RenderAsync(string route, Rendering rendering)
    {
        var endpoint = Find(route);
        await using var scope = scopes.CreateAsyncScope();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        var location = rendering.Snapshot.Location;
        var root = new Uri(addresses.Of(location).Root);
        context.Request.Method = HttpMethods.Get;
        context.Request.Scheme = root.Scheme;
        context.Request.Host = new HostString(root.Authority);
        var spoken = rendering.Spoken ?? new(rendering.Snapshot.Speaks, IsInAddress: false);
        scope.ServiceProvider.GetRequiredService<RequestLanguage>().Spoken = spoken;
        context.Request.PathBase = location.Base() + spoken.Prefix;
        context.Request.Path = "/";
        foreach (var (key, value) in endpoint.RoutePattern.RequiredValues)
            context.Request.RouteValues[key] = value;
        context.Features.Set(
            rendering with
            {
                Snapshot = rendering.Snapshot.In(spoken.Language),
                Subject = rendering.Subject is IncidentView incident ? incident.In(spoken.Language.Code) : rendering.Subject,
            }
        );
        context.Response.Body = body;
        context.SetEndpoint(endpoint);
        await endpoint.RequestDelegate!(context);
        await context.Response.CompleteAsync();
        if (context.Response.StatusCode != StatusCodes.Status200OK)
            throw new InvalidOperationException($"Page '{route}' answered {context.Response.StatusCode} while it was rendered.");
        return body.ToArray();
    }

    private RouteEndpoint Find(string route)
    {
        lock (_pages)
        {
            if (_pages.TryGetValue(route, out var known))
                return known;
            var found = endpoints
                .Endpoints.OfType<RouteEndpoint>()
                .Single(endpoint =>
                    endpoint.RoutePattern.RawText?.TrimStart('/') == route && endpoint.Metadata.GetMetadata<RenderedOnly.Marker>() is not null
                );
            return _pages[route] = found;
        }
    }
}

/// <summary>Takes the pages that are rendered ahead out of routing: no request reaches them, whatever its address.</summary>
public sealed class RenderedOnly : IPageRouteModelConvention
{
    /// <summary>The folder of those pages.</summary>
    private const string Folder = "/Public/Pages/";

    public void Apply(PageRouteModel model)
    {
        if (!model.ViewEnginePath.StartsWith(Folder, StringComparison.Ordinal))
            return;
        foreach (var selector in model.Selectors)
            selector.EndpointMetadata.Add(new Marker());
    }

    internal sealed class Marker : ISuppressMatchingMetadata
    {
        public bool SuppressMatching => true;
    }
}
