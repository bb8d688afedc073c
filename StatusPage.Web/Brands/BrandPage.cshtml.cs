using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Domain.Brands;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Brands;

/// <summary>Where an owner gives the page their logo, icon and colour.</summary>
[Authorize(Policy = Permissions.Manage)]
[RequestSizeLimit(MaxBytes)]
[RequestFormLimits(MultipartBodyLengthLimit = MaxBytes)]
public sealed class BrandPage(ChangeWriter writer, BrandDesk desk, ThemeCatalog themes) : AdminPage(writer)
{
    public const string Path = "/admin/brand";

    /// <summary>Bytes of the whole form: more than its pictures may have, so that one that is too large is told so.</summary>
    private const int MaxBytes = 8 * 1024 * 1024;

    [BindProperty]
    public string? Accent { get; set; }

    [BindProperty]
    public string? DarkAccent { get; set; }

    [BindProperty]
    public IFormFile? Logo { get; set; }

    [BindProperty]
    public IFormFile? DarkLogo { get; set; }

    [BindProperty]
    public IFormFile? Icon { get; set; }

    /// <summary>Names of the pictures that are taken out.</summary>
    [BindProperty]
    public List<string> TakenOut { get; set; } = [];

    [FromQuery(Name = "scheme")]
    public string? Scheme { get; set; }

    public Brand Brand => StatusPage.Brand;
    public Theme Theme => themes.Of(StatusPage.Theme);
    public string InScheme => ThemesRoom.Schemes.Contains(Scheme) ? Scheme! : ThemesRoom.Schemes[0];
    public string Frame => ThemesRoom.PreviewOf(Theme.Name, InScheme);

    public void OnGet()
    {
        (Accent, DarkAccent) = (Brand.Accent, Brand.DarkAccent);
        Frames();
    }

    public Task<IActionResult> OnPostAsync() =>
        AttemptAsync(
            MayManage,
            async () =>
            {
                var asked = new BrandRequest(
                    Accent,
                    DarkAccent,
                    await PictureAsync(Logo, nameof(Logo)),
                    await PictureAsync(DarkLogo, nameof(DarkLogo)),
                    await PictureAsync(Icon, nameof(Icon))
                );
                var removed = await desk.WearAsync(StatusPage.Id, asked, Actor, Cancel);
                Done =
                    removed.Count == 0
                        ? Say["Saved. It is on the page."]
                        : Say["Saved. This was taken out of the picture: {0}.", string.Join(", ", removed)];
                return Path;
            },
            () =>
            {
                Frames();
                return Task.CompletedTask;
            }
        );

    private async Task<PictureRequest> PictureAsync(IFormFile? file, string field)
    {
        if (file is not { Length: > 0 })
            return new(field, null, TakenOut.Contains(field));
        if (file.Length > BrandPicture.MaxBytes)
            throw new RuleViolation($"The picture has {file.Length / 1024:N0} KB. {BrandPicture.MaxBytes / 1024} KB are taken: make it smaller.", field);
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, Cancel);
        return new(field, bytes.ToArray(), false);
    }

    private void Frames() => Response.Headers.ContentSecurityPolicy = SecurityHeaders.PolicyWithFrames;
}
