namespace StatusPage.Domain.Destinations;

/// <summary>The name of an object at other systems: <c>pm-</c> with the incident's id, or <c>ai-</c> with the action item's.</summary>
public readonly record struct DestinationRef(DestinationObject What, string Id)
{
    private const string Word = "statuspage-ref: ";

    public static DestinationRef Of(IncidentId incident) => new(DestinationObject.Postmortem, incident.Value);

    public static DestinationRef Of(ActionItemId item) => new(DestinationObject.ActionItem, item.Value);

    /// <summary>The line by which we know our own again; the last of a body.</summary>
    public string Marker => Word + this;

    /// <summary>The same where readers do not see it.</summary>
    public string HiddenMarker => $"<!-- {Marker} -->";

    /// <summary>Whether a body bears our marker, and not that of an object whose name begins like ours.</summary>
    public bool IsIn(string body)
    {
        for (var at = body.IndexOf(Marker, StringComparison.Ordinal); at >= 0; at = body.IndexOf(Marker, at + 1, StringComparison.Ordinal))
            if (at + Marker.Length == body.Length || !char.IsAsciiLetterOrDigit(body[at + Marker.Length]))
                return true;
        return false;
    }

    public override string ToString() => (What == DestinationObject.Postmortem ? "pm-" : "ai-") + Id;
}
