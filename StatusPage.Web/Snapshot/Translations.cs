using StatusPage.Web.Languages;
using StatusPage.Web.Public;

namespace StatusPage.Web.Snapshot;

/// <summary>
/// The documents of one edition that are made once, when somebody first asks for them: those in other languages than the page's own, and those of which
/// there are many and each is seldom asked for. They come from the snapshot like all others, so they need nothing that could be away. The next edition
/// takes the shelf over, and makes anew what is asked for again.
/// </summary>
/// <param name="stamp">Names the edition.</param>
/// <param name="find">Knows how each of them is made; null for any other address.</param>
/// <param name="make">Gives null where the document could not be made.</param>
public sealed class Translations(string stamp, Func<string, Plan?> find, Func<Plan, SpokenLanguage, Made?, Task<Made?>> make, Translations? before)
{
    /// <summary>Bytes of all of them together, for one page.</summary>
    private const long Most = 16 * 1024 * 1024;

    private readonly DocumentShelf<(string Path, SpokenLanguage Spoken)> _shelf = before?._shelf ?? new(Most);

    /// <summary>Whether there is such a document, though it is not made ahead.</summary>
    public bool IsSeldom(string path) => find(path) is { IsSeldom: true };

    public DocumentKind? KindOf(string path) => find(path)?.Kind;

    public async Task<RenderedDocument?> FindAsync(string path, SpokenLanguage spoken) =>
        find(path) is not { } plan ? null : (await _shelf.GetAsync((path, spoken), stamp, old => make(plan, spoken, old)))?.Document;

    /// <summary>Drops the documents that the edition does not have any more.</summary>
    public void Tidy() => _shelf.Drop(key => find(key.Path) is null);
}
