using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Permissions;

/// <summary>One way in: a method and an address, plus the form for a page with several forms.</summary>
/// <param name="Path">The route pattern: /admin/incidents/{id}.</param>
/// <param name="Form">The form's name in its address; empty for the only form.</param>
public sealed record Door(string Method, string Path, string Form, Endpoint Endpoint)
{
    public string Name => $"{Method} {Path}{(Form.Length == 0 ? "" : $"?handler={Form}")}";
    public bool IsApi => Path.StartsWith("/v1", StringComparison.Ordinal);
    public bool IsUnsafe => Method is not ("GET" or "HEAD");
    public bool TakesOtherOrigins => Endpoint.Metadata.GetMetadata<TakesOtherOriginsAttribute>() is not null;

    /// <summary>Every way in of a running program, read from its routing, so the list is complete.</summary>
    public static async Task<IReadOnlyList<Door>> AllAsync(AppHost app)
    {
        var loader = app.Services.GetRequiredService<PageLoader>();
        var doors = new List<Door>();
        foreach (
            var endpoint in app
                .Services.GetServices<EndpointDataSource>()
                .SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>()
                .DistinctBy(endpoint => endpoint.ToString() + string.Join(',', MethodsOf(endpoint)))
        )
        {
            var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');
            if (endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not { } page)
            {
                doors.AddRange(MethodsOf(endpoint).Where(method => method != "HEAD").Select(method => new Door(method, path, "", endpoint)));
                continue;
            }
            var compiled = await loader.LoadAsync(page, endpoint.Metadata);
            var handlers = compiled
                .HandlerMethods.Select(handler => (Method: handler.HttpMethod!.ToUpperInvariant(), Form: handler.Name ?? ""))
                .ToHashSet();
            handlers.Add(("GET", ""));
            // A POST without a form of its own must be as closed as the page.
            handlers.Add(("POST", ""));
            doors.AddRange(handlers.Select(handler => new Door(handler.Method, path, handler.Form, compiled.Endpoint ?? endpoint)));
        }
        return
        [
            .. doors
                .DistinctBy(door => door.Name)
                .OrderBy(door => door.IsUnsafe)
                .ThenBy(door => door.Path, StringComparer.Ordinal)
                .ThenBy(door => door.Name, StringComparer.Ordinal),
        ];
    }

    private static IReadOnlyList<string> MethodsOf(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"];
}
