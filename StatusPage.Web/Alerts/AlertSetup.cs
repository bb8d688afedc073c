using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Web.Data;

namespace StatusPage.Web.Alerts;

/// <summary>Makes and reads the secrets and mappings of sources.</summary>
public sealed class AlertSetup(IDataProtectionProvider keys)
{
    private const int SecretLength = 40;

    private readonly IDataProtector _secrets = keys.CreateProtector("StatusPage.Alerts.Secrets.v1");

    public static string NewSecret() => RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", SecretLength);

    public static string PathOf(AlertSource source) => $"/hooks/{source.Kind.Code()}/{source.Id}";

    public string Protect(string secret) => _secrets.Protect(secret);

    /// <summary>The secrets that work now. One that can no longer be decrypted is left out.</summary>
    public IReadOnlyList<string> SecretsOf(AlertSource source, DateTimeOffset now)
    {
        var clear = new List<string>();
        foreach (var secret in source.SecretsAt(now))
            try
            {
                clear.Add(_secrets.Unprotect(secret));
            }
            catch (CryptographicException)
            {
                // The keys that it was encrypted with are gone. The room of the source shows that it must be renewed.
            }
        return clear;
    }

    public static GenericMapping? MappingOf(AlertSource source) => MappingOf(source.Mapping);

    /// <param name="json">As <see cref="CheckedMapping"/> gave it.</param>
    public static GenericMapping? MappingOf(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<GenericMapping>(json, JsonSerializerOptions.Web);

    /// <summary>In our words: the program's own speak of its types.</summary>
    private static Sentence WhatIsWrong(string json, JsonException exception)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return "A mapping is one JSON object, such as {\"key\":\"$.alert.id\",\"title\":\"$.alert.name\"}.";
            foreach (var (needed, example) in new[] { ("key", "$.alert.id"), ("title", "$.alert.name") })
                if (!document.RootElement.EnumerateObject().Any(part => string.Equals(part.Name, needed, StringComparison.OrdinalIgnoreCase)))
                    return $"'{needed}' is missing. Add the path where it stands, such as \"{needed}\":\"{example}\".";
            var part = exception.Path?.TrimStart('$', '.').Split('[', '.')[0] ?? "";
            Sentence shape = part.ToLowerInvariant() switch
            {
                "firing" or "resolved" => "a list of words, such as [\"down\"]",
                "fields" => "an object with a path for each name, such as {\"tags\":\"$.check.tags\"}",
                _ => "a path in quotation marks, such as \"$.alert.id\"",
            };
            return $"'{part}' must be {shape}.";
        }
        catch (JsonException)
        {
            return $"This is not JSON: look at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}. "
                + $"Names and paths stand in double quotation marks, and commas between the parts.";
        }
    }

    /// <exception cref="RuleViolation">It is not JSON of a mapping, or a path in it cannot be read.</exception>
    public static string? CheckedMapping(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
            return null;
        try
        {
            var mapping =
                JsonSerializer.Deserialize<GenericMapping>(json, JsonSerializerOptions.Web) ?? throw new RuleViolation("Enter a mapping.", "Mapping");
            mapping.Check();
            return JsonSerializer.Serialize(mapping, JsonSerializerOptions.Web);
        }
        catch (JsonException exception)
        {
            throw new RuleViolation(WhatIsWrong(json, exception), "Mapping");
        }
    }
}

/// <summary>The sources that there are, as the door needs them: read again when they may have changed, and never once for each request.</summary>
public sealed class KnownSources(IServiceScopeFactory scopes, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>A new source is found at once; strangers who guess cost a query in this time.</summary>
    private static readonly TimeSpan FreshForUnknown = TimeSpan.FromMilliseconds(100);

    private readonly SemaphoreSlim _reading = new(1);
    private Read? _read;

    /// <summary>Null when there is no such source, or its page is closed.</summary>
    public async Task<AlertSource?> FindAsync(AlertSourceKind kind, string id, CancellationToken cancel)
    {
        if (!PublicId.LooksLikeOne(id))
            return null;
        var found = (await ReadAsync(Fresh, cancel)).GetValueOrDefault(id) ?? (await ReadAsync(FreshForUnknown, cancel)).GetValueOrDefault(id);
        return found?.Kind == kind ? found : null;
    }

    public void Forget() => _read = null;

    public void Dispose() => _reading.Dispose();

    private async Task<IReadOnlyDictionary<string, AlertSource>> ReadAsync(TimeSpan fresh, CancellationToken cancel)
    {
        if (_read is { } read && time.GetElapsedTime(read.At) < fresh)
            return read.Sources;
        await _reading.WaitAsync(cancel);
        try
        {
            if (_read is { } meanwhile && time.GetElapsedTime(meanwhile.At) < fresh)
                return meanwhile.Sources;
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<StatusDb>();
            var at = time.GetTimestamp();
            var sources = await db
                .AlertSources.AsNoTracking()
                .Where(source => db.Pages.Any(page => page.Id == source.PageId && page.ClosedAt == null))
                .ToDictionaryAsync(source => source.Id.Value, cancel);
            _read = new(at, sources);
            return sources;
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record Read(long At, IReadOnlyDictionary<string, AlertSource> Sources);
}
