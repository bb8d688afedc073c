using Microsoft.AspNetCore.Mvc;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Channels;

/// <summary>
/// The base of forms for something with secrets, such as an account or a contact, which adds, changes and tests it.
/// Secrets can be entered, but are never shown again.
/// </summary>
public abstract class SecretFormPage(ChangeWriter writer, ChannelSecrets secrets) : AdminPage(writer)
{
    /// <summary>Reads what is stored.</summary>
    protected ChannelSecrets Stored => secrets;

    protected const string New = "new";

    [FromRoute]
    public string Id { get; set; } = "";

    /// <summary>The channel of a new one.</summary>
    [FromQuery(Name = "channel")]
    public string? Code { get; set; }

    /// <summary>A secret that is left empty keeps its value.</summary>
    [BindProperty]
    public Dictionary<string, string?> Secrets { get; set; } = [];

    /// <summary>Encrypted: the typed secrets of a form that is shown again because of an error elsewhere.</summary>
    [BindProperty]
    public string? Kept { get; set; }

    /// <summary>Secrets that need not be entered again.</summary>
    public IReadOnlyDictionary<string, string> Known { get; private set; } = new Dictionary<string, string>();

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? ShowAnew() : NotFound();

    public async Task<IActionResult> OnPostAsync() => await LoadAsync() ? await AttemptAsync(MayManage, SaveAsync, AgainAsync) : NotFound();

    /// <summary>Loads the object of the form, and calls <see cref="Know"/>.</summary>
    /// <returns>False when it does not exist.</returns>
    protected abstract Task<bool> LoadAsync();

    /// <summary>Fills the form with what is stored.</summary>
    protected abstract void Show();

    /// <returns>Where the form leads.</returns>
    protected abstract Task<string> SaveAsync();

    /// <summary>The page with the stored values, and perhaps the result of a test.</summary>
    protected IActionResult ShowAnew()
    {
        ModelState.Clear();
        Show();
        Token = NewToken();
        return Page();
    }

    /// <param name="stored">The secrets that are stored; null: none, or they can no longer be read.</param>
    protected void Know(IReadOnlyDictionary<string, string>? stored) => Known = Merged(stored ?? None, Kept is null ? None : secrets.Read(Kept) ?? None);

    /// <summary>All secrets, encrypted, from what was entered and what is known.</summary>
    /// <param name="isOtherServer">Secrets that were entered for one server are not sent to another.</param>
    protected string Encrypted(ChannelForm form, bool isOtherServer) => secrets.Protect(form.CheckedSecrets(isOtherServer ? None : Known, Secrets));

    private static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>Keeps the typed secrets, encrypted, so that an error in another field does not force anybody to copy them again.</summary>
    private async Task AgainAsync()
    {
        var entered = Secrets.Where(pair => !string.IsNullOrWhiteSpace(pair.Value)).ToDictionary(pair => pair.Key, pair => pair.Value!.Trim());
        var all = Merged(Known, entered);
        Kept = all.Count > 0 ? secrets.Protect(all) : null;
        await LoadAsync();
    }

    private static Dictionary<string, string> Merged(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
        before.Concat(after).GroupBy(pair => pair.Key).ToDictionary(group => group.Key, group => group.Last().Value);
}
