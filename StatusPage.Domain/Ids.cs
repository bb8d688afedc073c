using System.Buffers;
using System.Security.Cryptography;

namespace StatusPage.Domain;

/// <summary>An identifier that the outside sees: 12 lower-case base-36 characters, as Statuspage's API has them.</summary>
public interface IPublicId<TSelf>
    where TSelf : struct, IPublicId<TSelf>
{
    string Value { get; }
    static abstract TSelf Of(string value);
    static virtual TSelf New() => TSelf.Of(PublicId.NewValue());
}

public static class PublicId
{
    /// <summary>Characters in an id; 36^12 is about 4.7e18, so a random one is as good as unique.</summary>
    public const int Length = 12;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    public static string NewValue() => RandomNumberGenerator.GetString(Alphabet, Length);

    public static bool LooksLikeOne(string? value) => value is { Length: Length } && value.AsSpan().IndexOfAnyExcept(Allowed) < 0;
}

public readonly record struct PageId(string Value) : IPublicId<PageId>
{
    public static PageId Of(string value) => new(value);

    public static PageId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct ComponentId(string Value) : IPublicId<ComponentId>
{
    public static ComponentId Of(string value) => new(value);

    public static ComponentId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct ComponentGroupId(string Value) : IPublicId<ComponentGroupId>
{
    public static ComponentGroupId Of(string value) => new(value);

    public static ComponentGroupId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct IncidentId(string Value) : IPublicId<IncidentId>
{
    public static IncidentId Of(string value) => new(value);

    public static IncidentId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct UpdateId(string Value) : IPublicId<UpdateId>
{
    public static UpdateId Of(string value) => new(value);

    public static UpdateId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct MaintenanceId(string Value) : IPublicId<MaintenanceId>
{
    public static MaintenanceId Of(string value) => new(value);

    public static MaintenanceId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct SeriesId(string Value) : IPublicId<SeriesId>
{
    public static SeriesId Of(string value) => new(value);

    public static SeriesId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct SubscriberId(string Value) : IPublicId<SubscriberId>
{
    public static SubscriberId Of(string value) => new(value);

    public static SubscriberId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct AnnouncementId(string Value) : IPublicId<AnnouncementId>
{
    public static AnnouncementId Of(string value) => new(value);

    public static AnnouncementId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct ChannelAccountId(string Value) : IPublicId<ChannelAccountId>
{
    public static ChannelAccountId Of(string value) => new(value);

    public static ChannelAccountId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct ContactId(string Value) : IPublicId<ContactId>
{
    public static ContactId Of(string value) => new(value);

    public static ContactId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

/// <summary>The recipient of a ledger row: a subscriber, or an account of the page's own. The row's channel tells which.</summary>
public readonly record struct RecipientId(string Value) : IPublicId<RecipientId>
{
    public static RecipientId Of(string value) => new(value);

    public static RecipientId Of(SubscriberId subscriber) => new(subscriber.Value);

    public static RecipientId Of(ChannelAccountId account) => new(account.Value);

    public SubscriberId AsSubscriber => SubscriberId.Of(Value);
    public ChannelAccountId AsAccount => ChannelAccountId.Of(Value);

    public override string ToString() => Value;
}

public readonly record struct DraftId(string Value) : IPublicId<DraftId>
{
    public static DraftId Of(string value) => new(value);

    public static DraftId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct TemplateId(string Value) : IPublicId<TemplateId>
{
    public static TemplateId Of(string value) => new(value);

    public static TemplateId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct AudienceId(string Value) : IPublicId<AudienceId>
{
    public static AudienceId Of(string value) => new(value);

    public static AudienceId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct MetricId(string Value) : IPublicId<MetricId>
{
    public static MetricId Of(string value) => new(value);

    public static MetricId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct AlertSourceId(string Value) : IPublicId<AlertSourceId>
{
    public static AlertSourceId Of(string value) => new(value);

    public static AlertSourceId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct AlertRuleId(string Value) : IPublicId<AlertRuleId>
{
    public static AlertRuleId Of(string value) => new(value);

    public static AlertRuleId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct AlertCaseId(string Value) : IPublicId<AlertCaseId>
{
    public static AlertCaseId Of(string value) => new(value);

    public static AlertCaseId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct ActionItemId(string Value) : IPublicId<ActionItemId>
{
    public static ActionItemId Of(string value) => new(value);

    public static ActionItemId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct DestinationId(string Value) : IPublicId<DestinationId>
{
    public static DestinationId Of(string value) => new(value);

    public static DestinationId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct RunbookId(string Value) : IPublicId<RunbookId>
{
    public static RunbookId Of(string value) => new(value);

    public static RunbookId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct HandoverId(string Value) : IPublicId<HandoverId>
{
    public static HandoverId Of(string value) => new(value);

    public static HandoverId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}

public readonly record struct ExerciseId(string Value) : IPublicId<ExerciseId>
{
    public static ExerciseId Of(string value) => new(value);

    public static ExerciseId New() => new(PublicId.NewValue());

    public override string ToString() => Value;
}
