using StatusPage.Domain.Components;

namespace StatusPage.Web.Channels;

/// <summary>A link with its words.</summary>
public sealed record ChatLink(string Words, string Address);

/// <summary>What is posted in a chat, before a service's own form.</summary>
/// <param name="Text">Plain.</param>
/// <param name="Body">The same in Markdown.</param>
/// <param name="PageName">Stands in the foot, with the time if there is one.</param>
/// <param name="Action">The button.</param>
/// <param name="Links">Where the subscriber of the channel changes or ends it; none in the page's own channels.</param>
public sealed record ChatMessage(
    string Headline,
    string Text,
    string Body,
    IReadOnlyList<(string Name, string Value)> Facts,
    string PageName,
    string? PostedAt,
    DateTimeOffset At,
    ComponentStatus Tone,
    ChatLink Action,
    IReadOnlyList<ChatLink> Links
)
{
    public string Foot => PostedAt is null ? PageName : $"{PageName} · {PostedAt}";

    public static ChatMessage Of(News news) =>
        new(news.Headline, news.Text, news.Body, [.. news.Facts], news.PageName, news.PostedAt, news.At, news.Tone, new("View status", news.Link), []);
}
