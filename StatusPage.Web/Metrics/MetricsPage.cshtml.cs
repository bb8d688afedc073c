using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Metrics;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Metrics;

/// <summary>Which metrics the page shows, where they come from, and whether they work.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class MetricsPage(ChangeWriter writer, Prometheus prometheus) : AdminPage(writer)
{
    private const string List = "/admin/metrics";

    /// <summary>The id of the metric to change; empty for a new one.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Id { get; set; }

    [BindProperty]
    public string? Name { get; set; }

    [BindProperty]
    public string? Suffix { get; set; }

    [BindProperty]
    public int DecimalPlaces { get; set; }

    [BindProperty]
    public bool IsShown { get; set; } = true;

    [BindProperty]
    public string? Address { get; set; }

    [BindProperty]
    public string? Query { get; set; }

    public IReadOnlyList<Metric> Metrics { get; private set; } = [];
    public Metric? Metric { get; private set; }

    /// <summary>The answer of a Prometheus that was tried.</summary>
    public Answer? Tried { get; private set; }

    /// <param name="name">What a new metric is filled in with, and likewise the others.</param>
    public async Task<IActionResult> OnGetAsync(string? name, string? address, string? query)
    {
        await LoadAsync();
        Token = NewToken();
        (Name, Address, Query) = (name, address, query);
        if (Metric is { } row)
            (Name, Suffix, DecimalPlaces, IsShown, Address, Query) = (row.Name, row.Suffix, row.DecimalPlaces, row.IsShown, row.Address, row.Query);
        return string.IsNullOrEmpty(Id) || Metric is not null ? Page() : NotFound();
    }

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var known = await FindAsync();
                if (known is null && await Db.Metrics.CountAsync(row => row.PageId == StatusPage.Id, Cancel) >= Metric.MostOnPage)
                    throw new RuleViolation($"A page has {Metric.MostOnPage} metrics at most. Remove one first.", nameof(Name));
                var row = (known ?? Metric.Create(StatusPage.Id, Now)).Describe(Name, Suffix, DecimalPlaces, IsShown, Address, Query, Now);
                if (known is null)
                    Db.Metrics.Add(row);
                await Writer.PublishAsync(StatusPage.Id, new(Actor, known is null ? "metric.created" : "metric.edited", row.Name, Token, List), Cancel);
                Done = Say["'{0}' is saved.", row.Name];
                return List;
            },
            LoadAsync
        );

    public async Task<IActionResult> OnPostTryAsync()
    {
        await LoadAsync();
        if (!MayManage)
            return Forbid();
        try
        {
            var tried = Metric
                .Create(StatusPage.Id, Now)
                .Describe(string.IsNullOrWhiteSpace(Name) ? "Try" : Name, Suffix, DecimalPlaces, IsShown, Address, Query, Now);
            Tried = tried.Address is null
                ? new(null, "Enter an address and a query to try.")
                : await prometheus.AskAsync(tried.Address, tried.Query!, Now);
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        return Page();
    }

    public Task<IActionResult> OnPostRemoveAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var row = await FindAsync() ?? throw new RuleViolation("There is no such metric any more.");
                Db.Metrics.Remove(row);
                await Writer.PublishAsync(StatusPage.Id, new(Actor, "metric.removed", row.Name), Cancel);
                Done = Say["'{0}' and its values are removed.", row.Name];
                return List;
            },
            LoadAsync
        );

    private Task<Metric?> FindAsync() =>
        PublicId.LooksLikeOne(Id)
            ? Db.Metrics.FirstOrDefaultAsync(row => row.PageId == StatusPage.Id && row.Id == MetricId.Of(Id!), Cancel)
            : Task.FromResult<Metric?>(null);

    private async Task LoadAsync()
    {
        Metrics = await Db.Metrics.AsNoTracking().Where(row => row.PageId == StatusPage.Id).OrderBy(row => row.CreatedAt).ToListAsync(Cancel);
        Metric = Metrics.FirstOrDefault(row => row.Id.Value == Id);
    }
}
