using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Domain.Deliveries;

/// <summary>Whether a message may still be sent when its turn comes: much may have changed since it was queued.</summary>
public static class DeliveryRule
{
    /// <param name="kind">What is announced. Only news asks whether the subscription still stands.</param>
    /// <param name="isStillSaid">False once the update was withdrawn or deleted.</param>
    /// <param name="subscriber">Null once the subscriber was removed.</param>
    /// <param name="unread">Why the subscriber may not read the page, and is not told of it; null: they may.</param>
    /// <returns>Why it is not sent; null when it may be.</returns>
    public static SendResult.Suppress? Objection(
        Channel channel,
        AnnouncementKind kind,
        bool isStillSaid,
        SubscriptionState? subscriber,
        string? unread = null
    )
    {
        if (!isStillSaid)
            return new("What it told of was withdrawn or deleted.");
        if (subscriber is not { } state)
            return new("The subscriber was removed.");
        if (kind.IsNews() && state == SubscriptionState.Suppressed && WhySuppressed(channel) is { } reason)
            return new(reason);
        if (kind.IsNews() && state != SubscriptionState.Confirmed)
            return new("The subscription has ended.");
        if (unread is not null)
            return new(unread);
        return kind == AnnouncementKind.Confirmation && state != SubscriptionState.Pending ? new("There is nothing left to confirm.") : null;
    }

    private static string? WhySuppressed(Channel channel) =>
        channel switch
        {
            Channel.Email => "Mail to this address came back or was unwanted.",
            Channel.Webhook => "The webhook did not answer, so it is not called any more.",
            _ => null,
        };
}
