using System.Text.RegularExpressions;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Pages;
using StatusPage.Web.Accounts;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Themes;

/// <summary>The files of themes, and the preview of the page in a theme that it does not wear yet.</summary>
public static partial class ThemesRoom
{
    public const string Path = "/admin/theme";

    /// <summary>Schemes that a preview can be seen in, whatever the device prefers.</summary>
    public static readonly string[] Schemes = ["auto", "light", "dark"];

    public static void AddThemes(this IServiceCollection services, Settings settings)
    {
        // Reading the themes takes as long as building all the rest and needs nothing of it, so both go on at once. A mistake in a theme still stops the
        // start.
        var themes = Task.Run(() => new ThemeCatalog(settings));
        services.AddSingleton(_ => themes.GetAwaiter().GetResult());
        services.AddSingleton<ThemeWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ThemeWatch>());
    }

    public static void MapThemes(this WebApplication app)
    {
        // Files of themes that are worn now are served before; these were worn when somebody's page was made.
        app.MapMethods(
                "/assets/{file}",
                ["GET", "HEAD"],
                (string file, ThemeCatalog themes, PublicSite site, HttpContext context) =>
                    (themes.FileAt($"/assets/{file}") ?? OwnStyle.FileAt($"/assets/{file}")?.Document) is { } document
                        ? PublicRoutes.ServeAsync(context, document, StatusCodes.Status200OK)
                    : site.Current?.Find(SiteRenderer.NotFound) is { } missing ? PublicRoutes.ServeAsync(context, missing, StatusCodes.Status404NotFound)
                    : Results.NotFound().ExecuteAsync(context)
            )
            .AllowAnonymous();
        app.MapGet(Path + "/preview/{scheme}/{look}/{**path}", PreviewAsync).RequireAuthorization(Permissions.Manage);
    }

    /// <summary>The address of the page's preview in a theme.</summary>
    /// <param name="style">The address of the owner's rules that are tried with it; null: the rules that the page has.</param>
    public static string PreviewOf(string theme, string scheme = "auto", string? style = null) =>
        $"{Path}/preview/{scheme}/{theme}{(style is null ? "" : "." + style.Split('.')[1])}/";

    /// <summary>
    /// The public site, as if it lay under the preview's address, so that its links stay in the preview. Documents that are not rendered ahead, such as
    /// the form to subscribe and the reader of the API, are not part of it.
    /// </summary>
    private static async Task PreviewAsync(
        string scheme,
        string look,
        string? path,
        HttpContext context,
        PublicSite site,
        ThemeCatalog themes,
        SiteRenderer renderer
    )
    {
        context.Response.Headers["X-Robots-Tag"] = "noindex";
        var (name, style) = look.Split('.', 2) is [var before, var behind] ? (before, behind) : (look, null);
        if (site.Current is not { } edition || !Schemes.Contains(scheme) || themes.Of(name).Name != name)
        {
            await Results.NotFound().ExecuteAsync(context);
            return;
        }
        var tried = style is null ? null : OwnStyle.TypedAt($"/assets/custom.{style}.css");
        var under = $"{site.Location.Base()}{Path}/preview/{scheme}/{look}".TrimStart('/');
        var snapshot = edition.Snapshot with
        {
            Theme = name,
            Style = tried ?? edition.Snapshot.Style,
            Location = new PageLocation(under, site.Location.HostName),
        };
        // With a language in its path, it is seen as under the language's own address.
        var language = path is { Length: >= 2 } && (path.Length == 2 || path[2] == '/') ? Language.Find(path[..2]) : null;
        var document = await renderer.TryAsync(
            snapshot,
            language is null ? "/" + path
                : path!.Length <= 3 ? "/"
                : path[2..],
            language
        );
        var status = document is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        document ??= (await renderer.TryAsync(snapshot, SiteRenderer.NotFound))!;
        context.Response.StatusCode = status;
        foreach (var (header, value) in document.Kind.Headers)
            context.Response.Headers[header] = value;
        if (document.Kind.ContentType.StartsWith("text/html", StringComparison.Ordinal))
            context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.PolicyInFrame;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = document.Kind.ContentType;
        await context.Response.Body.WriteAsync(
            document.Kind.ContentType.StartsWith("text/css", StringComparison.Ordinal) ? InScheme(document.Plain.Body, scheme) : document.Plain.Body,
            context.RequestAborted
        );
    }

    /// <summary>The scheme is normally the device's choice. Here a condition that always or never holds takes its place.</summary>
    private static byte[] InScheme(byte[] css, string scheme)
    {
        if (scheme == "auto")
            return css;
        var text = System.Text.Encoding.UTF8.GetString(css);
        foreach (var one in (string[])["dark", "light"])
            text = (one == "dark" ? Dark() : Light()).Replace(text, one == scheme ? "(min-width:0)" : "(max-width:0)");
        return System.Text.Encoding.UTF8.GetBytes(text);
    }

    [GeneratedRegex(@"\(\s*prefers-color-scheme\s*:\s*dark\s*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Dark();

    [GeneratedRegex(@"\(\s*prefers-color-scheme\s*:\s*light\s*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Light();
}
