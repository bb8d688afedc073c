using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Incidents;

/// <summary>The title, severity, impact and beginning of an incident, in the form that changes them without an update.</summary>
public sealed class DescriptionForm
{
    public string? Title { get; set; }

    /// <summary>A code; empty: not rated.</summary>
    public string? Severity { get; set; }

    /// <summary>A code; empty: follows from components and severity.</summary>
    public string? Impact { get; set; }

    /// <summary>The value of a datetime-local field, in the page's zone.</summary>
    public string? StartedAt { get; set; }

    /// <summary>Set by the form.</summary>
    public bool IsTyped { get; set; }

    public static DescriptionForm Of(Incident incident, ZoneClock clock) =>
        new()
        {
            Title = incident.Title,
            Severity = incident.Severity?.Code(),
            Impact = incident.ImpactOverride?.Code(),
            StartedAt = clock.Field(incident.StartedAt),
        };

    /// <exception cref="RuleViolation">A field cannot be read.</exception>
    public UpdateRequest Ask(Incident incident, ZoneClock clock) =>
        new()
        {
            Title = Text.Line(Title, nameof(Title), "a title", Incident.MaxTitleLength),
            Severity = new(Severities.Parse(Severity)),
            ImpactOverride = new(Impacts.Parse(Impact)),
            // The field shows minutes only; an unchanged value means the exact time from before.
            StartedAt =
                string.IsNullOrEmpty(StartedAt) || StartedAt == clock.Field(incident.StartedAt) ? null
                : clock.TryReadLocal(StartedAt, out var start) ? start
                : throw new RuleViolation("Enter a day and a time.", nameof(StartedAt)),
        };
}
