using System.Globalization;

namespace StatusPage.Web.Deliveries;

/// <summary>The state of an update's deliveries, in one line.</summary>
/// <param name="Written">Messages written to files because there is no mail server: they reached nobody.</param>
public sealed record DeliveryCounts(int Waiting, int Sent, int Failed, int Suppressed, int Written)
{
    public override string ToString()
    {
        var parts = new List<string>();
        if (Sent > 0)
            parts.Add($"sent to {Number(Sent)}");
        if (Written > 0)
            parts.Add($"{Number(Written)} written to files, not sent");
        if (Waiting > 0)
            parts.Add($"{Number(Waiting)} on their way");
        if (Failed > 0)
            parts.Add($"{Number(Failed)} failed");
        if (Suppressed > 0)
            parts.Add($"{Number(Suppressed)} not sent on purpose");
        return parts.Count == 0 ? "nobody to tell" : string.Join(", ", parts);
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
