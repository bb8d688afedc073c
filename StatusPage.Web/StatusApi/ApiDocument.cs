using System.Collections.Concurrent;
using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Scalar.AspNetCore;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Accounts;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// The OpenAPI document of both APIs, made of the endpoints and of the very types that they write, and its reader at <c>/api/docs</c>.
/// </summary>
public static class ApiDocument
{
    public const string Name = "v1";
    public const string Path = "/api/openapi.json";
    public const string ReaderPath = "/api/docs";
    private const string ByHeader = "authorization";
    private const string ByAddress = "api_key";

    private const string About = """
        Two APIs that programs written for Atlassian Statuspage already speak.

        **Public API v2** is read by anybody, from any origin, and is as cacheable as the page itself.

        **Manage API v1** takes a key, made in the admin area, as `Authorization: OAuth KEY` (or `Bearer KEY`, or the key alone) or `?api_key=KEY`. Every address works with and without
        `.json`; bodies are JSON or forms (`incident[name]=…`). A request is for the page of its key, wherever it is called. Lists take `limit`
        or `per_page` (up to 500) and `page`. Answers say how many requests are left in
        `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds). With `Idempotency-Key`, a request that writes can be sent again for a
        day: it is answered as the first time, with `Idempotency-Replayed: true`, and brings about nothing more.
        """;

    /// <summary>The statuses of refusals, by what they mean.</summary>
    private static readonly (string Status, string Meaning)[] Refusals =
    [
        ("400", "The request cannot be read"),
        ("401", "No key, a wrong one, or that of a closed page"),
        ("403", "The key may not do this"),
        ("404", "There is none of that id on this page"),
        ("409", "It collides with what is there"),
        ("413", "The body is longer than a megabyte"),
        ("422", "A field cannot be used; the message names it"),
        ("429", "Too many requests; Retry-After says how long to wait"),
    ];

    private static readonly string[] RefusalsOfReading = ["400", "401", "403", "404", "429"];

    public static void AddApiDocument(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        services.AddOpenApi(
            Name,
            document =>
            {
                document.ShouldInclude = endpoint => endpoint.GroupName == Name;
                document.AddSchemaTransformer(DescribeSchema);
                document.AddOperationTransformer(DescribeOperationAsync);
                document.AddDocumentTransformer(DescribeAsync);
            }
        );
    }

    /// <summary>Documents that are kept, one for each page's address.</summary>
    private const int MostKept = 100;

    public static void MapApiDocument(this WebApplication app)
    {
        // Making it takes a good part of a second, so strangers must not have it made over and over.
        var made = new ConcurrentDictionary<string, Lazy<Task<(byte[] Json, EntityTagHeaderValue Tag)>>>();
        app.MapGet(
                Path,
                async (HttpContext http, PublicAddress address) =>
                {
                    // There is one for each page; those of pages that moved are in the way some day.
                    if (made.Count >= MostKept)
                        made.Clear();
                    var (json, tag) = await made.GetOrAdd(address.Root, root => new(() => MakeAsync(app.Services, root))).Value;
                    http.Response.Headers.CacheControl = "public, max-age=300";
                    http.Response.Headers.AccessControlAllowOrigin = "*";
                    return Results.Bytes(json, "application/json; charset=utf-8", entityTag: tag);
                }
            )
            .AllowAnonymous();
        app.MapScalarApiReference(
                ReaderPath,
                reader =>
                    reader
                        .WithTitle("API")
                        .WithOpenApiRoutePattern(Path)
                        .WithTheme(ScalarTheme.Default)
                        .DisableDefaultFonts()
                        .DisableTelemetry()
                        .DisableAgent()
                        .DisableMcp()
                        .HideDeveloperTools()
                        .HideClientButton()
                        .WithNonce()
            )
            .AllowAnonymous()
            .AddEndpointFilter(OpenPolicyAsync);
    }

