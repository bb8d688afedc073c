using StatusPage.Domain.Incidents;
using StatusPage.Domain.Notices;

namespace StatusPage.Domain.Promises;

/// <summary>Where a promise stands that was not answered yet, each stage later than the one before.</summary>
public enum PromiseStage
{
    /// <summary>Five minutes before.</summary>
    Soon,
    Lapsed,
    FirstLevel,
    SecondLevel,
}

/// <summary>The latest update of an incident that is still open, and what it promised.</summary>
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

/// <summary>Who is told: a contact, or whoever promised.</summary>
/// <param name="Name">Part of the key under which they are told once.</param>
/// <param name="Level">See <see cref="Contact.Level"/>.</param>
public sealed record PromiseTarget(string Name, NoticeChannel Channel, string Address, int Level);

/// <summary>Something to tell at this instant.</summary>
public sealed record PromiseNotice(OpenPromise Promise, PromiseStage Stage, PromiseTarget Target)
{
    /// <summary>The same on every node and after every restart, so that the store takes it once.</summary>
    public string Key => $"promise.{Promise.UpdateId}.{Code}.{Target.Name}";

    /// <summary>One alert for each level, so that the second is heard even where both are called through one service.</summary>
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

    /// <summary>Null for a topic of something else.</summary>
    public static UpdateId? UpdateOf(string topic) =>
        topic.StartsWith(TopicPrefix, StringComparison.Ordinal) && topic.Split('.') is [_, var id, ..] && PublicId.LooksLikeOne(id)
            ? UpdateId.Of(id)
            : null;
}

/// <summary>Pure: what is to be told at an instant about promises that nobody answered.</summary>
public static class PromiseChain
{
    public static readonly TimeSpan RemindedBefore = TimeSpan.FromMinutes(5);

    /// <summary>A promise that lapsed longer ago is nobody's news, should it still be open.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromDays(30);

    /// <summary>When a stage begins; null where there is none: a promise as short as the reminder needs none.</summary>
    public static DateTimeOffset? At(PromiseStage stage, OpenPromise promise, PromiseRule rule) =>
        stage switch
        {
            PromiseStage.Soon => promise.By - promise.MadeAt > RemindedBefore ? promise.By - RemindedBefore : null,
            PromiseStage.Lapsed => promise.By,
            PromiseStage.FirstLevel => promise.By + rule.First,
            _ => promise.By + rule.Second,
        };

    /// <summary>
    /// For each target the latest stage that concerns it, so that what fell due while nobody watched is made up for without a flood.
    /// What was told before is in it, too; its key says so.
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

    /// <summary>When to look again; null when nothing is to come.</summary>
    public static DateTimeOffset? NextAfter(IEnumerable<OpenPromise> promises, PromiseRule rule, DateTimeOffset now) =>
        promises.SelectMany(promise => Enum.GetValues<PromiseStage>().Select(stage => At(stage, promise, rule))).Where(at => at > now).Min();
}
