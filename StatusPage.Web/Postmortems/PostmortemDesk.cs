using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Data;
using StatusPage.Web.Incidents;
using StatusPage.Web.Notices;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Postmortems;

/// <summary>Writes, reviews and publishes postmortems, for the forms of the desk.</summary>
public sealed class PostmortemDesk(ChangeWriter writer, PostmortemSources sources, IncidentDesk incidents, NoticeBox box)
{
    private const int MostComments = 500;

    /// <summary>Starts one with everything that is known.</summary>
    public async Task<Postmortem> BeginAsync(Page page, Incident incident, string actor, string? token, CancellationToken cancel)
    {
        if (await writer.Db.PostmortemAsync(incident.Id, cancel) is { } there)
            return there;
        var postmortem = Postmortem.Begin(incident, await sources.BeginAsync(page, incident, cancel), actor, writer.Now);
        if (incident.PostmortemBody is { } written)
        {
            // What the API wrote was written for the public, and nothing else was.
            var own = PostmortemTemplate.Split(written).SelectMany(part => MarkdownBlocks.Of(part.Body)).ToHashSet();
            var blocks = MarkdownOf(postmortem, incident, [], page).Blocks().Where(block => own.Contains(block.Markdown));
            postmortem.Choose(blocks.Select(block => block.Key), []);
        }
        writer.Db.Postmortems.Add(postmortem);
        await SaveAsync(incident, "begun", actor, token, cancel);
        return postmortem;
    }

    /// <returns>Whether anything was new.</returns>
    public async Task<bool> WriteAsync(
        Incident incident,
        Postmortem postmortem,
        PostmortemContent content,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        if (!postmortem.Write(content, actor, writer.Now))
            return false;
        await SaveAsync(incident, "edited", actor, token, cancel);
        return true;
    }

    /// <summary>Keeps the text, with the moments that came after the postmortem was begun.</summary>
    /// <returns>How many came.</returns>
    public async Task<int> RefreshAsync(
        Incident incident,
        Postmortem postmortem,
        PostmortemContent content,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        var known = content.Timeline.Select(entry => entry.Key).ToHashSet();
        var news = (await sources.MomentsAsync(incident, cancel))
            .Where(entry => !known.Contains(entry.Key))
            .Take(TimelineEntry.Most - content.Timeline.Count)
            .ToList();
        await WriteAsync(incident, postmortem, content with { Timeline = [.. content.Timeline, .. news] }, actor, token, cancel);
        return news.Count;
    }

    /// <summary>Asks members of the page by mail to look at it.</summary>
    public async Task AskForReviewAsync(
        Page page,
        Incident incident,
        Postmortem postmortem,
        IReadOnlyCollection<string> reviewers,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        var people = (await ReviewersAsync(page.Id, actor, cancel)).Where(reviewers.Contains).ToList();
        postmortem.AskForReview(people);
        foreach (var person in people)
            box.Mail(
                page.Id,
                $"postmortem.review.{incident.Id}.{postmortem.Version}.{Text.Cut(person, 100)}",
                person,
                new(
                    $"Please review the postmortem: {incident.Title}",
                    $"{actor} asks you to read what the team learned from “{incident.Title}”. Comment on it, then approve it or say what is to be changed.",
                    "Read the postmortem",
                    AddressOf(incident)
                )
            );
        await SaveAsync(incident, "review-asked", actor, token, cancel);
    }

    /// <summary>Records a reviewer's answer, and tells the writer of the last change by mail.</summary>
    /// <param name="seen"><see cref="PrintOf"/> of the action items that the reviewer was shown.</param>
    /// <exception cref="RuleViolation">There are others by now.</exception>
    public async Task AnswerAsync(
        Page page,
        Incident incident,
        Postmortem postmortem,
        bool approves,
        string? said,
        string? seen,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        var items = (await MarkdownAsync(postmortem, incident, page, cancel)).ItemBlocks();
        if (seen != PrintOf(items))
            throw new RuleViolation("An action item was changed while you read it. Read what is new, then answer.");
        postmortem.Answer(actor, approves, said, items, writer.Now);
        if (postmortem.UpdatedBy != actor && (await MembersAsync(page.Id, cancel)).Contains(postmortem.UpdatedBy))
            box.Mail(
                page.Id,
                $"postmortem.answer.{incident.Id}.{postmortem.Version}",
                postmortem.UpdatedBy,
                new(
                    $"{(approves ? "Approved" : "Changes asked for")}: postmortem of {incident.Title}",
                    $"{actor} {(approves ? "approved the postmortem" : "asks for changes in the postmortem")} of “{incident.Title}”."
                        + (said is { Length: > 0 } ? $"\n\n{said}" : ""),
                    "Open the postmortem",
                    AddressOf(incident)
                )
            );
        await SaveAsync(incident, approves ? "approved" : "changes-asked", actor, token, cancel);
    }

