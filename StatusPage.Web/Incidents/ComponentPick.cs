using StatusPage.Domain;
using StatusPage.Domain.Components;

namespace StatusPage.Web.Incidents;

/// <param name="Chosen">The code of the chosen state; null when none is.</param>
/// <param name="IsTouched">Whether the incident is about it already; it then stays as it is unless a state is chosen.</param>
/// <param name="Shown">The state that the mark beside it shows.</param>
/// <param name="At">Its place in the list.</param>
public sealed record PickRow(Component Component, string? Chosen, bool IsTouched, ComponentStatus Shown, int At);

/// <param name="Name">Null for the components without a group.</param>
public sealed record PickGroup(string? Name, IReadOnlyList<PickRow> Rows)
{
    /// <summary>The ids of all that are not part of the incident already.</summary>
    public string Ids => string.Join(' ', Rows.Where(row => !row.IsTouched).Select(row => row.Component.Id));
    public bool IsWhole => Rows.All(row => row.IsTouched || row.Chosen is not null);
}

/// <summary>Which components are affected, and how: the chosen ones first, the others by group.</summary>
/// <param name="Proposed">The state that the severity proposes.</param>
public sealed record ComponentPick(IReadOnlyList<PickRow> Chosen, IReadOnlyList<PickGroup> Groups, ComponentStatus Proposed, bool IsRated)
{
    /// <summary>More than these are searched and folded.</summary>
    public const int Few = 10;

    /// <summary>What the incident is about already, by name.</summary>
    public string Touched => string.Join(", ", Chosen.Where(row => row.IsTouched).Select(row => row.Component.Name));

    public bool IsLong => Groups.Sum(group => group.Rows.Count) > Few;

    public static ComponentPick Of(UpdateForm form, UpdateFieldsView view)
    {
        var proposed = view.Rule?.ProposedStatus ?? ComponentStatus.DegradedPerformance;
        var rows = view.Choices.Components.Select(Row).ToList();
        var groups = view.Choices.Groups.ToDictionary(group => group.Id, group => group.Name);
        return new(
            [.. rows.Where(row => row.IsTouched || row.Chosen is not null)],
            [
                .. rows.GroupBy(row => row.Component.GroupId)
                    .Select(group => new PickGroup(group.Key is { } id ? groups.GetValueOrDefault(id) : null, [.. group])),
            ],
            proposed,
            view.Rule is not null
        );

        PickRow Row(Component component, int at)
        {
            var chosen = form.Components.GetValueOrDefault(component.Id.Value) is { Length: > 0 } code ? code : null;
            var isTouched = view.Touched.Contains(component.Id);
            var shown =
                ComponentStatuses.Parse(chosen) ?? (chosen == UpdateForm.Proposed || !isTouched ? proposed : view.Choices.States.Own(component.Id));
            return new(component, chosen, isTouched, shown, at);
        }
    }
}
