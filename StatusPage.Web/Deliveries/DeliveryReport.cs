using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;

namespace StatusPage.Web.Deliveries;

/// <summary>Rows in the same situation: one channel, one state, one reason.</summary>
/// <param name="Reason">Why they failed, wait or were not sent; null where nothing went wrong.</param>
/// <param name="IsRest">True for the collected rows of many rare reasons.</param>
/// <param name="NextAttemptAt">The earliest of them.</param>
public sealed record DeliveryGroup(Channel Channel, DeliveryState State, string? Reason, bool IsRest, int Count, DateTimeOffset NextAttemptAt)
{
    /// <summary>Identifies the reason in a form, because browsers change line breaks in what they send.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{State}|{IsRest}|{Reason}")).AsSpan(0, 8));

    public bool IsTrouble => State == DeliveryState.Failed || (State is DeliveryState.Queued or DeliveryState.Sending && (Reason is not null || IsRest));
}

/// <summary>The state of one update's deliveries.</summary>
/// <param name="IsWritten">False while recipients are still being looked for.</param>
/// <param name="Took">How long the query took, which decides how often it may be repeated.</param>
public sealed record DeliveryReport(AnnouncementId Announcement, bool IsWritten, IReadOnlyList<DeliveryGroup> Groups, TimeSpan Took)
{
    /// <summary>The database spends at most a sixth of its time on somebody who watches.</summary>
    public const int Rest = 5;

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    /// <summary>The interval between looks while everything that is left waits for its next attempt.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(15);

    public int Total => Groups.Sum(group => group.Count);
    public int Finished => Groups.Where(group => group.State > DeliveryState.Sending).Sum(group => group.Count);
    public int Sent => SentOn(null);

    /// <summary>Messages written to files because there is no mail server: they reached nobody.</summary>
    public int Written => WrittenOn(null);
    public int Failed => In(DeliveryState.Failed);
    public int Suppressed => In(DeliveryState.Suppressed);
    public int Waiting => Total - Finished;
    public bool IsDone => IsWritten && Waiting == 0;

    /// <summary>All groups that did not work at once, the most frequent first.</summary>
    public IEnumerable<DeliveryGroup> Troubles => Groups.Where(group => group.IsTrouble).OrderByDescending(group => group.Count);
    public IEnumerable<DeliveryGroup> NotSent => Groups.Where(group => group.State == DeliveryState.Suppressed).OrderByDescending(group => group.Count);
    public IEnumerable<Channel> Channels => Groups.Select(group => group.Channel).Distinct().Order();

    /// <summary>When a page that shows the report should look again; null when nothing will change by itself.</summary>
    public TimeSpan? PollAfter
    {
        get
        {
            if (IsDone)
                return null;
            var pace =
                IsWritten && Groups.All(group => group.State > DeliveryState.Sending || group is { State: DeliveryState.Queued, IsTrouble: true })
                    ? Slow
                    : Quick;
            return Took * Rest > pace ? Took * Rest : pace;
        }
    }

    /// <summary>Changes whenever the shown report does.</summary>
    public string Tag =>
        $"\"{Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes((Groups, IsWritten), JsonFields)).AsSpan(0, 8))}\"";

    public DeliveryCounts Counts => new(Waiting, Sent, Failed, Suppressed, Written);

    public int In(DeliveryState state, Channel? channel = null) =>
        Groups.Where(group => group.State == state && (channel is null || group.Channel == channel)).Sum(group => group.Count);

    /// <param name="channel">Null: all channels.</param>
    public int SentOn(Channel? channel) => In(DeliveryState.Sent, channel) - WrittenOn(channel);

    /// <param name="channel">Null: all channels.</param>
    public int WrittenOn(Channel? channel) =>
        Groups
            .Where(group => group is { State: DeliveryState.Sent, Reason: not null } && (channel is null || group.Channel == channel))
            .Sum(group => group.Count);

    private static readonly JsonSerializerOptions JsonFields = new() { IncludeFields = true };
}
