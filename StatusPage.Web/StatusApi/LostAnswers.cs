using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using StatusPage.Domain.Components;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Postmortems;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// Answers a request that was carried out and whose answer is lost: with what it made or changed, as read through the endpoint that reads it.
/// </summary>
internal static class LostAnswers
{
    /// <summary>The id of the row that is about to be written and has an address of its own; null where there is none.</summary>
    public static string? MadeIn(ChangeTracker tracker) =>
        tracker
            .Entries()
            .Where(entry => entry.State == EntityState.Added)
            .Select(entry =>
                entry.Entity switch
                {
                    Incident incident => incident.Id.Value,
                    Maintenance maintenance => maintenance.Id.Value,
                    Component component => component.Id.Value,
                    ComponentGroup group => group.Id.Value,
                    Subscriber subscriber => subscriber.Id.Value,
                    Template template => template.Id.Value,
                    ActionItem item => item.Id.Value,
                    Metric metric => metric.Id.Value,
                    _ => null,
                }
            )
            .FirstOrDefault(id => id is not null);

    /// <returns>False: there is nothing that could be read.</returns>
    public static async Task<bool> TellAsync(HttpContext http, string? made)
    {
        var asked = (RouteEndpoint)http.GetEndpoint()!;
        var status = asked
            .Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
            .Select(answer => answer.StatusCode)
            .Where(code => code < 300)
            .DefaultIfEmpty(StatusCodes.Status200OK)
            .Min();
        if (status == StatusCodes.Status204NoContent)
        {
            http.Response.Headers[Idempotency.ReplayedHeader] = "true";
            http.Response.StatusCode = status;
            return true;
        }
        // What was deleted cannot be read any more.
        if (HttpMethods.IsDelete(http.Request.Method) || Reads(http, asked, made) is not { } reads)
            return false;
        http.Response.OnStarting(() =>
        {
            if (http.Response.StatusCode != StatusCodes.Status200OK)
                return Task.CompletedTask;
            http.Response.StatusCode = status;
            http.Response.Headers[Idempotency.ReplayedHeader] = "true";
            return Task.CompletedTask;
        });
        http.Request.Method = HttpMethods.Get;
        http.SetEndpoint(reads);
        await reads.RequestDelegate!(http);
        return true;
    }

    /// <summary>The endpoint that reads what was made in a list, or changed at its own address.</summary>
    private static RouteEndpoint? Reads(HttpContext http, RouteEndpoint asked, string? made)
    {
        var makes = HttpMethods.IsPost(http.Request.Method);
        var depth = asked.RoutePattern.PathSegments.Count + (makes ? 1 : 0);
        var reads = http
            .RequestServices.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .FirstOrDefault(other =>
                other.RoutePattern.PathSegments.Count == depth
                && other.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Get) == true
                // Of those below a list, the one whose last part is an id.
                && (!makes || other.RoutePattern.PathSegments[^1].Parts is [RoutePatternParameterPart])
                && asked.RoutePattern.PathSegments.Zip(other.RoutePattern.PathSegments).All(pair => Name(pair.First) == Name(pair.Second))
            );
        if (reads is null || !makes)
            return reads;
        if (made is null)
            return null;
        http.Request.RouteValues[((RoutePatternParameterPart)reads.RoutePattern.PathSegments[^1].Parts[0]).Name] = made;
        return reads;
    }

    private static string Name(RoutePatternPathSegment segment) =>
        string.Concat(
            segment.Parts.Select(part =>
                part switch
                {
                    RoutePatternLiteralPart literal => literal.Content,
                    RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
                    _ => "",
                }
            )
        );
}
