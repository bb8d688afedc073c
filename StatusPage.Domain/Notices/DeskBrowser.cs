using StatusPage.Domain.Subscriptions;

namespace StatusPage.Domain.Notices;

/// <summary>A browser in which a member of the team asked for notifications; separate from the public's browsers.</summary>
public sealed class DeskBrowser
{
    /// <summary>Browsers of one account; beyond that, the oldest is forgotten.</summary>
    public const int MostForOne = 10;

    private DeskBrowser() { }

    public long Id { get; private init; }

    /// <summary>The page at whose desk it was set up. The browser accepts messages by that page's key alone.</summary>
    public PageId PageId { get; private init; }
    public string AccountId { get; private init; } = "";

    /// <summary>Hash of the endpoint; unique.</summary>
    public string Key { get; private init; } = "";
    public string Endpoint { get; private init; } = "";
    public string PushKey { get; private init; } = "";
    public string PushSecret { get; private init; } = "";
    public DateTimeOffset CreatedAt { get; private init; }

    /// <exception cref="RuleViolation">It is no browser subscription.</exception>
    public static DeskBrowser Of(PageId page, string account, string? endpoint, string? key, string? secret, DateTimeOffset now)
    {
        // The same checks as for a visitor's browser.
        var checkedOne = Subscriber.ByBrowser(page, endpoint, key, secret, now);
        return new()
        {
            PageId = page,
            AccountId = account,
            Key = checkedOne.Key,
            Endpoint = checkedOne.Endpoint!,
            PushKey = checkedOne.PushKey!,
            PushSecret = checkedOne.PushSecret!,
            CreatedAt = now,
        };
    }
}
