using System.Globalization;
using System.Text.Json.Serialization;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

/// <summary>The fields of an update in the form.</summary>
public sealed class UpdateForm
{
    /// <summary>Minutes that the form offers for the next update.</summary>
    public static readonly int[] Presets = [15, 30, 60, 120, 240];

    /// <summary>The cadence of the incident's severity.</summary>
    public const string AfterCadence = "cadence";
    public const string AtATime = "at";

    /// <summary>The component state that the severity proposes.</summary>
    public const string Proposed = "proposed";

    public string Phase { get; set; } = "investigating";
    public string? Body { get; set; }
    public string? ImpactSummary { get; set; }
    public string? TeamStatus { get; set; }

    /// <summary>Minutes, "cadence" or "at".</summary>
    public string NextUpdateIn { get; set; } = AfterCadence;

    /// <summary>The value of a datetime-local field, in the page's zone.</summary>
    public string? NextUpdateBy { get; set; }

    /// <summary>New states by component id; empty leaves one as it is.</summary>
    public Dictionary<string, string?> Components { get; set; } = [];

    /// <summary>The components that were ticked, each box with the ids that it stands for: they are affected as the severity says, unless a state is chosen.</summary>
    [JsonIgnore]
    public List<string> Ticked { get; set; } = [];

    /// <summary>With the phase resolved: the affected components go back to operational.</summary>
    public bool Restores { get; set; } = true;
    public bool Silent { get; set; }

    /// <summary>Whether the form offered channels to choose from; if not, all are meant.</summary>
    public bool ChoosesChannels { get; set; }
    public List<string> Channels { get; set; } = [];

    /// <summary>Whether the form offered audiences; if not, the public is meant.</summary>
    public bool ChoosesAudiences { get; set; }
    public bool Public { get; set; } = true;
    public List<string> Audiences { get; set; } = [];

    /// <summary>By audience id, the text for that audience; empty: the same text.</summary>
    public Dictionary<string, string?> Wordings { get; set; } = [];

    /// <summary>By the language's code.</summary>
    public Dictionary<string, TranslationForm> Translations { get; set; } = [];

    /// <summary>The form for the next update of an incident, filled with what still holds.</summary>
    public static UpdateForm After(Incident incident) =>
        new()
        {
            // An update on an incident that is over reopens it, except on a backfilled one.
            Phase = (incident.Phase.IsOver() && !incident.IsBackfilled ? Domain.Incidents.Phase.Investigating : incident.Phase).Code(),
            ImpactSummary = UpdateRules.CarriedFrom(incident).ImpactSummary,
            TeamStatus = UpdateRules.CarriedFrom(incident).TeamStatus,
            Public = incident.IsPublic,
            Audiences = [.. incident.Standing.AudienceIds.Select(id => id.Value)],
        };

    /// <summary>Takes what was ticked into the components.</summary>
    public void Tick()
    {
        foreach (var id in Ticked.OfType<string>().SelectMany(ids => ids.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(PublicId.LooksLikeOne))
            if (string.IsNullOrEmpty(Components.GetValueOrDefault(id)))
                Components[id] = Proposed;
        Ticked = [];
    }

    /// <summary>Only the fields that were offered and chosen, so that forms with the same content are equal.</summary>
    public UpdateForm Tidied()
    {
        Body = Body?.ReplaceLineEndings("\n");
        Components = Components.Where(state => !string.IsNullOrEmpty(state.Value)).OrderBy(state => state.Key, StringComparer.Ordinal).ToDictionary();
        Wordings = Wordings
            .Where(wording => !string.IsNullOrWhiteSpace(wording.Value))
            .OrderBy(wording => wording.Key, StringComparer.Ordinal)
            .ToDictionary(wording => wording.Key, wording => wording.Value?.ReplaceLineEndings("\n"));
        Translations = TranslationForm.Tidied(Translations);
        if (NextUpdateIn != AtATime)
            NextUpdateBy = null;
        return this;
    }

    /// <summary>Turns the form into a request.</summary>
    /// <exception cref="RuleViolation">A field cannot be read.</exception>
    public UpdateRequest Ask(ZoneClock clock, DateTimeOffset now)
    {
        var phase = Domain.Incidents.Phase.Investigating;
        DateTimeOffset? promise = null;
        var states = new Dictionary<ComponentId, ComponentStatus?>();
        Checks.All(
            () =>
            {
                phase = Phases.Parse(Phase) ?? throw new RuleViolation("Choose where we stand.", nameof(Phase));
                promise = phase.IsOver() ? null : Promise(clock, now);
            },
            () =>
            {
                foreach (var (id, code) in Components.Where(state => !string.IsNullOrEmpty(state.Value)))
                    states[ComponentId.Of(id)] =
                        code == Proposed
                            ? null
                            : ComponentStatuses.Parse(code) ?? throw new RuleViolation($"'{code}' is not a state of a component.", nameof(Components));
            }
        );
        return new()
        {
            Phase = phase,
            Body = Body,
            ImpactSummary = ImpactSummary,
            TeamStatus = TeamStatus,
            NextUpdateBy = promise,
            Restores = Restores,
            Notifies = !Silent,
            Channels = ChoosesChannels ? ChosenChannels() : ChannelSet.All,
            IsPublic = !ChoosesAudiences || Public,
            AudienceIds = ChoosesAudiences ? [.. Audiences.Where(PublicId.LooksLikeOne).Select(AudienceId.Of)] : [],
            Wordings =
            [
                .. Wordings
                    .Where(wording => !string.IsNullOrWhiteSpace(wording.Value) && PublicId.LooksLikeOne(wording.Key))
                    .Select(wording => new UpdateWording(AudienceId.Of(wording.Key), wording.Value!, null, null)),
            ],
            Translations = TranslationForm.Read(Translations),
            Components = states,
        };
    }

    public ChannelSet ChosenChannels() => ChannelSet.Of(Channels.Select(ChannelKinds.Parse).OfType<Channel>());

    private DateTimeOffset? Promise(ZoneClock clock, DateTimeOffset now)
    {
        if (NextUpdateIn == AfterCadence)
            return null;
        if (NextUpdateIn != AtATime)
            return int.TryParse(NextUpdateIn, CultureInfo.InvariantCulture, out var minutes) && minutes > 0
                ? now.AddMinutes(minutes)
                : throw new RuleViolation("Choose when people will hear more.", nameof(NextUpdateIn));
        return clock.TryReadLocal(NextUpdateBy, out var promise)
            ? promise
            : throw new RuleViolation("Enter the day and the time of the next update.", nameof(NextUpdateBy));
    }
}

/// <summary>The model of the update's fields.</summary>
/// <param name="Carried">Where the initial impact and team status come from; an update that ends the incident starts without them.</param>
/// <param name="Rule">The rule of the incident's severity; null while it is not rated.</param>
public sealed record UpdateFieldsView(
    UpdateForm Form,
    ComposerChoices Choices,
    IReadOnlyCollection<ComponentId> Touched,
    string Zone,
    bool IsNew,
    SeverityRule? Rule,
    IncidentUpdate? Carried = null
);
