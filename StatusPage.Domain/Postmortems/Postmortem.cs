using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Postmortems;

public enum PostmortemState
{
    Draft = 0,
    InReview = 1,

    /// <summary>Everybody who was asked has approved, and nothing has changed since.</summary>
    Approved = 2,

    /// <summary>Its chosen paragraphs are on the page.</summary>
    Published = 3,
}

public static class PostmortemStates
{
    public static string Label(this PostmortemState state) =>
        state switch
        {
            PostmortemState.Draft => "Draft",
            PostmortemState.InReview => "In review",
            PostmortemState.Approved => "Approved",
            _ => "Published",
        };
}

/// <summary>A reviewer's answer.</summary>
/// <param name="Approves">Null: no answer yet; false: asks for changes.</param>
/// <param name="Said">In a line; null without words.</param>
/// <param name="Items">Keys of the action items that were there; one with other words was not seen.</param>
public sealed record PostmortemReview(
    string Reviewer,
    bool? Approves = null,
    string? Said = null,
    DateTimeOffset? At = null,
    IReadOnlyList<string>? Items = null
)
{
    public bool Saw(IEnumerable<PostmortemBlock> items) => items.All(item => Items?.Contains(item.Key) == true);
}

/// <summary>What a person writes of a postmortem.</summary>
/// <param name="Revenue">As somebody puts it, such as "$12,000"; null: not known.</param>
public sealed record PostmortemContent(
    long? UsersAffected,
    string? Revenue,
    IReadOnlyList<PostmortemSection> Sections,
    IReadOnlyList<TimelineEntry> Timeline
);

/// <summary>
/// What the team learned from an incident: internal, one for each incident. The paragraphs that somebody chooses become the incident's public
/// postmortem, which is kept with the incident.
/// </summary>
public sealed class Postmortem
{
    public const int MaxRevenueLength = 100;
    public const int MaxSaidLength = 500;
    public const long MostUsers = 10_000_000_000;
    private const int MostReviewers = 20;

    private Postmortem() { }

    public IncidentId IncidentId { get; private init; }
    public PageId PageId { get; private init; }
    public PostmortemState State { get; private set; }
    public long? UsersAffected { get; private set; }
    public string? Revenue { get; private set; }
    public IReadOnlyList<PostmortemSection> Sections { get; private set; } = [];

    /// <summary>By time, what is left out included.</summary>
    public IReadOnlyList<TimelineEntry> Timeline { get; private set; } = [];

    /// <summary>Everybody who wrote in it, or wrote an action item that was chosen for the public.</summary>
    public IReadOnlyList<string> Writers { get; private set; } = [];
    public IReadOnlyList<PostmortemReview> Reviews { get; private set; } = [];