    private static async Task<(byte[] Json, EntityTagHeaderValue Tag)> MakeAsync(IServiceProvider services, string root)
    {
        await using var scope = services.CreateAsyncScope();
        var document = await scope.ServiceProvider.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name).GetOpenApiDocumentAsync();
        document.Servers = [new() { Url = root }];
        var json = Encoding.UTF8.GetBytes(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1));
        return (json, new($"\"{Convert.ToHexStringLower(SHA256.HashData(json)[..8])}\""));
    }

    /// <summary>The reader of the document is a third-party program; it needs styles of its own, and nothing from elsewhere.</summary>
    private static async ValueTask<object?> OpenPolicyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.OnStarting(() =>
        {
            var nonce = http.Items[ScalarOptions.NonceHttpContextItemKey] as string;
            http.Response.Headers.ContentSecurityPolicy =
                $"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
                + "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            return Task.CompletedTask;
        });
        return await next(context);
    }

    private static Task DescribeSchema(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancel)
    {
        if (context.JsonPropertyInfo?.AttributeProvider is { } property)
        {
            if (property.GetCustomAttributes(typeof(OneOfAttribute), false) is [OneOfAttribute known])
            {
                schema.Enum = [.. known.Values.Select(value => (JsonNode)value)];
                if (schema.Type?.HasFlag(JsonSchemaType.Null) == true)
                    schema.Enum.Add(JsonNullSentinel.JsonNull);
            }
            if (property.GetCustomAttributes(typeof(DescriptionAttribute), false) is [DescriptionAttribute about])
                schema.Description = about.Description;
        }
        if (context.JsonTypeInfo.Type == typeof(JsonElement) || context.JsonTypeInfo.Type == typeof(JsonElement?))
            schema.Type = JsonSchemaType.Object;
        if (context.JsonPropertyInfo is null && context.JsonTypeInfo.Type.IsAssignableTo(typeof(Shape)))
            schema.Required = context
                .JsonTypeInfo.Properties.Where(field => field.AttributeProvider?.IsDefined(typeof(JsonIgnoreAttribute), false) != true)
                .Select(field => field.Name)
                .ToHashSet();
        return Task.CompletedTask;
    }

    private static async Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var part in context.Description.RelativePath!.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')))
            if (operation.Parameters?.Any(parameter => parameter.Name == part) != true)
                (operation.Parameters ??= []).Add(
                    new OpenApiParameter
                    {
                        Name = part,
                        In = ParameterLocation.Path,
                        Required = true,
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    }
                );
        var writes = metadata.OfType<WritesMetadata>().LastOrDefault();
        if (metadata.OfType<AreaMetadata>().LastOrDefault() is { } area)
            operation.Description =
                $"Scope `{ApiScopes.Of(area.Name, writes is not null)}`"
                + writes?.Door switch
                {
                    Permissions.Publish => ", role comms or owner.",
                    Permissions.Manage => ", role owner.",
                    _ => ".",
                };
        foreach (var query in metadata.OfType<QueryMetadata>())
        {
            (operation.Parameters ??= []).Add(
                new OpenApiParameter
                {
                    Name = query.Name,
                    In = ParameterLocation.Query,
                    Description = query.Description,
                    Schema = query.IsNumber
                        ? new OpenApiSchema
                        {
                            Type = JsonSchemaType.Integer,
                            Minimum = query.Min,
                            Maximum = query.Max,
                        }
                        : new OpenApiSchema
                        {
                            Type = JsonSchemaType.String,
                            Enum = query.Values.Count == 0 ? null : [.. query.Values.Select(value => (JsonNode)value)],
                        },
                }
            );
        }
        if (writes is not null)
            (operation.Parameters ??= []).Add(
                new OpenApiParameter
                {
                    Name = Idempotency.Header,
                    In = ParameterLocation.Header,
                    Description = "Any text of its own for each act, such as a UUID.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = IdempotentRequest.MaxKeyLength },
                }
            );
        if (metadata.OfType<BodyMetadata>().LastOrDefault() is { } body)
        {
            var schema = await ReferAsync(context.Document!, body.Type, type => context.GetOrCreateSchemaAsync(type, null, cancel));
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = body.IsRequired,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = schema },
                    ["application/x-www-form-urlencoded"] = new() { Schema = schema },
                },
            };
        }
        var error = await ReferAsync(context.Document!, typeof(ErrorShape), type => context.GetOrCreateSchemaAsync(type, null, cancel));
        operation.Responses ??= [];
        foreach (var (status, meaning) in Refusals.Where(refusal => writes is not null || RefusalsOfReading.Contains(refusal.Status)))
            operation.Responses[status] = new OpenApiResponse
            {
                Description = meaning,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = error } },
            };
    }

    /// <summary>Describes a type once, under its name, however often it is referred to.</summary>
    private static async Task<IOpenApiSchema> ReferAsync(OpenApiDocument document, Type type, Func<Type, Task<OpenApiSchema>> make)
    {
        if (document.Components?.Schemas?.ContainsKey(type.Name) != true)
            document.AddComponent(type.Name, await make(type));
        return new OpenApiSchemaReference(type.Name, document);
    }

    private static async Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new()
        {
            Title = "StatusPage API",
            Version = "2",
            Description = About,
        };
        document.Components ??= new();
        (document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>())[ByHeader] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = "Authorization",
            Description = "OAuth or Bearer, a space, and the key; or the key alone",
        };
        document.Components.SecuritySchemes[ByAddress] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Query,
            Name = "api_key",
        };
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
            operation.Security = [new() { [new(ByHeader, document)] = [] }, new() { [new(ByAddress, document)] = [] }];
        foreach (var (path, summary, answer) in PublicApi.Paths)
        {
            document.Paths[path] = new OpenApiPathItem
            {
                Operations = new()
                {
                    [HttpMethod.Get] = new OpenApiOperation
                    {
                        Summary = summary,
                        Tags = new HashSet<OpenApiTagReference> { new("Public API v2", document) },
                        Responses = new()
                        {
                            ["200"] = new OpenApiResponse
                            {
                                Description = "OK",
                                Content = new Dictionary<string, OpenApiMediaType>
                                {
                                    ["application/json"] = new()
                                    {
                                        Schema = await ReferAsync(document, answer, type => context.GetOrCreateSchemaAsync(type, null, cancel)),
                                    },
                                },
                            },
                            ["304"] = new OpenApiResponse { Description = "Not changed since the ETag or the date that was sent" },
                        },
                    },
                },
            };
        }
    }
}

