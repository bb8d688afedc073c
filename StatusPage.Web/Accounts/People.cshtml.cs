using System.Security.Cryptography;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Accounts;

[Authorize(Policy = Doors.Manage)]
public sealed class PeoplePage(Desk desk, UserManager<Account> accounts) : AdminPage(desk)
{
    [BindProperty]
    public string? Email { get; set; }

    [BindProperty]
    public string? Role { get; set; }

    public string? NewPassword { get; private set; }
    public IReadOnlyList<Account> Accounts { get; private set; } = [];

    public Task OnGetAsync() => LoadAsync();

    public async Task<IActionResult> OnPostCreateAsync()
    {
        try
        {
            var role = Roles.Parse(Role) ?? throw new RuleViolation("Choose a role.", nameof(Role));
            var address = EmailAddress.Checked(Email);
            var password = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);
            var made = await accounts.CreateAsync(new Account { UserName = address, Email = address, Role = role, CreatedAt = Now }, password);
            if (!made.Succeeded) throw new RuleViolation(string.Join(" ", made.Errors.Select(error => error.Description).Distinct()), nameof(Email));
            await Desk.SaveAsync(StatusPage.Id, new(Actor, "account.created", $"{address} ({role.Code()})"), Cancel);
            NewPassword = password;
            ModelState.Clear();
            Email = null;
        }
        catch (RuleViolation violation)
        {
            ModelState.AddModelError(violation.Field ?? "", violation.Message);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        await LoadAsync();
        return Page();
    }

    public Task<IActionResult> OnPostRoleAsync(string id) => ChangeAsync(id, async account =>
    {
        account.Role = Roles.Parse(Role) ?? throw new RuleViolation("Choose a role.");
        // A new stamp ends the sessions that still hold the old role.
        await accounts.UpdateSecurityStampAsync(account);
        await Desk.SaveAsync(StatusPage.Id, new(Actor, "account.role-changed", $"{account.Email} ({account.Role.Code()})"), Cancel);
        Done = $"{account.Email} is {account.Role.Code()} now.";
    });

    public Task<IActionResult> OnPostRemoveAsync(string id) => ChangeAsync(id, async account =>
    {
        await accounts.DeleteAsync(account);
        await Desk.SaveAsync(StatusPage.Id, new(Actor, "account.removed", account.Email ?? ""), Cancel);
        Done = $"{account.Email} is removed.";
    });

    private Task<IActionResult> ChangeAsync(string id, Func<Account, Task> change) => AttemptAsync(MayManage, async () =>
    {
        var account = await accounts.FindByIdAsync(id) ?? throw new RuleViolation("There is no such account any more.");
        if (account.Role == Domain.Accounts.Role.Owner && await Db.Users.CountAsync(row => row.Role == Domain.Accounts.Role.Owner, Cancel) == 1)
            throw new RuleViolation("This is the only owner. Make somebody else an owner first.");
        await change(account);
        return "/admin/accounts";
    }, LoadAsync);

    private async Task LoadAsync() => Accounts = await Db.Users.AsNoTracking().OrderBy(row => row.Email).ToListAsync(Cancel);
}
