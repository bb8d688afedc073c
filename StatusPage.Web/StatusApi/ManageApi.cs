using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.StatusApi;

/// <summary>Statuspage's API v1 for programs that post. Lists are bare arrays; POST 201, PATCH 200, errors are JSON with a message.</summary>
public static class ManageApi
{
    private const int DefaultLimit = 100;
    private const string Suffix = ".json";

    public static void AddStatusApi(this IServiceCollection services) => services.AddScoped<ManageRequest>();

    public static void MapStatusApi(this WebApplication app)
    {
        var v1 = app.MapGroup("/v1/pages/{pageId}")
            .RequireAuthorization(new AuthorizeAttribute(Doors.Read) { AuthenticationSchemes = ApiKeyScheme.Name })
            .AddEndpointFilter(GuardAsync);
        app.MapGet("/v1/pages", (ManageRequest request, PublicAddress address) => PageEndpoints.PageAsync(request, address, bare: false))
            .RequireAuthorization(new AuthorizeAttribute(Doors.Read) { AuthenticationSchemes = ApiKeyScheme.Name });
        v1.MapPage();
        v1.MapIncidents();
        v1.MapComponents();
        v1.MapSubscribers();
        v1.MapMetrics();
    }

    /// <summary>Statuspage answers with and without ".json" at the end of an address.</summary>
    public static void DropSuffix(HttpRequest request)
    {
        if (request.Path.Value is { } path && path.StartsWith("/v1/", StringComparison.Ordinal) && path.EndsWith(Suffix, StringComparison.Ordinal)) request.Path = path[..^Suffix.Length];
    }

    /// <summary>For endpoints that write.</summary>
    public static TBuilder Writes<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new AuthorizeAttribute(Doors.Publish) { AuthenticationSchemes = ApiKeyScheme.Name });

    /// <summary>Foreseen failures become answers: rules broken, bodies that cannot be read, two who write at once.</summary>
    private static async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        // A key is good for its own page; others are said not to exist.
        if (http.User.FindFirst(ApiKeyScheme.PageClaim)?.Value != (string?)http.Request.RouteValues["pageId"])
            return ApiErrors.Result(StatusCodes.Status404NotFound, $"There is no page '{http.Request.RouteValues["pageId"]}' for this key.");
        try
        {
            return await next(context);
        }
        catch (ApiException refused)
        {
            return ApiErrors.Result(refused.Status, refused.Message);
        }
        catch (RuleViolation violation)
        {
            return ApiErrors.Result(StatusCodes.Status422UnprocessableEntity, violation.Message);
        }
        catch (DbUpdateConcurrencyException)
        {
            return ApiErrors.Result(StatusCodes.Status409Conflict, "Somebody else changed this at the same moment. Read it again, then send your change.");
        }
        catch (DbUpdateException exception) when (!StoreSetup.IsOutage(exception))
        {
            return ApiErrors.Result(StatusCodes.Status409Conflict, "Somebody else wrote the same thing at the same moment. Read it again, then send your change.");
        }
    }

    public static IResult Json(int status, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, JsonShapes.WriterOptions)) write(json);
        return new JsonBytes(status, bytes.WrittenMemory);
    }

    public static ApiException NotFound(string what, string id) => new(StatusCodes.Status404NotFound, $"There is no {what} '{id}' on this page.");

    /// <summary>Statuspage's <c>limit</c> (1 to 100) and <c>page</c>.</summary>
    public static (int Skip, int Take) Paging(HttpRequest request, int firstPage = 1)
    {
        var limit = Query("limit", DefaultLimit, 1, DefaultLimit);
        return ((Query("page", firstPage, firstPage, 1_000_000) - firstPage) * limit, limit);

        int Query(string name, int otherwise, int min, int max)
        {
            if (!request.Query.TryGetValue(name, out var text)) return otherwise;
            return int.TryParse(text, out var number) && number >= min && number <= max
                ? number : throw new ApiException(StatusCodes.Status400BadRequest, $"'{name}' must be a whole number from {min} to {max}.");
        }
    }

    private sealed class JsonBytes(int status, ReadOnlyMemory<byte> body) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = body.Length;
            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
