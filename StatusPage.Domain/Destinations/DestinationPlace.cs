namespace StatusPage.Domain.Destinations;

/// <summary>Names the place in which things are made: the address with the repository, space or page. An id that was given in one place means nothing in another.</summary>
public static class DestinationPlace
{
    /// <param name="setting">The value of a setting by its name.</param>
    /// <returns>SHA-256, in hexadecimal.</returns>
    public static string Of(DestinationKind kind, string baseUrl, Func<string, string?> setting)
    {
        var within = kind switch
        {
            DestinationKind.GitHub => setting(DestinationField.Repository)?.ToLowerInvariant(),
            DestinationKind.Confluence or DestinationKind.ConfluenceDataCenter => setting(DestinationField.Space),
            DestinationKind.Notion => NotionPlace.Read(setting(DestinationField.Parent) ?? "")?.Id,
            _ => null,
        };
        // What follows in a webhook's address may be a key, which changes while the receiver stays.
        var address = new Uri(baseUrl).GetLeftPart(UriPartial.Path);
        return BodyPrint.Of($"{kind.Code()}\n{address}\n{within}");
    }
}
