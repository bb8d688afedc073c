using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Accounts;
using StatusPage.Web.Alerts;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Destinations;

/// <summary>One destination: set up, tried out, and what stands there. Its secrets can be entered and are not shown again.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class EditDestinationPage(
    ChangeWriter writer,
    DestinationDesk desk,
    DestinationSecrets secrets,
    DestinationWork work,
    KnownDestinations known,
    PublicAddress address
) : AdminPage(writer)
{
    private const string New = "new";
    private const int MostLinks = 100;

    [FromRoute]
    public string Id { get; set; } = "";

    /// <summary>The kind of a new one.</summary>
    [FromQuery(Name = "kind")]
    public string? Code { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? BaseUrl { get; set; }

    /// <summary>By the names of <see cref="DestinationField"/>. A secret that is left empty keeps its value.</summary>
    [BindProperty]
    public Dictionary<string, string?> Fields { get; set; } = [];

    [BindProperty]
    public DateOnly? ExpiresOn { get; set; }

    /// <summary>A secret that was made, shown this once.</summary>
    [TempData]
    public string? Shown { get; set; }

    public Destination? Destination { get; private set; }
    public DestinationKind Kind { get; private set; }
    public IReadOnlyList<DestinationLink> Links { get; private set; } = [];
    public Remote? Tried { get; private set; }

    /// <summary>Names of secrets that need not be entered again.</summary>
    public IReadOnlyCollection<string> Known { get; private set; } = [];

    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    public IReadOnlyList<AlertStep> Steps =>
        DestinationSteps.Of(
            Kind,
            Destination is { Kind: DestinationKind.GitHub } ? address.Of(GitHubHook.PathOf(Destination)) : "",
            Shown ?? Say["the secret"],
            Say
        );

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? ShowAnew() : NotFound();

    public async Task<IActionResult> OnPostAsync() => await LoadAsync() ? await AttemptAsync(MayManage, SaveAsync, LoadAsync) : NotFound();

    /// <summary>Asks the other side, and makes nothing there.</summary>
    public async Task<IActionResult> OnPostTestAsync()
    {
        if (!await LoadAsync() || Destination is not { } destination)
            return NotFound();
        if (!MayManage)
            return Forbid();
        Tried = await work.TestAsync(destination);
        await work.NoteAsync(
            Db,
            destination,
            Tried is Remote.Found ? null
                : Tried is Remote.Refused refused ? refused with { TurnsOff = false }
                : Tried,
            Tried is Remote.Found
        );
        return ShowAnew();
    }

    public async Task<IActionResult> OnPostRetryAsync() =>
        !await LoadAsync() || Destination is not { } destination
            ? NotFound()
            : await AttemptAsync(
                MayManage,
                async () =>
                {
                    var count = await desk.TryStoppedAsync(destination, Actor, Cancel);
                    Done = count == 0 ? Say["Nothing had stopped."] : Say["What had stopped is tried again."];
                    return $"{DestinationsPage.List}/{destination.Id}";
                },
                LoadAsync
            );

    public async Task<IActionResult> OnPostOverAsync(long link) =>
        !await LoadAsync() || Destination is not { } destination
            ? NotFound()
            : await AttemptAsync(
                MayManage,
                async () =>
                {
                    await desk.WriteOverAsync(destination, link, Actor, Cancel);
                    Done = Say["It is written over with what stands here."];
                    return $"{DestinationsPage.List}/{destination.Id}";
                },
                LoadAsync
            );

    public Task<IActionResult> OnPostForgetAsync(long link) => ForgetAsync(link, makesAnew: false, Say["It is forgotten. What stands there stays."]);

    public Task<IActionResult> OnPostAnewAsync(long link) => ForgetAsync(link, makesAnew: true, Say["It is made anew, unless it is found there."]);

    private async Task<IActionResult> ForgetAsync(long link, bool makesAnew, string done) =>
        !await LoadAsync() || Destination is not { } destination
            ? NotFound()
            : await AttemptAsync(
                MayManage,
                async () =>
                {
                    await desk.ForgetAsync(destination, link, makesAnew, Actor, Cancel);
                    Done = done;
                    return $"{DestinationsPage.List}/{destination.Id}";
                },
                LoadAsync
            );

    private async Task<string> SaveAsync()
    {
        var stored = Destination is null ? null : secrets.Read(Destination.Secrets);
        IReadOnlyDictionary<string, string> before = stored ?? new Dictionary<string, string>();
        var checks = new Checks();
        checks.Try(() => Destination.CheckedName(Name));
        var asked = checks.Try(() => CheckedSettings.Of(Kind, BaseUrl, Fields, IsOtherServer() ? new Dictionary<string, string>() : before));
        checks.Enforce();
        var (settings, made) = DestinationSecrets.Complete(Kind, asked, before, Now);
        var isNew = Destination is null;
        var place = Destination?.Place;
        if (Destination is null)
            Db.Destinations.Add(Destination = Destination.Add(StatusPage.Id, Kind, Now));
        Destination.Configure(Name, settings, secrets.Protect(settings.Secrets), ExpiresOn, Now);
        if (await Db.Destinations.AnyAsync(row => row.PageId == StatusPage.Id && row.Name == Destination.Name && row.Id != Destination.Id, Cancel))
            throw new RuleViolation($"There is a destination '{Destination.Name}' already. Choose another name.", nameof(Name));
        var goal = $"{DestinationsPage.List}/{Destination.Id}";
        await Writer.SaveAsync(StatusPage.Id, new(Actor, isNew ? "destination.created" : "destination.edited", Destination.Subject, Token, goal), Cancel);
        known.Forget();
        if (!isNew)
            await desk.TryStoppedAsync(Destination, Actor, Cancel);
        Shown = made;
        Done =
            isNew ? Say["'{0}' is added. Try it out below.", Destination.Name]
            : place == Destination.Place ? Say["'{0}' is saved.", Destination.Name]
            : Say["'{0}' is saved. What was made before stays where it is; sent again, it is made in the new place.", Destination.Name];
        return goal;
    }

    /// <summary>Secrets that were entered for one server are not sent to another.</summary>
    private bool IsOtherServer() =>
        Destination is { } destination
        && (
            !Uri.TryCreate(BaseUrl, UriKind.Absolute, out var entered)
            || entered.GetLeftPart(UriPartial.Authority) != new Uri(destination.BaseUrl).GetLeftPart(UriPartial.Authority)
        );

    private PageResult ShowAnew()
    {
        ModelState.Clear();
        Name = Destination?.Name ?? Kind.Label();
        BaseUrl =
            Destination?.BaseUrl
            ?? Kind switch
            {
                DestinationKind.GitHub => CheckedSettings.GitHubCom,
                DestinationKind.Notion => CheckedSettings.NotionCom,
                _ => null,
            };
        ExpiresOn = Destination?.ExpiresOn;
        Fields = Destination?.Settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value) ?? [];
        Token = NewToken();
        return Page();
    }

    private async Task<bool> LoadAsync()
    {
        if (Id == New)
        {
            if (DestinationKinds.Parse(Code) is not { } kind)
                return false;
            Kind = kind;
            return true;
        }
        if (await desk.FindAsync(StatusPage.Id, Id, Cancel) is not { } destination)
            return false;
        (Destination, Kind) = (destination, destination.Kind);
        Known = [.. (secrets.Read(destination.Secrets)?.Keys ?? [])];
        Links = await Db
            .DestinationLinks.AsNoTracking()
            .Where(row => row.DestinationId == destination.Id)
            .OrderBy(row => row.State == LinkState.Stopped ? 0 : 1)
            .ThenByDescending(row => row.UpdatedAt)
            .Take(MostLinks)
            .ToListAsync(Cancel);
        return true;
    }
}
