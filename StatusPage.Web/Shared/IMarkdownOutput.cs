namespace StatusPage.Web.Shared;

/// <summary>
/// What <see cref="MarkdownWalk"/> writes to. Elements have the names of HTML and are always closed in the order in which they were opened, whatever was
/// typed.
/// </summary>
internal interface IMarkdownOutput
{
    /// <param name="start">The number of the first item of an ordered list.</param>
    void Begin(string element, int start = 1);

    void End(string element);

    /// <param name="url">Safe to follow.</param>
    void BeginLink(string url, string? title);

    void EndLink();

    /// <summary>Words as they are to be read, not encoded.</summary>
    void Text(ReadOnlySpan<char> text);

    /// <summary>The end of a line within a block.</summary>
    void Break();

    /// <summary>A line across.</summary>
    void Rule();

    /// <summary>All that was written.</summary>
    string Written { get; }
}
