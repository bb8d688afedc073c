using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

/// <summary>Which paragraphs of a postmortem the public reads; the preview; publishing it and taking it off the page.</summary>
[RequestFormLimits(ValueCountLimit = MostBlocks)]
public sealed class PublicVersionPage(ChangeWriter writer, IncidentDesk incidents, PostmortemDesk desk) : AdminPage(writer)
{
    /// <summary>Above what a postmortem can have: its sections in blocks of one letter.</summary>
    private const int MostBlocks = PostmortemSection.MostSections * PostmortemSection.MaxBodyLength / 2;

    [FromRoute]
    public string Id { get; set; } = "";

    [BindProperty]
    public int Version { get; set; }

    /// <summary>Keys of the ticked blocks.</summary>
    [BindProperty]
    public List<string> Chosen { get; set; } = [];

    /// <summary>Whether subscribers hear of it.</summary>
    [BindProperty]
    public bool Tells { get; set; }

    public Incident Incident { get; private set; } = null!;
    public Postmortem? Postmortem { get; private set; }
    public IReadOnlyList<PostmortemBlock> Blocks { get; private set; } = [];

    /// <summary>What the chosen blocks make, in Markdown.</summary>
    public string Text { get; private set; } = "";
    public IReadOnlyList<BlameHint> Hints { get; private set; } = [];

    /// <summary>Whether the severity asks for a second pair of eyes, and this person is not it.</summary>
    public bool NeedsAnother { get; private set; }
    public bool IsPublished => Incident.PostmortemPublishedAt is not null;

    /// <summary>Whether the page shows other words than the chosen ones.</summary>
    public bool Differs => IsPublished && Incident.PostmortemBody != Text;

    private string Address => $"/admin/incidents/{Id}/postmortem/public";

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public Task<IActionResult> OnPostChooseAsync() =>
        ActAsync(async postmortem =>
        {
            Refuse(postmortem);
            await desk.ChooseAsync(StatusPage, Incident, postmortem, Chosen, Actor, Token, Cancel);
            Done = Say["Kept. The page shows nothing of it before you publish."];
            return Address;
        });

    public Task<IActionResult> OnPostPublishAsync() =>
        ActAsync(async postmortem =>
        {
            Refuse(postmortem);
            await desk.PublishAsync(StatusPage, Incident, postmortem, Chosen, Tells, Actor, Token, Cancel);
            Done = Tells ? Say["Published. Subscribers are told."] : Say["Published. The incident's page shows it."];
            return Address;
        });

    public async Task<IActionResult> OnPostHideAsync()
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return NotFound();
        Incident = incident;
        return await AttemptAsync(
            MayPublish,
            async () =>
            {
                await desk.HideAsync(Incident, await Db.PostmortemAsync(incident.Id, Cancel), Actor, Token, Cancel);
                Done = Say["The postmortem is not on the page any more."];
                return Address;
            },
            LoadAsync
        );
    }

    private void Refuse(Postmortem postmortem)
    {
        if (postmortem.Version != Version)
            throw new RuleViolation("The postmortem was changed while you chose. Your ticks are kept where the words are the same: look at them again.");
    }

    private async Task<IActionResult> ActAsync(Func<Postmortem, Task<string>> act)
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return NotFound();
        Incident = incident;
        return await AttemptAsync(
            MayPublish,
            async () => await act(await Db.PostmortemAsync(incident.Id, Cancel) ?? throw new RuleViolation("There is no postmortem yet. Begin it.")),
            async () =>
            {
                await LoadAsync();
                Postmortem?.Choose(Chosen, []);
            }
        );
    }

    private async Task<bool> LoadAsync()
    {
        if (await incidents.FindAsync(StatusPage.Id, Id, Cancel) is not { } incident)
            return false;
        Incident = incident;
        Token = NewToken();
        Postmortem = await Db.PostmortemAsync(incident.Id, Cancel);
        if (Postmortem is not { } postmortem)
            return true;
        Version = postmortem.Version;
        var markdown = PostmortemDocuments.MarkdownOf(postmortem, incident, await Db.ActionItemsAsync(incident.Id, Cancel), StatusPage, Now);
        (Blocks, Text) = (markdown.Blocks(), markdown.Public());
        Hints = BlameHints.Find(Text, await Db.TeamNamesAsync(incident, Cancel));
        var rules = await Db.SeverityRulesAsync(StatusPage.Id, Cancel);
        NeedsAnother =
            rules.Any(rule => rule.NeedsApproval && rule.Severity == incident.Severity) && !IncidentRules.ApprovalOfPostmortem(postmortem, Actor).IsGiven;
        return true;
    }
}
