using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.RazorPages.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Permissions;

/// <summary>One way in: a method of an address and, for a page with several forms, the form.</summary>
/// <param name="Path">As it is mapped: /admin/incidents/{id}.</param>
/// <param name="Form">As the form's address names it; empty for the only one.</param>
public sealed record Door(string Method, string Path, string Form, Endpoint Endpoint)
{
    public string Name => $"{Method} {Path}{(Form.Length == 0 ? "" : $"?handler={Form}")}";
    public bool IsApi => Path.StartsWith("/v1", StringComparison.Ordinal);
    public bool IsUnsafe => Method is not ("GET" or "HEAD");
    public bool TakesOtherOrigins => Endpoint.Metadata.GetMetadata<TakesOtherOriginsAttribute>() is not null;

    /// <summary>Every door of a running program, from what it routes by: one that is not here is none.</summary>
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
            // What a page has no form for must be as closed as the page.
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
