using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts;
using StatusPage.Web.Accounts.Keys;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;

namespace StatusPage.Web.StatusApi;

/// <summary>Statuspage's API v1 for programs that post. Lists are bare arrays; POST 201, PATCH 200, errors are JSON with a message.</summary>
public static class ManageApi
{
    public const int DefaultLimit = 100;

    /// <summary>Exporters ask for all components at once.</summary>
    public const int MostLimit = 500;
    private const string Suffix = ".json";

    public static void AddStatusApi(this IServiceCollection services)
    {
        services.AddScoped<ManageRequest>();
        services.AddSingleton<ApiLimiter>();
        services.AddSingleton<UnknownKeys>();
        services.AddApiDocument();
    }

    /// <summary>
    /// The page of a request is that of its key, and not that of the address it came to. The key is looked at before anything asks for the page, so
    /// nothing later in the pipeline can see another.
    /// </summary>
    public static void UsePageOfKey(this WebApplication app) =>
        app.UseWhen(
            IsForKeys,
            v1 =>
                v1.Use(
                    async (context, next) =>
                    {
                        var keys = context.RequestServices.GetRequiredService<UnknownKeys>();
                        if (ApiKeyScheme.HashOfGiven(context.Request) is { } hash && await keys.AreTooManyAsync(context, hash))
                        {
                            context.Response.Headers.RetryAfter = "60";
                            await ApiErrors.WriteAsync(
                                context,
                                StatusCodes.Status429TooManyRequests,
                                "Too many keys that are none came from your address. Wait a minute, then try again."
                            );
                            return;
                        }
                        await context.AuthenticateAsync(ApiKeyScheme.Name);
                        await next(context);
                    }
                )
        );

    /// <summary>Decided by the endpoint that was found, and not by the address.</summary>
    private static bool IsForKeys(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(asked => asked.AuthenticationSchemes == ApiKeyScheme.Name) == true;

    public static void MapStatusApi(this WebApplication app)
    {
        var v1 = app.MapGroup("/v1/pages")
            .RequireAuthorization(new AuthorizeAttribute(Permissions.Read) { AuthenticationSchemes = ApiKeyScheme.Name })
            .AddEndpointFilter(GuardAsync)
            .WithMetadata(new TakesOtherOriginsAttribute())
            .WithGroupName(ApiDocument.Name);
        v1.MapPages();
        var page = v1.MapGroup("/{page_id}");
        page.MapIncidents();
        page.MapDestinationSending();
        page.MapComponents();
        page.MapGroups();
        page.MapSubscribers();
        page.MapTemplates();
        page.MapDrafts();
        page.MapMetrics();
        app.MapApiDocument();
    }

    /// <summary>Statuspage answers with and without ".json" at the end of an address. This comes before routing.</summary>
    public static void UseApiWithoutSuffix(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                var path = context.Request.Path.Value ?? "";
                if (path.StartsWith("/v1/", StringComparison.Ordinal) && path.EndsWith(Suffix, StringComparison.Ordinal))
                    context.Request.Path = path[..^Suffix.Length];
                return next(context);
            }
        );

    /// <summary>Endpoints of an area, which a key's scopes may close.</summary>
    public static RouteGroupBuilder In(this RouteGroupBuilder endpoints, string area, string tag) =>
        endpoints.WithMetadata(new AreaMetadata(area)).WithTags(tag);

    /// <summary>For endpoints that write.</summary>
    public static RouteHandlerBuilder Writes(this RouteHandlerBuilder endpoint, string door = Permissions.Publish) =>
        endpoint
            .RequireAuthorization(new AuthorizeAttribute(door) { AuthenticationSchemes = ApiKeyScheme.Name })
            .WithMetadata(new WritesMetadata(door))
            .AddEndpointFilter<Idempotency>();