    public Task TakeBackAsync(Incident incident, Postmortem postmortem, string actor, string? token, CancellationToken cancel)
    {
        postmortem.TakeBack();
        return SaveAsync(incident, "review-ended", actor, token, cancel);
    }

    public async Task CommentAsync(Incident incident, string? section, string? body, string actor, string? token, CancellationToken cancel)
    {
        if (await writer.Db.PostmortemComments.CountAsync(row => row.IncidentId == incident.Id, cancel) >= MostComments)
            throw new RuleViolation($"A postmortem has at most {MostComments} comments.", "Comment");
        writer.Db.PostmortemComments.Add(new(incident.Id, section, body, actor, writer.Now));
        await SaveAsync(incident, "commented", actor, token, cancel);
    }

    public async Task FinishCommentAsync(Incident incident, long id, string actor, CancellationToken cancel)
    {
        var comment =
            await writer.Db.PostmortemComments.FirstOrDefaultAsync(row => row.IncidentId == incident.Id && row.Id == id, cancel)
            ?? throw new MissingException("There is no such comment.");
        comment.Finish(writer.Now);
        await SaveAsync(incident, "comment-done", actor, null, cancel);
    }

    /// <summary>Keeps which blocks are for the public. Nothing is published by that.</summary>
    public async Task ChooseAsync(
        Page page,
        Incident incident,
        Postmortem postmortem,
        IEnumerable<string> blocks,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        postmortem.Choose(blocks, (await MarkdownAsync(postmortem, incident, page, cancel)).ItemBlocks());
        await SaveAsync(incident, "chosen", actor, token, cancel, AddressOf(incident) + "/public");
    }

    /// <summary>Makes the chosen blocks the incident's public postmortem.</summary>
    /// <param name="tells">Whether the subscribers of the incident hear of it.</param>
    public async Task PublishAsync(
        Page page,
        Incident incident,
        Postmortem postmortem,
        IEnumerable<string> blocks,
        bool tells,
        string actor,
        string? token,
        CancellationToken cancel
    )
    {
        var markdown = await MarkdownAsync(postmortem, incident, page, cancel);
        postmortem.Choose(blocks, markdown.ItemBlocks());
        var text = markdown.Public();
        if (text.Length == 0)
            throw new RuleViolation("Choose what the public reads: nothing is ticked.");
        postmortem.Publish();
        await incidents.WritePostmortemAsync(incident, text, publish: true, isProgram: false, actor, token, cancel, tells, postmortem);
    }

    public Task HideAsync(Incident incident, Postmortem? postmortem, string actor, string? token, CancellationToken cancel)
    {
        postmortem?.Hide();
        return incidents.WritePostmortemAsync(incident, incident.PostmortemBody, publish: false, isProgram: false, actor, token, cancel);
    }

    /// <summary>Members of the page who may write, without one.</summary>
    public async Task<IReadOnlyList<string>> ReviewersAsync(PageId page, string but, CancellationToken cancel) =>
        [.. (await MembersAsync(page, cancel)).Where(person => !string.Equals(person, but, StringComparison.OrdinalIgnoreCase))];

    private async Task<List<string>> MembersAsync(PageId page, CancellationToken cancel) =>
        await writer
            .Db.MembersOf(page)
            .Where(row => row.Membership.Role != Role.Auditor && row.Account.Email != null)
            .Select(row => row.Account.UserName!)
            .OrderBy(name => name)
            .ToListAsync(cancel);

    /// <summary>Another one where an action item has other words, or another state, or is new.</summary>
    public static string PrintOf(IEnumerable<PostmortemBlock> items) => BodyPrint.Of(string.Join('\n', items.Select(item => item.Key)));

    private async Task<PostmortemMarkdown> MarkdownAsync(Postmortem postmortem, Incident incident, Page page, CancellationToken cancel) =>
        MarkdownOf(postmortem, incident, await writer.Db.ActionItemsAsync(incident.Id, cancel), page);

    private PostmortemMarkdown MarkdownOf(Postmortem postmortem, Incident incident, IReadOnlyList<ActionItem> items, Page page) =>
        PostmortemDocuments.MarkdownOf(postmortem, incident, items, page, writer.Now);

    public static string AddressOf(Incident incident) => $"/admin/incidents/{incident.Id}/postmortem";

    private Task SaveAsync(Incident incident, string verb, string actor, string? token, CancellationToken cancel, string? location = null) =>
        writer.SaveAsync(
            incident.PageId,
            new(actor, $"postmortem.{verb}", $"{incident.Id} {incident.Title}", token, location ?? AddressOf(incident)),
            cancel
        );
}
