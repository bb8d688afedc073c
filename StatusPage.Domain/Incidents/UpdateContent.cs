using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;

namespace StatusPage.Domain.Incidents;

/// <summary>What somebody wants to publish about an incident, checked for form before the incident applies its own rules.</summary>
public sealed record UpdateContent
{
    /// <summary>Characters; the limit of Statuspage's API.</summary>
    public const int MaxBodyLength = 25_000;
    public const int MaxFactLength = 500;

    /// <summary>A promise further away than this is taken for a typing error.</summary>
    public static readonly TimeSpan FurthestPromise = TimeSpan.FromDays(14);

    public required Phase Phase { get; init; }
    public required string Body { get; init; }
    public string? ImpactSummary { get; init; }
    public string? TeamStatus { get; init; }

    /// <summary>If null while the incident is open, the next update is promised after <see cref="Cadence"/>.</summary>
    public DateTimeOffset? NextUpdateBy { get; init; }

    /// <summary>How often people hear of an incident of this severity; null for what the guide says.</summary>
    public TimeSpan? Cadence { get; init; }
    public bool Notifies { get; init; } = true;
    public ChannelSet Channels { get; init; } = ChannelSet.All;
    public bool IsPublic { get; init; } = true;
    public IReadOnlyList<AudienceId> AudienceIds { get; init; } = [];

    /// <summary>
    /// Whether it tells the public of trouble but names no component, so that every component of the page still shows as working. That may be right, but
    /// is more often forgotten.
    /// </summary>
    /// <param name="impact">Impact of the incident that it opens.</param>
    public bool NamesNothing(Impact? impact) => IsPublic && Components.Count == 0 && impact > Impact.None;

    /// <summary>The wordings for audiences that it addresses.</summary>
    public IReadOnlyList<UpdateWording> Wordings { get; init; } = [];
    public IReadOnlyList<UpdateTranslation> Translations { get; init; } = [];
    public string? DraftedBy { get; init; }
    public string? ApprovedBy { get; init; }

    /// <summary>What it says of components.</summary>
    public IReadOnlyDictionary<ComponentId, ComponentStatus> Components { get; init; } = new Dictionary<ComponentId, ComponentStatus>();

    /// <summary>Components that the incident is about, without a statement of their state.</summary>
    public IReadOnlyList<ComponentId> Touches { get; init; } = [];

    /// <summary>For the first update: when the incident began; null for when it is posted.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>For the first update: the incident is over already, and this is a record of it.</summary>
    public bool IsBackfilled { get; init; }

    /// <summary>When a backfilled incident ended; null for when it began.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>For the first update: what the severity means where no component says more.</summary>
    public Impact ProposedImpact { get; init; }

    internal UpdateContent Checked(Severity? severity, DateTimeOffset now)
    {
        var promise = NextUpdateBy;
        if (Phase.IsOver())
        {
            if (promise is not null)
                throw new RuleViolation("A resolved incident needs no next update. Clear the time, or choose another phase.", nameof(NextUpdateBy));
        }
        else
        {
            promise ??= now + (Cadence ?? SeverityRule.CadenceOf(severity));
            if (promise <= now)
                throw new RuleViolation("The next update must be promised for a time that is still to come.", nameof(NextUpdateBy));
            if (promise > now + FurthestPromise)
                throw new RuleViolation($"The next update can be promised for {FurthestPromise.TotalDays:N0} days ahead at most.", nameof(NextUpdateBy));
        }
        if (!IsPublic && AudienceIds.Count == 0)
            throw new RuleViolation("Choose whom this is for: the public, or at least one group.", nameof(AudienceIds));
        if (!IsPublic && Components.Count > 0)
            throw new RuleViolation("The states of components are public. Leave them as they are, or address the public too.", nameof(Components));
        return this with
        {
            Body = CheckedBody(Body),
            ImpactSummary = CheckedImpact(ImpactSummary),
            TeamStatus = CheckedTeam(TeamStatus),
            NextUpdateBy = promise,
            AudienceIds = [.. AudienceIds.Distinct()],
            Wordings = [.. Wordings.Where(wording => AudienceIds.Contains(wording.AudienceId)).Select(Checked)],
            Translations = UpdateTranslation.Checked(Translations),
        };
    }

    internal static UpdateWording Checked(UpdateWording wording) =>
        wording with
        {
            Body = MarkdownRule.Block(wording.Body, nameof(Wordings), "what this group reads", MaxBodyLength),
            ImpactSummary = Text.OptionalLine(wording.ImpactSummary, nameof(Wordings), "the impact", MaxFactLength),
            TeamStatus = Text.OptionalLine(wording.TeamStatus, nameof(Wordings), "the team status", MaxFactLength),
        };

    internal static string CheckedBody(string? body) => MarkdownRule.Block(body, nameof(Body), "what happened", MaxBodyLength);

    internal static string? CheckedImpact(string? impact) => Text.OptionalLine(impact, nameof(ImpactSummary), "the impact", MaxFactLength);

    internal static string? CheckedTeam(string? team) => Text.OptionalLine(team, nameof(TeamStatus), "the team status", MaxFactLength);
}
