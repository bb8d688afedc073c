using StatusPage.Domain.Deliveries;

namespace StatusPage.Domain.Notices;

/// <summary>How a member of the team is reached. The numbers lie in the store.</summary>
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

/// <summary>How loud a notice is, on channels that support it: PagerDuty's severities, and Opsgenie's priorities P4 to P1.</summary>
public enum NoticeUrgency
{
    Info = 0,
    Warning = 1,
    Error = 2,
    Critical = 3,
}

/// <summary>
/// A message to the team itself, such as an invitation or a lapsing promise. It is written in the transaction of its cause, and sent afterwards by
/// whichever node claims it, until it succeeds or is given up.
/// </summary>
public sealed class Notice
{
    public const int MaxSubjectLength = 300;
    public const int MaxBodyLength = 4000;
    public const int MaxTopicLength = 100;

    /// <summary>How long a finished notice is kept for people to see; its key stays taken as long.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    private Notice() { }

    public long Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>The subject as a unique key: a second notice with the same key is the same one.</summary>
    public string Key { get; private init; } = "";
    public NoticeChannel Channel { get; private init; }

    /// <summary>An email address, or the id of a row that holds what the channel needs.</summary>
    public string Address { get; private init; } = "";
    public string Subject { get; private init; } = "";

    /// <summary>Plain text; an empty line parts paragraphs.</summary>
    public string Body { get; private init; } = "";

    /// <summary>Words on the button; null without one.</summary>
    public string? Action { get; private init; }

    /// <summary>Where the button leads, encrypted since it may hold a one-time token; deleted as soon as the notice is over.</summary>
    public string? Link { get; private set; }

    /// <summary>The common subject of several notices: one alert at PagerDuty or Opsgenie; null for a notice that stands alone.</summary>
    public string? Topic { get; private init; }

    /// <summary>Whether it ends its topic: the alert is over, and notices of the topic that were not sent yet are dropped.</summary>
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

    /// <summary>Records the outcome of an attempt.</summary>
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
        if (RetrySchedule.NextAfter(Attempts, now, wish) is { } next)
            Wait(next, reason);
        else
            Finish(DeliveryState.Failed, reason, now);
    }

    private void Wait(DateTimeOffset until, string reason) => (State, NextAttemptAt, LastError) = (DeliveryState.Queued, until, reason);

    private void Finish(DeliveryState state, string? reason, DateTimeOffset now) => (State, LastError, FinishedAt, Link) = (state, reason, now, null);
}
