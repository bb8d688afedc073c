using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Public.Badges;

namespace StatusPage.Web.Channels;

/// <summary>What the three chat services share: they post JSON to an incoming webhook whose address is the secret.</summary>
internal static class Chat
{
    public const string Address = "url";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<Reply> PostAsync(OutboundHttp http, Channel channel, string address, JsonNode message)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = JsonContent.Create(message, options: Json) };
        // With its length, which some gateways ask for.
        await request.Content.LoadIntoBufferAsync();
        return await http.SendAsync(channel, request);
    }

    /// <summary>The message in a service's own form.</summary>
    public static JsonObject Write(Channel service, ChatMessage message) =>
        service switch
        {
            Channel.Slack => Slack.Message(message),
            Channel.Teams => Teams.Message(message),
            Channel.Discord => Discord.Message(message),
            _ => throw new ArgumentOutOfRangeException(nameof(service), service, null),
        };

    /// <summary>Where it is posted. Discord answers once the message exists, and reports errors, if it is asked to (wait=true).</summary>
    public static string AddressOf(Channel service, Uri webhook) =>
        service != Channel.Discord
            ? webhook.AbsoluteUri
            : new UriBuilder(webhook) { Query = webhook.Query.Length > 1 ? webhook.Query[1..] + "&wait=true" : "wait=true" }
                .Uri
                .AbsoluteUri;

    public static string Cut(string text, int characters) => PostText.Cut(text, characters, cut => cut.Length);

    /// <summary>The message in words, for the desk.</summary>
    public static string Words(News news) =>
        $"{news.Headline}\n{news.Text}\n{string.Join('\n', news.Facts.Select(fact => $"{fact.Name}: {fact.Value}"))}\n{news.Link}";
}

/// <summary>Slack: Block Kit (described at docs.slack.dev/reference/block-kit).</summary>
public sealed class Slack(OutboundHttp http, TimeProvider time) : IAccountService
{
    private const int MaxHeader = 150;
    private const int MaxSection = 3000;
    private const int MaxField = 2000;

    public Channel Channel => Channel.Slack;

    public string TextOf(News news) => Chat.Words(news);

    public async Task<SendResult> PostAsync(Posting posting)
    {
        var reply = await Chat.PostAsync(http, Channel, posting.Account.Secret(Chat.Address), Message(posting.News));
        // Slack's own words are one short code, such as channel_is_archived.
        return reply.IsGood
            ? SendResult.Ok
            : reply.Failed(time.GetUtcNow(), reply.Body.Length < 60 && !reply.Body.Contains('/', StringComparison.Ordinal) ? reply.Body : null);
    }

    public static JsonObject Message(News news) => Message(ChatMessage.Of(news));

    public static JsonObject Message(ChatMessage message)
    {
        var blocks = new JsonArray(
            new JsonObject
            {
                ["type"] = "header",
                ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = Chat.Cut(message.Headline, MaxHeader) },
            },
            new JsonObject { ["type"] = "section", ["text"] = Words(message.Text, MaxSection) }
        );
        var facts = new JsonArray([.. message.Facts.Select(fact => Words(fact.Value, MaxField, $"*{fact.Name}*\n"))]);
        if (facts.Count > 0)
            blocks.Add(new JsonObject { ["type"] = "section", ["fields"] = facts });
        blocks.Add(new JsonObject { ["type"] = "context", ["elements"] = new JsonArray(Words(message.Foot, MaxField)) });
        blocks.Add(
            new JsonObject
            {
                ["type"] = "actions",
                ["elements"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "button",
                        ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = message.Action.Words },
                        ["url"] = message.Action.Address,
                    }
                ),
            }
        );
        if (message.Links.Count > 0)
            blocks.Add(
                new JsonObject
                {
                    ["type"] = "context",
                    ["elements"] = new JsonArray(
                        new JsonObject
                        {
                            ["type"] = "mrkdwn",
                            ["text"] = string.Join(" · ", message.Links.Select(link => $"<{link.Address}|{Escape(link.Words)}>")),
                        }
                    ),
                }
            );
        return new() { ["text"] = Escape(Chat.Cut($"{message.Headline}: {message.Text}", MaxSection)), ["blocks"] = blocks };
    }

    private static JsonObject Words(string text, int most, string before = "") =>
        new() { ["type"] = "mrkdwn", ["text"] = before + Escape(PostText.Cut(text, most - before.Length, cut => Escape(cut).Length)) };

    /// <summary>Escapes the three characters that Slack would read as a link, a mention or a call to everybody.</summary>
    internal static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}

/// <summary>
/// Microsoft Teams: an Adaptive Card to a workflow's webhook (described at learn.microsoft.com, "Create incoming webhooks with Workflows").
/// </summary>
public sealed class Teams(OutboundHttp http, TimeProvider time) : IAccountService
{
    /// <summary>Characters of a body; a message may have 28 KB in all.</summary>
    private const int MaxBody = 10_000;

