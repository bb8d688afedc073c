using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts.Keys;

[Authorize(Policy = Permissions.Manage)]
public sealed class KeysPage(ChangeWriter writer) : AdminPage(writer)
{
    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Role { get; set; }

    /// <summary>By area: as the role may (empty), "none", "read" or "write".</summary>
    [BindProperty]
    public Dictionary<string, string?> Scopes { get; set; } = [];

    public string? NewKey { get; private set; }
    public IReadOnlyList<ApiKey> Keys { get; private set; } = [];

    public Task OnGetAsync() => LoadAsync();

    /// <summary>Answers with the page itself, since the key is in this answer and nowhere else.</summary>
    public async Task<IActionResult> OnPostCreateAsync()
    {
        try
        {
            var role = Roles.Parse(Role) ?? throw new RuleViolation("Choose a role.", nameof(Role));
            var (row, key) = ApiKey.Create(StatusPage.Id, Name, role, Now, ScopesOf());
            Db.ApiKeys.Add(row);
            await Writer.SaveAsync(StatusPage.Id, new(Actor, "apikey.created", row.Subject), Cancel);
            NewKey = key;
            ModelState.Clear();
            Name = null;
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        await LoadAsync();
        return Page();
    }

    public Task<IActionResult> OnPostRevokeAsync(int id) =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                if (await Db.ApiKeys.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Id == id, Cancel) is { } key)
                {
                    key.Revoke(Now);
                    await Writer.SaveAsync(StatusPage.Id, new(Actor, "apikey.revoked", key.Name), Cancel);
                    Done = Say["'{0}' is revoked.", key.Name];
                }
                return "/admin/keys";
            },
            LoadAsync
        );

    /// <summary>An area without a choice is left to the role, unless another area is limited to reading or to nothing.</summary>
    private ApiScopes ScopesOf() =>
        Scopes.Values.All(string.IsNullOrEmpty)
            ? ApiScopes.All
            : ApiScopes.Parse(
                string.Join(
                    ' ',
                    ApiScopes
                        .Areas.Select(area => (Area: area, Reach: Scopes.GetValueOrDefault(area) is { Length: > 0 } chosen ? chosen : "write"))
                        .Where(one => one.Reach != "none")
                        .Select(one => $"{one.Area}:{one.Reach}")
                )
                    is { Length: > 0 } scopes
                    ? scopes
                    : throw new RuleViolation("A key that may do nothing anywhere is of no use. Leave it one area.", nameof(Scopes))
            );

    private async Task LoadAsync() =>
        Keys = await Db.ApiKeys.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.Name).ToListAsync(Cancel);
}
