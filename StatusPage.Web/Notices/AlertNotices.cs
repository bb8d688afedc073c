using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Channels;

namespace StatusPage.Web.Notices;

/// <summary>What the services that wake people share: they take JSON, sent through the guarded client.</summary>
internal static class Alert
{
    public const string Key = "key";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<Reply> PostAsync(OutboundHttp http, Uri to, JsonNode message, AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, to) { Content = JsonContent.Create(message, options: Json) };
        request.Headers.Authorization = authorization;
        return await http.SendAsync(Channel.Webhook, request);
    }

    public static string Cut(string text, int most) => PostText.Cut(text, most, cut => cut.Length);
}

/// <summary>A message in a channel of the team's Slack, by an incoming webhook.</summary>
public sealed class SlackNotice(OutboundHttp http, TimeProvider time) : INoticeSender
{
    /// <summary>Slack cuts a header at 150 characters and a section at 3000.</summary>
    private const int MaxHeader = 150;
    private const int MaxSection = 3000;

    public NoticeChannel Channel => NoticeChannel.Slack;

    public async Task<SendResult> SendAsync(Outgoing outgoing, CancellationToken cancel)
    {
        var notice = outgoing.Notice;
        var blocks = new JsonArray(
            new JsonObject
            {
                ["type"] = "header",
                ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = Alert.Cut(notice.Subject, MaxHeader) },
            },
            new JsonObject
            {
                ["type"] = "section",
                ["text"] = new JsonObject
                {
                    ["type"] = "mrkdwn",
                    ["text"] = Slack.Escape(PostText.Cut(notice.Body, MaxSection, cut => Slack.Escape(cut).Length)),
                },
            }
        );
        if (outgoing.Link is { } link)
        {
            blocks.Add(
                new JsonObject
                {
                    ["type"] = "actions",
                    ["elements"] = new JsonArray(
                        new JsonObject
                        {
                            ["type"] = "button",
                            ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = notice.Action ?? "Open" },
                            ["url"] = link,
                        }
                    ),
                }
            );
        }
        var message = new JsonObject { ["text"] = Slack.Escape(Alert.Cut($"{notice.Subject}: {notice.Body}", MaxSection / 2)), ["blocks"] = blocks };
        var reply = await Chat.PostAsync(http, Domain.Channels.Channel.Slack, outgoing.Secret(Chat.Address), message);
        return reply.IsGood
            ? SendResult.Ok
            : reply.Failed(time.GetUtcNow(), reply.Body.Length < 60 && !reply.Body.Contains('/', StringComparison.Ordinal) ? reply.Body : null);
    }
}

/// <summary>A PagerDuty alert by Events API v2 (developer.pagerduty.com, "Send an Alert Event"): triggered, and resolved under the same key.</summary>
public sealed class PagerDutyNotice(OutboundHttp http, TimeProvider time) : INoticeSender
{
    public const string DefaultAddress = "https://events.pagerduty.com";

    /// <summary>Characters of a summary.</summary>
    private const int MaxSummary = 1024;

    public NoticeChannel Channel => NoticeChannel.PagerDuty;

    public async Task<SendResult> SendAsync(Outgoing outgoing, CancellationToken cancel)
    {
        var notice = outgoing.Notice;
        var message = new JsonObject
        {
            ["routing_key"] = outgoing.Secret(Alert.Key),
            ["event_action"] = notice.Closes ? "resolve" : "trigger",
            ["dedup_key"] = outgoing.Topic,
        };
        if (!notice.Closes)
        {
            message["payload"] = new JsonObject
            {
                ["summary"] = Alert.Cut(notice.Subject, MaxSummary),
                ["source"] = $"{outgoing.Page.Name} status page",
                ["severity"] = notice.Urgency.ToString().ToLowerInvariant(),
                ["timestamp"] = StatusApi.InstantConverter.Text(notice.CreatedAt),
                ["custom_details"] = new JsonObject { ["text"] = notice.Body },
            };
            message["client"] = "StatusPage";
            if (outgoing.Link is { } link)
            {
                message["client_url"] = link;
                message["links"] = new JsonArray(new JsonObject { ["href"] = link, ["text"] = notice.Action });
            }
        }
        var reply = await Alert.PostAsync(http, new(outgoing.BaseAddress!.TrimEnd('/') + "/v2/enqueue"), message);
        return reply.IsGood ? new SendResult.Sent(reply.Text("dedup_key")) : reply.Failed(time.GetUtcNow(), reply.Text("message"));
    }
}

/// <summary>An alert at Opsgenie by its Alert API (docs.opsgenie.com/docs/alert-api): created, and closed under the same alias.</summary>
public sealed class OpsgenieNotice(OutboundHttp http, TimeProvider time) : INoticeSender
{
    public const string DefaultAddress = "https://api.opsgenie.com";

    /// <summary>Characters of a message, and of a description.</summary>
    private const int MaxMessage = 130;
    private const int MaxDescription = 15_000;

    public NoticeChannel Channel => NoticeChannel.Opsgenie;

    public async Task<SendResult> SendAsync(Outgoing outgoing, CancellationToken cancel)
    {
        var notice = outgoing.Notice;
        var source = $"{outgoing.Page.Name} status page";
        var alerts = outgoing.BaseAddress!.TrimEnd('/') + "/v2/alerts";
        var authorization = new AuthenticationHeaderValue("GenieKey", outgoing.Secret(Alert.Key));
        var reply = notice.Closes
            ? await Alert.PostAsync(
                http,
                new($"{alerts}/{Uri.EscapeDataString(outgoing.Topic)}/close?identifierType=alias"),
                new JsonObject { ["source"] = source, ["note"] = notice.Subject },
                authorization
            )
            : await Alert.PostAsync(
                http,
                new(alerts),
                new JsonObject
                {
                    ["message"] = Alert.Cut(notice.Subject, MaxMessage),
                    ["alias"] = outgoing.Topic,
                    ["description"] = Alert.Cut(outgoing.Link is { } link ? $"{notice.Body}\n\n{notice.Action}: {link}" : notice.Body, MaxDescription),
                    ["priority"] = $"P{4 - (int)notice.Urgency}",
                    ["source"] = source,
                },
                authorization
            );
        return reply.IsGood ? new SendResult.Sent(reply.Text("requestId")) : reply.Failed(time.GetUtcNow(), reply.Text("message"));
    }
}