    /// <summary>Turns foreseen failures into answers: too many requests, broken rules, bodies that cannot be read, two who write at once.</summary>
    private static async ValueTask<object?> GuardAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers.CacheControl = "no-store";
        if (await http.RequestServices.GetRequiredService<ApiLimiter>().CountAsync(http) is { } wait)
            return ApiErrors.Result(StatusCodes.Status429TooManyRequests, $"This key has sent too many requests. Wait {wait} s, then try again.");
        var own = http.User.FindFirst(ApiKeyScheme.PageClaim)!.Value;
        if (http.RequestServices.GetRequiredService<PublicSite>().PageId?.Value != own)
            throw new InvalidOperationException($"The request of a key of page {own} is for another page.");
        // A key is good for its own page; other pages are said not to exist.
        if (http.Request.RouteValues["page_id"] is string page && page != own)
            return ApiErrors.Result(StatusCodes.Status404NotFound, $"There is no page '{page}' for this key.");
        var endpoint = http.GetEndpoint()!.Metadata;
        var writes = endpoint.GetMetadata<WritesMetadata>() is not null;
        if (endpoint.GetMetadata<AreaMetadata>() is { } area && !http.User.ApiScopes().Allows(area.Name, writes))
            return ApiErrors.Result(StatusCodes.Status403Forbidden, $"This key lacks the scope {ApiScopes.Of(area.Name, writes)}.");
        try
        {
            return await next(context);
        }
        catch (ApiException refused)
        {
            return ApiErrors.Result(refused.Status, refused.Message);
        }
        catch (LimitReached reached)
        {
            http.Response.Headers.RetryAfter = Limits.Seconds(reached.Wait);
            return ApiErrors.Result(StatusCodes.Status429TooManyRequests, reached.Message);
        }
        catch (RuleViolation violation)
        {
            return ApiErrors.Result(StatusCodes.Status422UnprocessableEntity, violation.Message);
        }
        catch (DbUpdateConcurrencyException)
        {
            return ApiErrors.Result(StatusCodes.Status409Conflict, "Somebody else changed this at the same moment. Read it again, then send your change.");
        }
        catch (Exception exception) when (StoreSetup.IsConflict(exception))
        {
            return ApiErrors.Result(
                StatusCodes.Status409Conflict,
                "Somebody else wrote the same thing at the same moment. Read it again, then send your change."
            );
        }
    }

    public static JsonBytes Json<T>(int status, T shape)
        where T : notnull => new(status, StatusJson.Write(shape));

    public static JsonBytes Ok<T>(T shape)
        where T : notnull => Json(StatusCodes.Status200OK, shape);

    public static JsonBytes Nothing() => new(StatusCodes.Status204NoContent, default);

    public static ApiException NotFound(string what, string id) => new(StatusCodes.Status404NotFound, $"There is no {what} '{id}' on this page.");

    /// <summary>
    /// Statuspage's <c>limit</c>, which is <c>per_page</c> for some of its lists, and <c>page</c>. Some of its lists count from 0 and some from 1, and its
    /// clients mix them up. So 0 and 1 are the first page: whoever counts wrongly reads a page twice, and misses none.
    /// </summary>
    public static (int Skip, int Take) Paging(HttpRequest request)
    {
        var (limit, perPage) = (Query("limit", 1, MostLimit), Query("per_page", 1, MostLimit));
        if (limit is not null && perPage is not null && limit != perPage)
            throw new ApiException(StatusCodes.Status400BadRequest, "'limit' and 'per_page' are two names of the same number. Send one of them.");
        var take = limit ?? perPage ?? DefaultLimit;
        return (Math.Max(0, (Query("page", 0, 1_000_000) ?? 0) - 1) * take, take);

        int? Query(string name, int min, int max)
        {
            if (!request.Query.TryGetValue(name, out var text))
                return null;
            return int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
                ? number
                : throw new ApiException(StatusCodes.Status400BadRequest, $"'{name}' must be a whole number from {min} to {max}.");
        }
    }
}

/// <summary>Which of <see cref="ApiScopes.Areas"/> an endpoint belongs to.</summary>
public sealed record AreaMetadata(string Name);

/// <param name="Door">What a key must be trusted with.</param>
public sealed record WritesMetadata(string Door);

/// <summary>JSON that is written already; none for 204.</summary>
public sealed record JsonBytes(int Status, ReadOnlyMemory<byte> Body) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        if (Body.IsEmpty)
            return;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = Body.Length;
        await httpContext.Response.Body.WriteAsync(Body, httpContext.RequestAborted);
    }
}