    /// <summary>Keys of the blocks that are for the public. A block that is written anew has another key, so nobody has chosen it.</summary>
    public IReadOnlyList<string> Chosen { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Who changed the text last.</summary>
    public string UpdatedBy { get; private set; } = "";

    /// <summary>Rises by one with each change of the text.</summary>
    public int Revision { get; private set; }

    /// <summary>Rises by one with every change, so that two people who edit at once are told.</summary>
    public int Version { get; private set; }

    public static Postmortem Begin(Incident incident, PostmortemContent content, string author, DateTimeOffset now)
    {
        var postmortem = new Postmortem
        {
            IncidentId = incident.Id,
            PageId = incident.PageId,
            CreatedAt = now,
        };
        postmortem.Write(content, author, now);
        return postmortem;
    }

    /// <summary>Keeps the text. What was approved or published needs a new look after that.</summary>
    /// <returns>Whether anything is new.</returns>
    /// <exception cref="RuleViolation">A text is too long or cannot be shown; the field says which.</exception>
    public bool Write(PostmortemContent content, string author, DateTimeOffset now)
    {
        var users = content.UsersAffected is < 0 or > MostUsers
            ? throw new RuleViolation("Enter how many users were affected, as a whole number.", nameof(UsersAffected))
            : content.UsersAffected;
        var revenue = Text.OptionalLine(content.Revenue, nameof(Revenue), "the revenue impact", MaxRevenueLength);
        var sections = Checked(content.Sections);
        var timeline = Checked(content.Timeline);
        if (Version > 0 && users == UsersAffected && revenue == Revenue && sections.SequenceEqual(Sections) && timeline.SequenceEqual(Timeline))
            return false;
        (UsersAffected, Revenue, Sections, Timeline) = (users, revenue, sections, timeline);
        Revision++;
        if (!Writers.Contains(author))
            Writers = [.. Writers, author];
        (State, Reviews) = State switch
        {
            PostmortemState.InReview or PostmortemState.Approved => (PostmortemState.InReview, Unanswered()),
            _ => (PostmortemState.Draft, []),
        };
        (UpdatedAt, UpdatedBy) = (now, author);
        Version++;
        return true;
    }

    /// <summary>Asks people to look at it. Those who were asked before and have answered are asked again.</summary>
    /// <exception cref="RuleViolation">Nobody is named.</exception>
    public void AskForReview(IEnumerable<string> reviewers)
    {
        IReadOnlyList<PostmortemReview> asked =
        [
            .. reviewers.Distinct(StringComparer.OrdinalIgnoreCase).Select(reviewer => new PostmortemReview(reviewer)),
        ];
        if (asked.Count is 0 or > MostReviewers)
            throw asked.Count == 0
                ? new RuleViolation("Choose who looks at it.", "Reviewers")
                : new RuleViolation($"At most {MostReviewers} people look at it.", "Reviewers");
        (Reviews, State) = (asked, PostmortemState.InReview);
        Version++;
    }

    /// <param name="items">The action items that the reviewer saw.</param>
    /// <exception cref="RuleViolation">The reviewer was not asked, or asks for changes without saying which.</exception>
    public void Answer(string reviewer, bool approves, string? said, IEnumerable<PostmortemBlock> items, DateTimeOffset now)
    {
        if (State is not (PostmortemState.InReview or PostmortemState.Approved) || !IsReviewer(reviewer))
            throw new RuleViolation("It is not in review by you.");
        var words = Text.OptionalLine(said, "Said", "what you say of it", MaxSaidLength);
        if (!approves && words is null)
            throw new RuleViolation("Say what is to be changed.", "Said");
        var answer = new PostmortemReview(reviewer, approves, words, now, [.. items.Select(item => item.Key)]);
        Reviews = [.. Reviews.Select(review => review.Reviewer == reviewer ? answer : review)];
        State = Reviews.All(review => review.Approves == true) ? PostmortemState.Approved : PostmortemState.InReview;
        Version++;
    }

    /// <summary>Ends a review before everybody has answered.</summary>
    public void TakeBack()
    {
        if (State is PostmortemState.InReview or PostmortemState.Approved)
            (State, Reviews) = (PostmortemState.Draft, []);
        Version++;
    }

    /// <summary>Chooses what the public reads. An action item that a reviewer did not see asks that reviewer once more, like a change of the text.</summary>
    /// <param name="items">All action items that there are.</param>
    public void Choose(IEnumerable<string> blocks, IEnumerable<PostmortemBlock> items)
    {
        Chosen = [.. blocks.Distinct(StringComparer.Ordinal)];
        var told = items.Where(item => Chosen.Contains(item.Key)).ToList();
        Writers = [.. Writers.Union(told.Select(item => item.Writer).OfType<string>())];
        Reviews = [.. Reviews.Select(review => review.Approves is null || review.Saw(told) ? review : new(review.Reviewer))];
        if (State == PostmortemState.Approved && Reviews.Any(review => review.Approves != true))
            State = PostmortemState.InReview;
        Version++;
    }

    /// <exception cref="RuleViolation">Somebody who was asked to look at it has not approved.</exception>
    public void Publish()
    {
        if (State == PostmortemState.InReview)
        {
            var waits = Reviews.Where(review => review.Approves != true).Select(review => review.Reviewer);
            throw new RuleViolation($"It is in review: {string.Join(", ", waits)} did not approve yet. Wait for that, or end the review.");
        }
        State = PostmortemState.Published;
        Version++;
    }

    public void Hide()
    {
        if (State == PostmortemState.Published)
            State = Reviews.Count > 0 && Reviews.All(review => review.Approves == true) ? PostmortemState.Approved : PostmortemState.Draft;
        Version++;
    }

    public bool IsReviewer(string person) => Reviews.Any(review => review.Reviewer == person);

    /// <summary>Where it stands. The API takes a published text off the page without asking it.</summary>
    public PostmortemState StateOn(Incident incident) =>
        State == PostmortemState.Published && incident.PostmortemPublishedAt is null ? PostmortemState.Draft : State;

    public string? BodyOf(PostmortemKind kind) => Sections.FirstOrDefault(section => section.Kind == kind)?.Body is { Length: > 0 } body ? body : null;

    private IReadOnlyList<PostmortemReview> Unanswered() => [.. Reviews.Select(review => new PostmortemReview(review.Reviewer))];

    private static List<PostmortemSection> Checked(IReadOnlyList<PostmortemSection> sections)
    {
        if (sections.Count > PostmortemSection.MostSections)
            throw new RuleViolation($"A postmortem has at most {PostmortemSection.MostSections} sections.", "NewHeading");
        var known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var done = new List<PostmortemSection>();
        foreach (var (index, section) in sections.Index())
        {
            var heading = Text.Line(section.Heading, "NewHeading", "a heading", PostmortemSection.MaxHeadingLength);
            if (!known.Add(heading))
                throw new RuleViolation($"There is a section “{heading}” already.", "NewHeading");
            var body = MarkdownRule.OptionalBlock(section.Body, $"Sections[{index}].Body", heading, PostmortemSection.MaxBodyLength);
            done.Add(new(section.Kind, heading, body ?? ""));
        }
        return done;
    }

    private static List<TimelineEntry> Checked(IReadOnlyList<TimelineEntry> entries) =>
        entries.Count > TimelineEntry.Most
            ? throw new RuleViolation($"A timeline has at most {TimelineEntry.Most} entries.", "Timeline")
            :
            [
                .. entries
                    .Select(
                        (entry, index) =>
                            entry with
                            {
                                Text = Text.Line(entry.Text, $"Moments[{index}].Text", "what happened", TimelineEntry.MaxTextLength),
                                // As precise as the store.
                                At = DateTimeOffset.FromUnixTimeMilliseconds(entry.At.ToUnixTimeMilliseconds()),
                            }
                    )
                    .OrderBy(entry => entry.At),
            ];
}

/// <summary>What somebody says of a postmortem, within the team.</summary>
public sealed class PostmortemComment
{
    public const int MaxBodyLength = 2_000;

    private PostmortemComment() { }

    public PostmortemComment(IncidentId incident, string? section, string? body, string author, DateTimeOffset now)
    {
        IncidentId = incident;
        Section = Text.OptionalLine(section, nameof(Section), "the section", PostmortemSection.MaxHeadingLength);
        Body = MarkdownRule.Block(body, "Comment", "a comment", MaxBodyLength);
        (Author, At) = (author, now);
    }

    public long Id { get; private init; }
    public IncidentId IncidentId { get; private init; }

    /// <summary>The heading that it is about; null: all of it.</summary>
    public string? Section { get; private init; }

    /// <summary>In Markdown.</summary>
    public string Body { get; private init; } = "";
    public string Author { get; private init; } = "";
    public DateTimeOffset At { get; private init; }

    /// <summary>When somebody said that it is dealt with.</summary>
    public DateTimeOffset? DoneAt { get; private set; }

    public void Finish(DateTimeOffset now) => DoneAt ??= now;
}
