using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Components;

public sealed class ComponentsPage(ChangeWriter writer, ComponentDesk components) : AdminPage(writer)
{
    private const string Here = "/admin/components";

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Description { get; set; }

    [BindProperty]
    public string? GroupId { get; set; }

    [BindProperty]
    public string? GroupName { get; set; }

    /// <summary>Components, one a line.</summary>
    [BindProperty]
    public string? List { get; set; }

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
                var component = await components.CreateAsync(StatusPage.Id, Name, Description, GroupId, ComponentStatus.Operational, Actor, Token, Cancel);
                Done = $"'{component.Name}' is on the page.";
                return Here;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostCreateGroupAsync() =>
        AttemptAsync(
            MayPublish,
            async () =>
            {
                var name = Text.Line(GroupName, nameof(GroupName), "a name for the group", Component.MaxNameLength);
                await components.CreateGroupAsync(StatusPage.Id, name, null, Actor, Token, Cancel);
                Done = $"Group '{name}' is made. It shows on the page when it has a component.";
                return Here;
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

    public Task<IActionResult> OnPostMoveAsync(string id, int by) =>
        AttemptAsync(
            MayPublish,
            async () =>
            {
                var all = await Db
                    .Components.Where(row => row.PageId == StatusPage.Id && row.ArchivedAt == null)
                    .OrderBy(row => row.Position)
                    .ThenBy(row => row.Name)
                    .ToListAsync(Cancel);
                var moved = all.FirstOrDefault(row => row.Id.Value == id);
                if (moved is null)
                    return Here;
                var among = all.Where(row => row.GroupId == moved.GroupId).ToList();
                Swap(among, among.IndexOf(moved), by, (row, position) => row.Position = position);
                await Writer.PublishAsync(StatusPage.Id, new(Actor, "component.moved", moved.Name), Cancel);
                return Here;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostMoveGroupAsync(string id, int by) =>
        AttemptAsync(
            MayPublish,
            async () =>
            {
                var groups = await Db
                    .ComponentGroups.Where(row => row.PageId == StatusPage.Id)
                    .OrderBy(row => row.Position)
                    .ThenBy(row => row.Name)
                    .ToListAsync(Cancel);
                var moved = groups.FindIndex(row => row.Id.Value == id);
                if (moved < 0)
                    return Here;
                var name = groups[moved].Name;
                Swap(groups, moved, by, (row, position) => row.Position = position);
                await Writer.PublishAsync(StatusPage.Id, new(Actor, "group.moved", name), Cancel);
                return Here;
            },
            LoadAsync
        );

    public Task<IActionResult> OnPostRestoreAsync(string id) =>
        AttemptAsync(
            MayPublish,
            async () =>
            {
                if (await components.FindAsync(StatusPage.Id, id, Cancel) is { } component)
                    await components.ArchiveAsync(component, archived: false, Actor, null, Cancel);
                return Here;
            },
            LoadAsync
        );

    /// <summary>Swaps two neighbours and numbers all rows from 1, which also resolves equal positions.</summary>
    private static void Swap<T>(List<T> rows, int index, int by, Action<T, int> place)
    {
        var other = index + Math.Sign(by);
        if (other >= 0 && other < rows.Count)
            (rows[index], rows[other]) = (rows[other], rows[index]);
        for (var i = 0; i < rows.Count; i++)
            place(rows[i], i + 1);
    }

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