    public Channel Channel => Channel.Teams;

    public string TextOf(News news) => Chat.Words(news);

    public async Task<SendResult> PostAsync(Posting posting)
    {
        var reply = await Chat.PostAsync(http, Channel, posting.Account.Secret(Chat.Address), Message(posting.News));
        return reply.IsGood ? SendResult.Ok : reply.Failed(time.GetUtcNow(), reply.Text("error", "message"));
    }

    public static JsonObject Message(News news) => Message(ChatMessage.Of(news));

    public static JsonObject Message(ChatMessage message) =>
        new()
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(
                new JsonObject
                {
                    ["contentType"] = "application/vnd.microsoft.card.adaptive",
                    ["contentUrl"] = null,
                    ["content"] = Card(message),
                }
            ),
        };

    private static JsonObject Card(ChatMessage message)
    {
        var color = message.Tone switch
        {
            Domain.Components.ComponentStatus.Operational => "good",
            Domain.Components.ComponentStatus.MajorOutage => "attention",
            _ => "warning",
        };
        var body = new JsonArray(
            new JsonObject
            {
                ["type"] = "TextBlock",
                ["text"] = Plain(message.Headline),
                ["weight"] = "bolder",
                ["size"] = "medium",
                ["color"] = color,
                ["wrap"] = true,
            },
            new JsonObject
            {
                ["type"] = "TextBlock",
                ["text"] = Plain(Chat.Cut(message.Text, MaxBody)),
                ["wrap"] = true,
            }
        );
        var facts = new JsonArray([.. message.Facts.Select(fact => new JsonObject { ["title"] = fact.Name, ["value"] = Plain(fact.Value) })]);
        if (facts.Count > 0)
            body.Add(new JsonObject { ["type"] = "FactSet", ["facts"] = facts });
        body.Add(
            new JsonObject
            {
                ["type"] = "TextBlock",
                ["text"] = Plain(message.Foot),
                ["isSubtle"] = true,
                ["size"] = "small",
                ["wrap"] = true,
            }
        );
        return new()
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["body"] = body,
            ["actions"] = new JsonArray([
                .. message
                    .Links.Prepend(message.Action)
                    .Select(link => new JsonObject
                    {
                        ["type"] = "Action.OpenUrl",
                        ["title"] = link.Words,
                        ["url"] = link.Address,
                    }),
            ]),
        };
    }

    /// <summary>A card reads some Markdown, but ignores single line breaks.</summary>
    private static string Plain(string text) => text.Replace("\n", "\n\n", StringComparison.Ordinal).Replace("\n\n\n\n", "\n\n", StringComparison.Ordinal);
}

/// <summary>Discord: one embed (described at docs.discord.com, "Execute Webhook" and "Embed limits").</summary>
public sealed class Discord(OutboundHttp http, TimeProvider time) : IAccountService
{
    private const int MaxTitle = 256;
    private const int MaxDescription = 4096;
    private const int MaxField = 1024;

    public Channel Channel => Channel.Discord;

    public string TextOf(News news) => Chat.Words(news);

    public async Task<SendResult> PostAsync(Posting posting)
    {
        var address = Chat.AddressOf(Channel, new(posting.Account.Secret(Chat.Address)));
        var reply = await Chat.PostAsync(http, Channel, address, Message(posting.News));
        return reply.IsGood ? new SendResult.Sent(reply.Text("id")) : reply.Failed(time.GetUtcNow(), reply.Text("message"));
    }

    public static JsonObject Message(News news) => Message(ChatMessage.Of(news));

    public static JsonObject Message(ChatMessage message) =>
        new()
        {
            ["embeds"] = new JsonArray(
                new JsonObject
                {
                    ["title"] = Chat.Cut(message.Headline, MaxTitle),
                    // Discord reads Markdown, so the body goes as it was written.
                    ["description"] = Described(message),
                    ["url"] = message.Action.Address,
                    ["color"] = Convert.ToInt32(Badge.ColourOf(message.Tone).TrimStart('#'), 16),
                    ["fields"] = new JsonArray([
                        .. message.Facts.Select(fact => new JsonObject
                        {
                            ["name"] = fact.Name,
                            ["value"] = Chat.Cut(fact.Value, MaxField),
                            ["inline"] = true,
                        }),
                    ]),
                    ["timestamp"] = StatusApi.InstantConverter.Text(message.At),
                    ["footer"] = new JsonObject { ["text"] = message.PageName },
                }
            ),
            // The message mentions nobody, whatever its text says.
            ["allowed_mentions"] = new JsonObject { ["parse"] = new JsonArray() },
        };

    private static string Described(ChatMessage message)
    {
        var links = string.Join(" · ", message.Links.Select(link => $"[{link.Words}]({link.Address})"));
        return links.Length == 0 ? Chat.Cut(message.Body, MaxDescription) : $"{Chat.Cut(message.Body, MaxDescription - links.Length - 2)}\n\n{links}";
    }
}
