using StatusPage.Domain;
using StatusPage.Domain.Postmortems;

namespace StatusPage.Web.Postmortems;

/// <summary>The fields of an action item.</summary>
public sealed class ItemForm
{
    public string? Title { get; set; }
    public string? Owner { get; set; }

    /// <summary>2027-01-15, as a date field has it.</summary>
    public string? DueOn { get; set; }
    public string? Priority { get; set; }
    public string? Finding { get; set; }

    public static ItemForm Of(ActionItem item) =>
        new()
        {
            Title = item.Title,
            Owner = item.Owner,
            DueOn = item.DueOn?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            Priority = item.Priority.Code(),
            Finding = item.Finding,
        };

    /// <exception cref="RuleViolation">A field cannot be used.</exception>
    public ActionItem Write(ActionItem item, DateTimeOffset now)
    {
        var due = string.IsNullOrWhiteSpace(DueOn) ? null : Instants.Day(DueOn.Trim());
        var checks = new Checks();
        checks.Refuse(due is null && !string.IsNullOrWhiteSpace(DueOn), "Choose the day by which it is to be done.", nameof(DueOn));
        checks.Try(() => item.Write(Title, Owner, due, ActionItemPriorities.Parse(Priority) ?? ActionItemPriority.Normal, Finding, now));
        checks.Enforce();
        return item;
    }
}