/// <summary>What the document says of an endpoint.</summary>
public static class ApiDescriptions
{
    public static RouteHandlerBuilder Says<TAnswer>(this RouteHandlerBuilder endpoint, string summary, int status = StatusCodes.Status200OK) =>
        endpoint.WithSummary(summary).Produces<TAnswer>(status, "application/json");

    public static RouteHandlerBuilder SaysNothing(this RouteHandlerBuilder endpoint, string summary) =>
        endpoint.WithSummary(summary).Produces(StatusCodes.Status204NoContent);

    public static RouteHandlerBuilder Takes<TBody>(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new BodyMetadata(typeof(TBody)));

    /// <summary>It works without a body, too.</summary>
    public static RouteHandlerBuilder MayTake<TBody>(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new BodyMetadata(typeof(TBody), IsRequired: false));

    public static RouteHandlerBuilder Pages(this RouteHandlerBuilder endpoint) =>
        endpoint
            .WithMetadata(
                new QueryMetadata("limit", $"How many at most; {ManageApi.DefaultLimit} unless said otherwise", [], "1", $"{ManageApi.MostLimit}")
            )
            .WithMetadata(new QueryMetadata("per_page", "Another name of limit", [], "1", $"{ManageApi.MostLimit}"))
            .WithMetadata(new QueryMetadata("page", "Which page; 0 and 1 are the first", [], "0", null));

    public static RouteHandlerBuilder Query(this RouteHandlerBuilder endpoint, string name, string description, params string[] values) =>
        endpoint.WithMetadata(new QueryMetadata(name, description, values));

    public static RouteHandlerBuilder Ranges(this RouteHandlerBuilder endpoint) =>
        endpoint
            .Query("start", "From when, in ISO 8601; 90 days before the end unless said otherwise")
            .Query("end", "Until when; now unless said otherwise");
}

public sealed record BodyMetadata(Type Type, bool IsRequired = true);

/// <param name="Min">The least value of a number; null for a text.</param>
public sealed record QueryMetadata(string Name, string Description, IReadOnlyList<string> Values, string? Min = null, string? Max = null)
{
    public bool IsNumber => Min is not null;
}
