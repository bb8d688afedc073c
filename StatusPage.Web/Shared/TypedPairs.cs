namespace StatusPage.Web.Shared;

/// <summary>Which tags within a line belong together. A tag without its other half is words: <c>List&lt;s&gt;</c>.</summary>
internal static class TypedPairs
{
    /// <returns>The tags that have another half. They nest: a pair that would cross another one is none.</returns>
    public static HashSet<TypedTag> Of(IEnumerable<TypedTag> tags)
    {
        var pairs = new HashSet<TypedTag>();
        var (open, counts) = (new Stack<TypedTag>(), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var tag in tags.Where(tag => !tag.IsVoid))
        {
            if (!tag.IsEnd)
            {
                open.Push(tag);
                counts[tag.Name] = counts.GetValueOrDefault(tag.Name) + 1;
            }
            else if (counts.GetValueOrDefault(tag.Name) > 0)
            {
                TypedTag begin;
                do
                {
                    begin = open.Pop();
                    counts[begin.Name]--;
                } while (begin.Name != tag.Name);
                pairs.Add(begin);
                pairs.Add(tag);
            }
        }
        return pairs;
    }
}
