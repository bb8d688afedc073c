using StatusPage.Domain.Incidents;
using StatusPage.Domain.Notices;

namespace StatusPage.Domain.Promises;

/// <summary>The stages of a promise that no update has answered yet, in order of time.</summary>
public enum PromiseStage
{
    /// <summary>Five minutes before.</summary>
    Soon,
    Lapsed,
    FirstLevel,
    SecondLevel,
}

/// <summary>The latest update of an open incident, and what it promised.</summary>
/// <param name="Author">Who promised: the name of an account, or of an API key.</param>
public sealed record OpenPromise(
    IncidentId IncidentId,
    UpdateId UpdateId,
    string Title,
    Severity? Severity,
    DateTimeOffset MadeAt,
    DateTimeOffset By,
    string Author
);

/// <summary>Who is told: a contact, or the author of the promise.</summary>
/// <param name="Name">Part of the key that makes sure they are told once.</param>
/// <param name="Level">See <see cref="Contact.Level"/>.</param>
public sealed record PromiseTarget(string Name, NoticeChannel Channel, string Address, int Level)
{
    public static PromiseTarget Of(Contact contact) => new(contact.Id.Value, contact.Channel, contact.NoticeAddress, contact.Level);
}

/// <summary>A notice that is due.</summary>
public sealed record PromiseNotice(OpenPromise Promise, PromiseStage Stage, PromiseTarget Target)
{
    /// <summary>The same on every node and after every restart, so that the store takes it once.</summary>
    public string Key => $"promise.{Promise.UpdateId}.{Code}.{Target.Name}";

    /// <summary>One alert for each level, so that the second level is heard even if one service calls both.</summary>
    public string Topic => TopicOf(Promise.UpdateId, Target.Level);

    public NoticeUrgency Urgency =>
        Stage switch
        {
            PromiseStage.Soon => NoticeUrgency.Warning,
            PromiseStage.SecondLevel => NoticeUrgency.Critical,
            _ => NoticeUrgency.Error,
        };

    private string Code =>
        Stage switch
        {
            PromiseStage.Soon => "soon",
            PromiseStage.Lapsed => "lapsed",
            PromiseStage.FirstLevel => "level1",
            _ => "level2",
        };

    public const string TopicPrefix = "promise.";

    public static string TopicOf(UpdateId update, int level) => $"{TopicPrefix}{update}.{level}";

    /// <summary>Null when the topic is about something else.</summary>
    public static UpdateId? UpdateOf(string topic) =>
        topic.StartsWith(TopicPrefix, StringComparison.Ordinal) && topic.Split('.') is [_, var id, ..] && PublicId.LooksLikeOne(id)
            ? UpdateId.Of(id)
            : null;
}

/// <summary>Pure: which notices are due at an instant about promises that no update has answered.</summary>
public static class PromiseChain
{
    public static readonly TimeSpan RemindedBefore = TimeSpan.FromMinutes(5);

    /// <summary>A promise that lapsed longer ago is no longer news, even if it is still open.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromDays(30);

    /// <summary>When a stage begins; null where it does not exist: a promise no longer than the reminder's lead time needs no reminder.</summary>
    public static DateTimeOffset? At(PromiseStage stage, OpenPromise promise, PromiseRule rule) =>
        stage switch
        {
            PromiseStage.Soon => promise.By - promise.MadeAt > RemindedBefore ? promise.By - RemindedBefore : null,
            PromiseStage.Lapsed => promise.By,
            PromiseStage.FirstLevel => promise.By + rule.First,
            _ => promise.By + rule.Second,
        };

    /// <summary>
    /// For each target, the latest stage that concerns it, so that stages missed while the program did not run are made up for without a flood. Notices
    /// that were sent before are included; their keys show that.
    /// </summary>
    public static IEnumerable<PromiseNotice> Due(
        IEnumerable<OpenPromise> promises,
        Func<OpenPromise, IEnumerable<PromiseTarget>> targets,
        PromiseRule rule,
        DateTimeOffset now
    )
    {
        foreach (var promise in promises)
        {
            if (now > promise.By + Forgotten)
                continue;
            foreach (var target in targets(promise))
            {
                var stages = target.Level switch
                {
                    Contact.Reminded => new[] { PromiseStage.Lapsed, PromiseStage.Soon },
                    1 => [PromiseStage.FirstLevel],
                    _ => [PromiseStage.SecondLevel],
                };
                foreach (var stage in stages)
                {
                    if (At(stage, promise, rule) is not { } at || at > now)
                        continue;
                    yield return new(promise, stage, target);
                    break;
                }
            }
        }
    }

    /// <summary>When to look again; null when nothing more is due.</summary>
    public static DateTimeOffset? NextAfter(IEnumerable<OpenPromise> promises, PromiseRule rule, DateTimeOffset now) =>
        promises.SelectMany(promise => Enum.GetValues<PromiseStage>().Select(stage => At(stage, promise, rule))).Where(at => at > now).Min();
}
