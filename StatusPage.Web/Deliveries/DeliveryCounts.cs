using StatusPage.Web.Languages;

namespace StatusPage.Web.Deliveries;

/// <summary>The state of an update's deliveries, in one line.</summary>
/// <param name="Written">Messages written to files because there is no mail server: they reached nobody.</param>
public sealed record DeliveryCounts(int Waiting, int Sent, int Failed, int Suppressed, int Written)
{
    public override string ToString() => InWords(Words.English);

    public string InWords(Words say)
    {
        var parts = new List<string>();
        if (Sent > 0)
            parts.Add(say["sent to {0:N0}", Sent]);
        if (Written > 0)
            parts.Add(say["{0:N0} written to files, not sent", Written]);
        if (Waiting > 0)
            parts.Add(say["{0:N0} on their way", Waiting]);
        if (Failed > 0)
            parts.Add(say["{0:N0} failed", Failed]);
        if (Suppressed > 0)
            parts.Add(say["{0:N0} not sent on purpose", Suppressed]);
        return parts.Count == 0 ? say["nobody to tell"] : string.Join(", ", parts);
    }
}
