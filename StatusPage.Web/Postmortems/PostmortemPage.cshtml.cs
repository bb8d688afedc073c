using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;
using StatusPage.Web.Destinations;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

public sealed class SectionForm
{
    public string? Heading { get; set; }
    public string? Body { get; set; }
}

public sealed class MomentForm
{
    /// <summary>Empty for one that is written by hand now.</summary>
    public string? Key { get; set; }

    /// <summary>In the page's zone.</summary>
    public string? At { get; set; }
    public string? Text { get; set; }
    public bool IsIn { get; set; }
}

/// <summary>The team's postmortem of an incident: its text, its review, its comments and its action items.</summary>
public sealed class PostmortemPage(ChangeWriter writer, IncidentDesk incidents, PostmortemDesk desk, ActionDesk actions, DestinationDesk destinations)
    : AdminPage(writer)
{
    /// <summary>Empty lines of the timeline that wait to be filled in.</summary>
    private const int Spare = 2;

    [FromRoute]
    public string Id { get; set; } = "";

    /// <summary>The postmortem's version when the form was shown; another one meanwhile is a conflict.</summary>
    [BindProperty]
    public int Version { get; set; }

    /// <summary><see cref="PostmortemDesk.PrintOf"/> of the action items when the form was shown.</summary>
    [BindProperty]
    public string? Seen { get; set; }

    [BindProperty]
    public string? UsersAffected { get; set; }

    [BindProperty]
    public string? Revenue { get; set; }

    [BindProperty]
    public List<SectionForm> Sections { get; set; } = [];

    /// <summary>A section to be added.</summary>
    [BindProperty]
    public string? NewHeading { get; set; }

    [BindProperty]
    public List<MomentForm> Moments { get; set; } = [];

    [BindProperty]
    public List<string> Reviewers { get; set; } = [];

    [BindProperty]
    public string? Said { get; set; }

    [BindProperty]
    public string? Comment { get; set; }

    /// <summary>The heading that a comment is about.</summary>
    [BindProperty]
    public string? About { get; set; }

    [BindProperty]
    public ItemForm Item { get; set; } = new();

    /// <summary>The name of the destination that it is sent to.</summary>
    [BindProperty]
    public string? Destination { get; set; }

    public Incident Incident { get; private set; } = null!;

    /// <summary>Where the postmortem and its items stand in other systems, and where they could.</summary>
    public ElsewhereView Elsewhere { get; private set; } = null!;

    /// <summary>Null before somebody begins it.</summary>
    public Postmortem? Postmortem { get; private set; }
    public PostmortemState State { get; private set; }
    public IReadOnlyList<ActionItem> Items { get; private set; } = [];
    public IReadOnlyList<PostmortemComment> Comments { get; private set; } = [];
    public IReadOnlyList<string> People { get; private set; } = [];

    /// <summary>Those who can be asked to review it.</summary>
    public IReadOnlyList<string> Others => [.. People.Where(person => person != Actor)];

    /// <summary>Places of the moments that the postmortem does not tell.</summary>
    public IReadOnlyList<int> LeftOut => [.. Enumerable.Range(0, Moments.Count).Where(at => !Moments[at].IsIn)];
    public IReadOnlyList<string> Names { get; private set; } = [];

    /// <summary>What the writer is asked under each heading.</summary>
    public IReadOnlyDictionary<string, string> Prompts { get; private set; } = new Dictionary<string, string>();

    /// <summary>All of it, as Markdown; each part is rendered by itself.</summary>
    public IReadOnlyList<string> Parts { get; private set; } = [];

    /// <summary>Whether somebody else saved while this was typed, so that both are shown.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Whether it is shown to be read and not written.</summary>
    public bool IsRead { get; private set; }

    private string Address => $"/admin/incidents/{Id}/postmortem";

    /// <param name="read">Anything: shows it as a whole.</param>
    public async Task<IActionResult> OnGetAsync(string? read)
    {
        IsRead = read is not null || !MayDraft;
        return await LoadAsync() ? Page() : NotFound();
    }

    public Task<IActionResult> OnPostBeginAsync() =>
        ActAsync(async () =>
        {
            await desk.BeginAsync(StatusPage, Incident, Actor, Token, Cancel);
            Done = Say["Begun, with what is known. Read it, then write what is missing."];
            return Address;
        });

    public Task<IActionResult> OnPostSaveAsync() =>
        OnPostmortemAsync(async postmortem =>
        {
            RefuseStale(postmortem);
            Done = await desk.WriteAsync(Incident, postmortem, Typed(postmortem), Actor, Token, Cancel) ? Say["Saved."] : Say["Nothing was changed."];
            return Address;
        });

    public Task<IActionResult> OnPostRefreshAsync() =>
        OnPostmortemAsync(async postmortem =>
        {
            RefuseStale(postmortem);
            var news = await desk.RefreshAsync(Incident, postmortem, Typed(postmortem), Actor, Token, Cancel);
            Done = news == 0 ? Say["Saved. Nothing is new."] : Say["Saved. {0} new in the timeline.", news];
            return $"{Address}#timeline";
        });

    public Task<IActionResult> OnPostAskAsync() =>
        OnPostmortemAsync(async postmortem =>
        {
            await desk.AskForReviewAsync(StatusPage, Incident, postmortem, Reviewers, Actor, Token, Cancel);
            Done = Say["They are asked by mail."];
            return $"{Address}#review";
        });

    public Task<IActionResult> OnPostAnswerAsync(bool approves) =>
        OnPostmortemAsync(async postmortem =>
        {
            if (Version != postmortem.Version)
                throw new RuleViolation("It was changed while you read it. Read what is new, then answer.");
            await desk.AnswerAsync(StatusPage, Incident, postmortem, approves, Said, Seen, Actor, Token, Cancel);
            Done = approves ? Say["Approved."] : Say["The writer is told what is to be changed."];
            return $"{Address}#review";
        });

    public Task<IActionResult> OnPostTakeBackAsync() =>
        OnPostmortemAsync(async postmortem =>
        {
            await desk.TakeBackAsync(Incident, postmortem, Actor, Token, Cancel);
            return $"{Address}#review";
        });

    public Task<IActionResult> OnPostCommentAsync() =>
        OnPostmortemAsync(async postmortem =>
        {
            var section = postmortem.Sections.FirstOrDefault(row => row.Heading == About)?.Heading;
            await desk.CommentAsync(Incident, section, Comment, Actor, Token, Cancel);
            return $"{Address}#comments";
        });

    public Task<IActionResult> OnPostFinishAsync(long comment) =>
        ActAsync(async () =>
        {
            await desk.FinishCommentAsync(Incident, comment, Actor, Cancel);
            return $"{Address}#comments";
        });

    public Task<IActionResult> OnPostItemAsync() =>
        ActAsync(async () =>
        {
            var item = Item.Write(ActionItem.Create(Incident, Now), Now);
            await actions.AddAsync(Incident, item, Actor, Token, Cancel, $"{Address}#actions");
            return $"{Address}#actions";
        });

    public Task<IActionResult> OnPostSendAsync() =>
        ActAsync(MayPublish, () => SendAsync(() => destinations.SendPostmortemAsync(StatusPage.Id, Incident.Id, Destination, Actor, Cancel)));

    public Task<IActionResult> OnPostSendItemsAsync() =>
        ActAsync(MayPublish, () => SendAsync(() => destinations.SendActionItemsAsync(StatusPage.Id, Incident.Id, Destination, Actor, Cancel)));

    private async Task<string> SendAsync(Func<Task> send)
    {
        await send();
        Done = Say["It is on its way. What came of it stands below in a moment."];
        return $"{Address}#elsewhere";
    }

    /// <summary>The hints for a text while it is typed.</summary>
    public async Task<IActionResult> OnPostHintsAsync(string? text)
    {
        if (!MayDraft)
            return Forbid();
        return await incidents.FindAsync(StatusPage.Id, Id, Cancel) is { } incident
            ? Partial("/Postmortems/_Hints.cshtml", BlameHints.Find(text, await Db.TeamNamesAsync(incident, Cancel)))
            : NotFound();
    }

    private Task<IActionResult> OnPostmortemAsync(Func<Postmortem, Task<string>> act) =>
        ActAsync(async () => await act(Postmortem ?? throw new RuleViolation("There is no postmortem of this incident yet. Begin it.")));

    private Task<IActionResult> ActAsync(Func<Task<string>> act) => ActAsync(MayDraft, act);

    private async Task<IActionResult> ActAsync(bool allowed, Func<Task<string>> act)
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return NotFound();
        Incident = incident;
        Postmortem = await Db.PostmortemAsync(incident.Id, Cancel);
        return await AttemptAsync(allowed, act, LoadAsync);
    }

    private void RefuseStale(Postmortem postmortem)
    {
        if (postmortem.Version == Version)
            return;
        IsStale = true;
        throw new RuleViolation(
            $"While you were writing, {postmortem.UpdatedBy} or a reviewer changed this postmortem; the text is of {Clock.Time(postmortem.UpdatedAt)}. "
                + $"Nothing of yours was saved, and all of it is still here. Read what is new, then save again."
        );
    }

    /// <exception cref="RuleViolation">A number or a time cannot be read.</exception>
    private PostmortemContent Typed(Postmortem before)
    {
        long? users = null;
        if (UsersAffected?.Replace(",", "", StringComparison.Ordinal).Trim() is { Length: > 0 } number)
            users = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                ? count
                : throw new RuleViolation("Enter how many users were affected, as a whole number.", nameof(UsersAffected));
        var sections = Sections
            .Select(form => new PostmortemSection(
                before.Sections.FirstOrDefault(section => section.Heading == form.Heading)?.Kind ?? PostmortemKind.Other,
                form.Heading ?? "",
                form.Body ?? ""
            ))
            .ToList();
        if (!string.IsNullOrWhiteSpace(NewHeading))
            sections.Add(new(PostmortemKind.Other, NewHeading, ""));
        return new(users, Revenue, sections, [.. Moments.Select((form, index) => Moment(form, index, before)).OfType<TimelineEntry>()]);
    }

    /// <summary>Null for an empty line, and for one that is written by hand and emptied.</summary>
    private TimelineEntry? Moment(MomentForm form, int index, Postmortem before)
    {
        var known = before.Timeline.FirstOrDefault(entry => entry.Key == form.Key);
        var text = form.Text?.Trim() ?? "";
        if (known is not null && text.Length == 0)
            return known.Source == TimelineSource.Hand ? null : known with { IsIn = false };
        if (known is null && text.Length == 0)
            return null;
        if (known is not null && form.At == Clock.Field(known.At))
            return known with { Text = text, IsIn = form.IsIn };
        return Clock.TryReadLocal(form.At, out var at)
            ? (known ?? new($"h:{PublicId.NewValue()}", at, text, TimelineSource.Hand, true)) with
            {
                At = at,
                Text = text,
                IsIn = form.IsIn,
            }
            : throw new RuleViolation("Say when that was.", $"Moments[{index}].At");
    }

    private async Task<bool> LoadAsync()
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return false;
        Incident = incident;
        Postmortem = await Db.Postmortems.AsNoTracking().FirstOrDefaultAsync(row => row.IncidentId == incident.Id, Cancel);
        Items = await Db.ActionItemsAsync(incident.Id, Cancel);
        Elsewhere = await destinations.ElsewhereAsync(StatusPage.Id, incident.Id, Cancel);
        Token = NewToken();
        People = await desk.ReviewersAsync(StatusPage.Id, "", Cancel);
        if (Postmortem is not { } postmortem)
            return true;
        State = postmortem.StateOn(incident);
        Comments = await Db.PostmortemComments.AsNoTracking().Where(row => row.IncidentId == incident.Id).OrderBy(row => row.Id).ToListAsync(Cancel);
        Names = await Db.TeamNamesAsync(incident, Cancel);
        var markdown = PostmortemDocuments.MarkdownOf(postmortem, incident, Items, StatusPage, Now);
        (Parts, Seen) = (markdown.Parts(), PostmortemDesk.PrintOf(markdown.ItemBlocks()));
        Prompts = PostmortemTemplate
            .Parse((await Db.PostmortemTemplateAsync(StatusPage.Id, Cancel)).Body)
            .Where(section => section.Prompt is not null)
            .ToDictionary(section => section.Heading, section => section.Prompt!, StringComparer.OrdinalIgnoreCase);
        if (Sections.Count == 0)
            Show(postmortem);
        Version = postmortem.Version;
        return true;
    }

    private void Show(Postmortem postmortem)
    {
        (UsersAffected, Revenue) = (postmortem.UsersAffected?.ToString(CultureInfo.InvariantCulture), postmortem.Revenue);
        Sections = [.. postmortem.Sections.Select(section => new SectionForm { Heading = section.Heading, Body = section.Body })];
        Moments =
        [
            .. postmortem
                .Timeline.OrderByDescending(entry => entry.IsIn)
                .Select(entry => new MomentForm
                {
                    Key = entry.Key,
                    At = Clock.Field(entry.At),
                    Text = entry.Text,
                    IsIn = entry.IsIn,
                }),
        ];
        for (var i = 0; i < Spare && Moments.Count < TimelineEntry.Most; i++)
            Moments.Add(new() { IsIn = true, At = i == 0 ? Clock.Field(Incident.StartedAt) : "" });
    }

    /// <summary>What is saved now under a heading, where it differs from what is typed.</summary>
    public string? SavedBeside(SectionForm form) =>
        IsStale
        && Postmortem?.Sections.FirstOrDefault(section => section.Heading == form.Heading)?.Body is { } saved
        && saved != form.Body?.ReplaceLineEndings("\n").Trim()
            ? saved
            : null;

    /// <summary>Where a moment comes from, in a word.</summary>
    public string SourceOf(MomentForm form) =>
        Postmortem?.Timeline.FirstOrDefault(entry => entry.Key == form.Key)?.Source switch
        {
            TimelineSource.Update => Say.Within("Update"),
            TimelineSource.Note => Say.Within("Note"),
            TimelineSource.Alert => Say.Within("Alert"),
            TimelineSource.Act => Say.Within("Desk"),
            _ => "",
        };

    public PostmortemKind KindOf(SectionForm form) =>
        Postmortem?.Sections.FirstOrDefault(section => section.Heading == form.Heading)?.Kind ?? PostmortemKind.Other;
}
