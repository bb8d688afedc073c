using StatusPage.Domain.Deliveries;

namespace StatusPage.Domain.Notices;

/// <summary>The way to a member of the team. The numbers lie in the store.</summary>
public enum NoticeChannel
{
    Email = 0,
    Slack = 1,

    /// <summary>Events API v2.</summary>
    PagerDuty = 2,

    /// <summary>Alert API.</summary>
    Opsgenie = 3,

    /// <summary>The browsers in which the person asked for notifications of the desk.</summary>
    Browser = 4,
}

/// <summary>How loud a notice is where the channel knows of that: PagerDuty's severities, and Opsgenie's priorities P4 to P1.</summary>
public enum NoticeUrgency
{
    Info = 0,
    Warning = 1,
    Error = 2,
    Critical = 3,
}

/// <summary>
/// Something that the team itself must be told, such as an invitation or that a promise lapses; written in the transaction of what
/// gave rise to it, sent afterwards by whichever node claims it, until it succeeds or is given up.
/// </summary>
public sealed class Notice
{
    public const int MaxSubjectLength = 300;
    public const int MaxBodyLength = 4000;
    public const int MaxTopicLength = 100;

    /// <summary>How long one that is over stays to be looked at, and its key stays taken.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    private Notice() { }

    public long Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>What it is about, unique: a second notice with the same key is the same one.</summary>
    public string Key { get; private init; } = "";
    public NoticeChannel Channel { get; private init; }

    /// <summary>An email address, or the id of what the channel needs to know beside it.</summary>
    public string Address { get; private init; } = "";
    public string Subject { get; private init; } = "";

    /// <summary>Plain text; an empty line parts paragraphs.</summary>
    public string Body { get; private init; } = "";

    /// <summary>Words on the button; null without one.</summary>
    public string? Action { get; private init; }

    /// <summary>Where the button leads, encrypted as it may hold a one-time token; forgotten as soon as the notice is over.</summary>
    public string? Link { get; private set; }

    /// <summary>What several notices are about together: one alert at PagerDuty or Opsgenie; null for one that stands alone.</summary>
    public string? Topic { get; private init; }

    /// <summary>Whether it ends its topic: the alert is over, and what was not sent of it yet is not sent any more.</summary>
    public bool Closes { get; private init; }
    public NoticeUrgency Urgency { get; private init; }
    public DeliveryState State { get; private set; }
    public int Attempts { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Not before this instant; while sending, the end of the lease.</summary>
    public DateTimeOffset NextAttemptAt { get; private set; }

    /// <summary>The node that sends it.</summary>
    public string? LeasedBy { get; private set; }

    /// <summary>Why the last attempt failed; holds no secret.</summary>
    public string? LastError { get; private set; }
    public DateTimeOffset? FinishedAt { get; private set; }

    public static Notice To(
        PageId page,
        NoticeChannel channel,
        string key,
        string address,
        string subject,
        string body,
        string? action,
        string? link,
        DateTimeOffset now,
        string? topic = null,
        bool closes = false,
        NoticeUrgency urgency = NoticeUrgency.Info
    ) =>
        new()
        {
            PageId = page,
            Channel = channel,
            Key = key,
            Address = address,
            Subject = Text.Cut(subject, MaxSubjectLength),
            Body = Text.Cut(body, MaxBodyLength),
            Action = action,
            Link = link,
            Topic = topic,
            Closes = closes,
            Urgency = urgency,
            CreatedAt = now,
            NextAttemptAt = now,
        };

    /// <summary>Records what became of an attempt.</summary>
    public void Record(SendResult result, DateTimeOffset now)
    {
        switch (result)
        {
            case SendResult.Sent { Instead: var instead }:
                Finish(DeliveryState.Sent, instead, now);
                break;
            case SendResult.GiveUp { Reason: var reason }:
                Finish(DeliveryState.Failed, reason, now);
                break;
            case SendResult.Suppress { Reason: var reason }:
                Finish(DeliveryState.Suppressed, reason, now);
                break;
            case SendResult.Postpone { Until: var until, Reason: var reason }:
                Wait(until, reason);
                break;
            case SendResult.TryAgain { Reason: var reason, NotBefore: var wish }:
                TryAgain(reason, wish, now);
                break;
            case SendResult.OurFault { Reason: var reason }:
                TryAgain(reason, null, now);
                break;
        }
    }

    private void TryAgain(string reason, DateTimeOffset? wish, DateTimeOffset now)
    {
        Attempts++;
        if (RetrySchedule.After(Attempts) is { } wait)
            Wait(wish > now + wait ? wish.Value : now + wait, reason);
        else
            Finish(DeliveryState.Failed, reason, now);
    }

    private void Wait(DateTimeOffset until, string reason) => (State, NextAttemptAt, LastError) = (DeliveryState.Queued, until, reason);

    private void Finish(DeliveryState state, string? reason, DateTimeOffset now) => (State, LastError, FinishedAt, Link) = (state, reason, now, null);
}
