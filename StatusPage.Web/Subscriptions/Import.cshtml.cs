using System.Text;
using Microsoft.AspNetCore.Mvc;
using StatusPage.Domain;
using StatusPage.Web.Data;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Subscriptions;

[RequestSizeLimit(MaxBytes)]
[RequestFormLimits(ValueLengthLimit = MaxBytes, MultipartBodyLengthLimit = MaxBytes, BufferBodyLengthLimit = MaxBytes)]
public sealed class ImportPage(ChangeWriter writer, SubscriberImport import) : AdminPage(writer)
{
    /// <summary>Bytes of the whole form: about 200,000 addresses as a file. docs/deploy/nginx.conf lets as much through.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    [BindProperty]
    public string? Addresses { get; set; }

    [BindProperty]
    public IFormFile? Upload { get; set; }

    [BindProperty]
    public bool Agreed { get; set; }

    /// <summary>Bad lines, sent back to be kept as a file.</summary>
    [BindProperty]
    public string? Refused { get; set; }

    public ImportResult? Result { get; private set; }
    public string BadLines => Result is null ? "" : string.Join('\n', Result.Bad.Select(line => line.In(Say)));

    public IActionResult OnGet() => MayPublish ? Page() : Forbid();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!MayPublish)
            return Forbid();
        try
        {
            var checks = new Checks();
            checks.Refuse(!Agreed, "Tick the box: only who agreed may be written to.", nameof(Agreed));
            var text = await TextAsync();
            checks.Refuse(string.IsNullOrWhiteSpace(text), "Paste addresses, or choose a file.", nameof(Addresses));
            checks.Enforce();
            Result = await import.RunAsync(StatusPage.Id, text, Actor, Cancel);
            ModelState.Clear();
            Addresses = null;
            Agreed = false;
        }
        catch (RuleViolation violation)
        {
            this.Refuse(violation);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        }
        return Page();
    }

    public IActionResult OnPostRefused() =>
        MayPublish
            ? File(
                Encoding.UTF8.GetBytes("line\twhat stood there\twhy\n" + Csv.DisarmTabbed(Refused ?? "")),
                "text/tab-separated-values; charset=utf-8",
                "refused.tsv"
            )
            : Forbid();

    private async Task<string> TextAsync()
    {
        if (Upload is not { Length: > 0 } file)
            return Addresses ?? "";
        try
        {
            using var reader = new StreamReader(file.OpenReadStream(), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return $"{await reader.ReadToEndAsync(Cancel)}\n{Addresses}";
        }
        catch (DecoderFallbackException)
        {
            throw new RuleViolation("The file is not text in UTF-8. Save it as CSV in UTF-8, then choose it again.", nameof(Upload));
        }
    }
}
