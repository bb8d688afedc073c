using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Channels;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Destinations.Clients;

/// <summary>Requests to destinations and the meaning of what they answer, where a destination gives it no other.</summary>
public sealed class VendorHttp(OutboundHttp http, TimeProvider time)
{
    /// <summary>Bytes of an answer. A page of Confluence has up to 5 MB, and JSON spells some characters longer.</summary>
    private const int MostAnswer = 16 * 1024 * 1024;

    /// <summary>Without escapes that only HTML needs.</summary>
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>JSON without escapes that only HTML needs.</summary>
    public static string Write(JsonNode node) => node.ToJsonString(Plain);

    /// <param name="body">Null: none.</param>
    public Task<Reply> SendAsync(HttpMethod method, string address, Action<HttpRequestHeaders> headers, JsonNode? body = null) =>
        SendAsync(method, address, headers, body is null ? null : Encoding.UTF8.GetBytes(Write(body)), null);

    /// <param name="json">Null: none.</param>
    /// <param name="within">The time within which it must have answered; null: the usual one.</param>
    public async Task<Reply> SendAsync(HttpMethod method, string address, Action<HttpRequestHeaders> headers, byte[]? json, TimeSpan? within)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Options.Set(OutboundHttp.MostOfAnswer, MostAnswer);
        headers(request.Headers);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(json);
            request.Content.Headers.ContentType = new("application/json");
        }
        var host = request.RequestUri!.Host;
        return await http.TryAsync(
            Channel.Webhook,
            request.RequestUri,
            async client =>
            {
                using var limit = new CancellationTokenSource(within ?? Timeout.InfiniteTimeSpan, time);
                try
                {
                    using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
                    return await Reply.ReadAsync(response);
                }
                catch (OperationCanceledException) when (limit.IsCancellationRequested)
                {
                    return Reply.Not(new SendResult.TryAgain($"{host} did not answer within {within!.Value.TotalSeconds:N0} seconds."), host);
                }
            }
        );
    }

    /// <summary>Null where the answer is no JSON object or array.</summary>
    public static JsonNode? JsonOf(Reply reply) => Parse(Encoding.UTF8.GetBytes(reply.Body));

    /// <summary>Null where it is no JSON object or array, or one that names something twice or holds text that is none.</summary>
    public static JsonNode? Parse(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement.Clone();
            return !Body.IsText(root) ? null
                : root.ValueKind == JsonValueKind.Object ? JsonObject.Create(root)
                : root.ValueKind == JsonValueKind.Array ? JsonArray.Create(root)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A text or number in an answer; null where there is none.</summary>
    public static string? Text(JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            node = node is JsonObject fields && fields.TryGetPropertyValue(name, out var value) ? value : null;
        return node is JsonValue leaf
            ? leaf.GetValueKind() switch
            {
                JsonValueKind.String => leaf.GetValue<string>(),
                JsonValueKind.Number => leaf.ToJsonString(),
                _ => null,
            }
            : null;
    }

    /// <summary>A list that may be left out.</summary>
    public static JsonArray List(JsonNode? node, string name) => ListOrNull(node, name) ?? [];

    /// <summary>A list that must be there; null where it is not, so that nothing was understood.</summary>
    public static JsonArray? ListOrNull(JsonNode? node, string name) =>
        node is JsonObject fields && fields.TryGetPropertyValue(name, out var value) ? value as JsonArray : null;

    /// <summary>The meaning of an answer that is no success.</summary>
    /// <param name="words">The other side's own text.</param>
    public Remote Failed(DestinationInUse to, Reply reply, string? words) =>
        // Hidden before it is cut, as half a secret would not be known again.
        Hidden(to, Meaning(reply, words is null ? null : Hide(to, words)));

    /// <summary>The outcome without any secret that the other side may have repeated in it.</summary>
    public static Remote Hidden(DestinationInUse to, Remote outcome) =>
        outcome switch
        {
            Remote.Later later => later with { Why = Hide(to, later.Why) },
            Remote.Conflict conflict => new Remote.Conflict(Hide(to, conflict.Why)),
            Remote.Refused refused => refused with { Why = Hide(to, refused.Why) },
            _ => outcome,
        };

    private static string Hide(DestinationInUse to, string why) =>
        to.SecretForms.Aggregate(why, (text, form) => text.Replace(form, "(hidden)", StringComparison.Ordinal));

    private Remote Meaning(Reply reply, string? words)
    {
        switch (reply.NotReached)
        {
            case SendResult.Postpone postponed:
                return new Remote.Later(postponed.Reason, postponed.Until, Counts: false);
            case SendResult.TryAgain again:
                return new Remote.Later(again.Reason, again.NotBefore);
            case SendResult.NotSent other:
                return new Remote.Refused(other.Reason);
        }
        var said = string.IsNullOrWhiteSpace(words) ? "" : $" It says: {Cut(words)}";
        return reply.Status switch
        {
            401 => new Remote.Refused(
                $"{reply.Host} does not accept the token (401). Make a new one and enter it at the destination.{said}",
                IsWhole: true
            ),
            403 => new Remote.Refused($"{reply.Host} does not allow that to the token (403). Give it the permission, then send it again.{said}"),
            404 => new Remote.Refused(
                $"{reply.Host} knows no such place (404): it is not there, or the token may not see it. "
                    + $"Look at the destination's settings, then send it again.{said}",
                IsMissing: true
            ),
            409 => new Remote.Conflict($"{reply.Host} found something in the way (409).{said}"),
            410 => new Remote.Refused($"{reply.Host} says that it is gone for good (410).{said}", IsMissing: true),
            413 => new Remote.Refused($"It is too long for {reply.Host} (413). Shorten it, then send it again.{said}"),
            429 or 529 => new Remote.Later($"{reply.Host} asked to wait ({reply.Status}).", reply.RetryAt(Now), Pauses: true),
            408 or 425 or >= 500 => new Remote.Later($"{reply.Host} answered {reply.Status}.{said}", reply.RetryAt(Now)),
            >= 300 and < 400 => new Remote.Refused(
                $"{reply.Host} answered {reply.Status}: what we ask for has moved. Redirects are not followed; enter the new address at the destination."
            ),
            >= 200 and < 300 => new Remote.Later($"{reply.Host} answered {reply.Status} with something that cannot be read."),
            _ => new Remote.Refused($"{reply.Host} did not take it ({reply.Status}).{said}"),
        };
    }

    private static string Cut(string words)
    {
        const int most = 300;
        var line = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return StatusPage.Domain.Text.Cut(line, most);
    }
}
