using System.Text;

namespace StatusPage.Domain.Handovers;

/// <summary>A line of a handover. The words are Markdown already.</summary>
/// <param name="Url">The page of the desk; null: none.</param>
public sealed record HandoverItem(string What, string? Url, string Details);

/// <summary>What the next shift takes over, as the program knows it.</summary>
/// <param name="Open">Incidents, with what is promised.</param>
/// <param name="Waiting">Drafts, and alerts that are no incident yet.</param>
/// <param name="Planned">Maintenances of the next hours.</param>
/// <param name="Troubled">What does not go out.</param>
public sealed record HandoverState(
    IReadOnlyList<HandoverItem> Open,
    IReadOnlyList<HandoverItem> Waiting,
    IReadOnlyList<HandoverItem> Planned,
    IReadOnlyList<HandoverItem> Troubled
)
{
    /// <summary>How far a handover looks ahead at maintenances: a day, within which every shift ends.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromHours(24);

    /// <summary>Lines of each part; how many there are beyond is said.</summary>
    private const int Most = 50;

    /// <summary>The beginning of a note in Markdown.</summary>
    /// <param name="say">How a sentence reads.</param>
    public string Outline(Func<Sentence, string> say)
    {
        var text = new StringBuilder();
        Part("Open and promised", Open, "Nothing is open.");
        Part("Waiting", Waiting, "No draft and no alert waits.");
        Part("Maintenance in the next 24 hours", Planned, "None.");
        Part("Deliveries", Troubled, "No trouble.");
        text.Append("## ").Append(say("What else to know")).Append("\n\n");
        return text.ToString();

        void Part(Sentence heading, IReadOnlyList<HandoverItem> items, Sentence none)
        {
            text.Append("## ").Append(say(heading)).Append("\n\n");
            foreach (var item in items.Take(Most))
                text.Append("- ")
                    .Append(item.Url is null ? item.What : $"[{item.What}]({item.Url})")
                    .Append(item.Details.Length == 0 ? "" : $": {item.Details}")
                    .Append('\n');
            if (items.Count > Most)
                text.Append("- ").Append(say($"and {items.Count - Most} more")).Append('\n');
            if (items.Count == 0)
                text.Append(say(none)).Append('\n');
            text.Append('\n');
        }
    }
}
