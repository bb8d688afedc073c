using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Data;
using StatusPage.Web.Destinations.Clients;
using StatusPage.Web.Hosting;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Destinations;

/// <summary><c>POST /hooks/destinations/{id}</c>: where GitHub tells that an issue was closed or opened again.</summary>
public static class GitHubHook
{
    public const string SignatureHeader = "X-Hub-Signature-256";

    /// <summary>Bytes. GitHub sends up to 25 MB; what it tells of an issue is its body at most, and more is never of ours.</summary>
    private const int MaxBody = 1024 * 1024;

    /// <summary>For each destination, far above what a busy repository tells.</summary>
    private const int MostPerMinute = 6_000;

    private const string Prefix = "sha256=";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static string PathOf(Destination destination) => $"/hooks/destinations/{destination.Id}";

    public static void MapGitHubHook(this WebApplication app) =>
        app.MapPost("/hooks/destinations/{id}", TakeAsync).AllowAnonymous().WithMetadata(new TakesOtherOriginsAttribute());

    /// <summary>Whether a header is the HMAC-SHA256 of the raw body by one of the secrets, compared in constant time.</summary>
    public static bool IsSigned(IEnumerable<string> secrets, string? header, byte[] body)
    {
        if (header?.StartsWith(Prefix, StringComparison.Ordinal) != true)
            return false;
        var given = Encoding.ASCII.GetBytes(header[Prefix.Length..]);
        var isGood = false;
        foreach (var secret in secrets)
            isGood |= CryptographicOperations.FixedTimeEquals(
                given,
                Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)))
            );
        return isGood;
    }

    private static async Task<IResult> TakeAsync(
        string id,
        HttpContext context,
        KnownDestinations known,
        DestinationSecrets secrets,
        ItemStates states,
        Counts counts,
        TimeProvider time
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        var cancel = context.RequestAborted;
        if (await known.FindAsync(id, cancel) is not { } destination)
            return ApiErrors.Result(StatusCodes.Status404NotFound, "There is no such destination. Copy the address from its page at the comms desk.");
        if (await BoundedBody.ReadAsync(context.Request, MaxBody, cancel) is not { } body)
            return ApiErrors.Result(StatusCodes.Status413PayloadTooLarge, $"A delivery may have {MaxBody / 1024:N0} KiB at most.");
        var now = time.GetUtcNow();
        if (secrets.Open(destination) is not { } open || !IsSigned(open.SigningSecrets(now), context.Request.Headers[SignatureHeader], body))
            return ApiErrors.Result(StatusCodes.Status401Unauthorized, "The signature is missing or wrong. Enter the destination's secret at GitHub.");
        var tally = await counts.TakeAsync("destinations", destination.Id.Value, Minute, cancel);
        if (tally.Number > MostPerMinute)
        {
            context.Response.Headers.RetryAfter = Limits.Seconds(tally.EndsIn);
            return ApiErrors.Result(StatusCodes.Status429TooManyRequests, $"A destination may call {MostPerMinute:N0} times a minute.");
        }
        if (context.Request.Headers["X-GitHub-Event"] != "issues")
            return Accepted("not used; only issues are");
        if (VendorHttp.Parse(body) is not JsonObject json || VendorHttp.Text(json, "issue", "number") is not { } number)
            return ApiErrors.Result(
                StatusCodes.Status422UnprocessableEntity,
                "This is not what GitHub tells of an issue. Choose the content type application/json."
            );
        if (
            !string.Equals(VendorHttp.Text(json, "repository", "full_name"), open.Setting(DestinationField.Repository), StringComparison.OrdinalIgnoreCase)
        )
            return Accepted("not used; it is of another repository");
        var state = VendorHttp.Text(json, "action") is "closed" or "reopened" ? GitHub.StateOf(json["issue"]) : null;
        return await states.TakeAsync(destination, number, state, NameOf(context.Request, body), CancellationToken.None)
            ? Accepted("accepted")
            : Accepted("known already; nothing changes");
    }

    /// <summary>GitHub's own name of the delivery; without one, what it says.</summary>
    private static string NameOf(HttpRequest request, byte[] body) =>
        request.Headers["X-GitHub-Delivery"] is [{ Length: > 0 and <= DestinationDelivery.MaxName } name] && Text.Shown(name, "") == name
            ? name
            : Convert.ToHexStringLower(SHA256.HashData(body));

    private static IResult Accepted(string status) => Results.Json(new { status }, statusCode: StatusCodes.Status202Accepted);
}

/// <summary>The destinations that call us, as the door needs them: read again when they may have changed, and never once for each request.</summary>
public sealed class KnownDestinations(IServiceScopeFactory scopes, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>A new one is found at once; strangers who guess cost a query in this time.</summary>
    private static readonly TimeSpan FreshForUnknown = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _reading = new(1);
    private Read? _read;

    /// <summary>Null when there is none that calls us, or its page is closed. One that is off still tells what it knows.</summary>
    public async Task<Destination?> FindAsync(string id, CancellationToken cancel) =>
        !PublicId.LooksLikeOne(id)
            ? null
            : (await ReadAsync(Fresh, cancel)).GetValueOrDefault(id) ?? (await ReadAsync(FreshForUnknown, cancel)).GetValueOrDefault(id);

    public void Forget() => _read = null;

    public void Dispose() => _reading.Dispose();

    private async Task<IReadOnlyDictionary<string, Destination>> ReadAsync(TimeSpan fresh, CancellationToken cancel)
    {
        if (_read is { } read && time.GetElapsedTime(read.At) < fresh)
            return read.Destinations;
        await _reading.WaitAsync(cancel);
        try
        {
            if (_read is { } meanwhile && time.GetElapsedTime(meanwhile.At) < fresh)
                return meanwhile.Destinations;
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
            var at = time.GetTimestamp();
            var found = await db
                .Destinations.AsNoTracking()
                .Where(row => row.Kind == DestinationKind.GitHub && db.Pages.Any(page => page.Id == row.PageId && page.ClosedAt == null))
                .ToDictionaryAsync(row => row.Id.Value, cancel);
            _read = new(at, found);
            return found;
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Read(long At, IReadOnlyDictionary<string, Destination> Destinations);
}
