using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Components;

public sealed class ComponentsPage(ChangeWriter writer, ComponentDesk components, ComponentOrder order) : AdminPage(writer)
{
    private const string Here = "/admin/components";

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Description { get; set; }

    /// <summary>Of whoever adds several to one group, chosen again on the next page.</summary>
    [BindProperty(SupportsGet = true)]
    public string? GroupId { get; set; }

    [BindProperty]
    public string? GroupName { get; set; }

    /// <summary>Components, one a line.</summary>
    [BindProperty]
    public string? List { get; set; }

    /// <summary>Yes, it is a second one of that name.</summary>
    [BindProperty]
    public bool Second { get; set; }

    /// <summary>The name that is there already, and is asked about once.</summary>
    public string? Twin { get; private set; }

    public ComponentStates States { get; private set; } = ComponentStates.Of();
    public IReadOnlyList<Component> Components { get; private set; } = [];
    public IReadOnlyList<Component> Archived { get; private set; } = [];
    public IReadOnlyList<ComponentGroup> Groups { get; private set; } = [];

    public IEnumerable<(ComponentGroup? Group, List<Component> Members)> Sections
    {
        get
        {
            var loose = Components.Where(component => component.GroupId is null).ToList();
            if (loose.Count > 0)
                yield return (null, loose);
            foreach (var group in Groups)
                yield return (group, Components.Where(component => component.GroupId == group.Id).ToList());
        }
    }

    public Task OnGetAsync() => LoadAsync();

    public Task<IActionResult> OnPostCreateAsync() =>
        AttemptAsync(
            MayPublish,
            async () =>
            {
                Twin = Second ? null : await components.TwinAsync(StatusPage.Id, Name, GroupId, null, Cancel);
                if (Twin is not null)
                    throw new RuleViolation(Say["There is a component '{0}' here already. Really a second one of that name?", Twin], nameof(Name));
                var component = await components.CreateAsync(StatusPage.Id, Name, Description, GroupId, ComponentStatus.Operational, Actor, Token, Cancel);
                Done = Say["'{0}' is on the page.", component.Name];
                Focus = nameof(Name);
                return component.GroupId is { } group ? $"{Here}?GroupId={group}" : Here;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostCreateGroupAsync() =>
        AttemptAsync(
            MayPublish,
            async () =>
            {
                var name = Text.Line(GroupName, nameof(GroupName), "a name for the group", Component.MaxNameLength);
                var group = await components.CreateGroupAsync(StatusPage.Id, name, null, Actor, Token, Cancel);
                Done = Say["Group '{0}' is made. It shows on the page when it has a component.", name];
                Focus = nameof(Name);
                return $"{Here}?GroupId={group.Id}";
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostListAsync() =>
        AttemptAsync(
            MayPublish,
            async () =>
            {
                var (added, known) = await components.AddListAsync(StatusPage.Id, List, Actor, Token, Cancel);
                Done =
                    known == 0
                        ? Say.Count(added, "1 component is added.", "{0} components are added.")
                        : Say["{0} of the list are added, {1} were there already.", added, known];
                return Here;
            },
            LoadAsync
        );

    /// <param name="by">Up or down by so many places.</param>
    public Task<IActionResult> OnPostMoveAsync(string id, int by) => ActAsync(() => order.MoveAsync(StatusPage.Id, id, by, Actor, Cancel));

    /// <param name="group">Empty: it stands alone.</param>
    /// <param name="at">Its place there, from 0.</param>
    public Task<IActionResult> OnPostPlaceAsync(string id, string? group, int at) =>
        ActAsync(() => order.PlaceAsync(StatusPage.Id, id, group, at, Actor, Cancel));

    public Task<IActionResult> OnPostMoveGroupAsync(string id, int by) => ActAsync(() => order.MoveGroupAsync(StatusPage.Id, id, by, Actor, Cancel));

    public Task<IActionResult> OnPostPlaceGroupAsync(string id, int at) => ActAsync(() => order.PlaceGroupAsync(StatusPage.Id, id, at, Actor, Cancel));

    public Task<IActionResult> OnPostRestoreAsync(string id) =>
        ActAsync(async () =>
        {
            if (await components.FindAsync(StatusPage.Id, id, Cancel) is { } component)
                await components.ArchiveAsync(component, archived: false, Actor, null, Cancel);
        });

    private Task<IActionResult> ActAsync(Func<Task> act) =>
        AttemptAsync(
            MayPublish,
            async () =>
            {
                await act();
                return Here;
            },
            LoadAsync
        );

    private async Task LoadAsync()
    {
        Token ??= NewToken();
        States = await components.StatesAsync(StatusPage.Id, Cancel);
        var all = States.Components.OrderBy(row => row.Position).ThenBy(row => row.Name, StringComparer.Ordinal).ToList();
        Components = [.. all.Where(row => row.ArchivedAt is null)];
        Archived = [.. all.Where(row => row.ArchivedAt is not null)];
        Groups = await Db
            .ComponentGroups.AsNoTracking()
            .Where(row => row.PageId == StatusPage.Id)
            .OrderBy(row => row.Position)
            .ThenBy(row => row.Name)
            .ToListAsync(Cancel);
    }
}
