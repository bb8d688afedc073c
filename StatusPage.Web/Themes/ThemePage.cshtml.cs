using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Themes;

/// <summary>Where a theme is looked at and chosen, and where the owner's own rules are written.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class ThemePage(ChangeWriter writer, ThemeCatalog themes, ThemeWatch watch) : AdminPage(writer)
{
    /// <summary>The theme that is looked at; empty: the one that is worn.</summary>
    [FromQuery(Name = "show")]
    public string? Show { get; set; }

    [FromQuery(Name = "scheme")]
    public string? Scheme { get; set; }

    /// <summary>Empty: the installation's own.</summary>
    [BindProperty]
    public string? Theme { get; set; }

    /// <summary>The owner's rules.</summary>
    [BindProperty]
    public string? Style { get; set; }

    public IReadOnlyList<ThemeState> All => themes.All;
    public IReadOnlyList<string> Strays => themes.Strays;
    public Theme Own => themes.Own;
    public string Directory => themes.Directory;

    /// <summary>The theme that the page wears; it is the installation's own when the page's choice cannot be used.</summary>
    public Theme Worn => themes.Of(StatusPage.Theme);
    public Theme Shown => themes.Of(All.Any(state => state.Name == Show) ? Show : StatusPage.Theme);
    public string InScheme => ThemesRoom.Schemes.Contains(Scheme) ? Scheme! : ThemesRoom.Schemes[0];

    /// <summary>The rules that are tried and not saved; null: those that the page has.</summary>
    public string? Tried { get; private set; }

    public string Frame => ThemesRoom.PreviewOf(Shown.Name, InScheme, Tried);

    public void OnGet() => Prepare(StatusPage.Style);

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var chosen = string.IsNullOrEmpty(Theme)
                    ? null
                    : All.FirstOrDefault(state => state.Name == Theme) ?? throw new RuleViolation($"There is no theme '{Theme}'.", nameof(Theme));
                if (chosen is { Theme: null })
                    throw new RuleViolation($"'{Theme}' cannot be used. {chosen.Trouble}", nameof(Theme));
                var page = await Db.Pages.FirstAsync(row => row.Id == StatusPage.Id, Cancel);
                page.ChooseTheme(Theme, Now);
                await Writer.PublishAsync(page.Id, new(Actor, "page.themed", Theme ?? Own.Name), Cancel);
                Done = Say["The page has the theme {0} now.", (chosen?.Theme ?? Own).Label];
                return ThemesRoom.Path;
            },
            Again
        );

    public Task<IActionResult> OnPostStyleAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                OwnStyle.Check(Style);
                var page = await Db.Pages.FirstAsync(row => row.Id == StatusPage.Id, Cancel);
                page.SetStyle(Style, Now);
                await Writer.PublishAsync(page.Id, new(Actor, "page.styled", page.Name), Cancel);
                Done = page.Style is null ? Say["Your rules are taken out."] : Say["Your rules are on the page."];
                return ThemesRoom.Path;
            },
            Again
        );

    /// <summary>Shows the page with the rules, and saves nothing.</summary>
    public IActionResult OnPostTry()
    {
        try
        {
            Tried = OwnStyle.Check(Style) is { } ? OwnStyle.Of(Style)?.Address : null;
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation, nameof(Style));
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        Prepare(Style);
        return Page();
    }

    public IActionResult OnPostRead()
    {
        var refused = watch.Look(all: true).Count(state => state.Trouble is not null);
        Done =
            refused == 0 ? Say["All themes were read again."] : Say["All themes were read again. {0} cannot be used; the reason stands below.", refused];
        return LocalRedirect("~" + ThemesRoom.Path);
    }

    private Task Again()
    {
        Prepare(Style);
        return Task.CompletedTask;
    }

    private void Prepare(string? style)
    {
        Style = style;
        Response.Headers.ContentSecurityPolicy = SecurityHeaders.PolicyWithFrames;
    }
}
