namespace StatusPage.Domain.Destinations;

/// <summary>An object as it stands in another system.</summary>
/// <param name="Version">Its own number of the text; null where the system counts none.</param>
/// <param name="Body">As it was read; null where it cannot be read.</param>
/// <param name="IsOurs">Whether it bears our marker.</param>
/// <param name="Title">Where it is compared apart from the body; null where the body or the version tells of it.</param>
/// <param name="State">Of an issue: "open", or "closed:" with the reason.</param>
/// <param name="Note">What a person should know although it went well.</param>
public sealed record RemoteObject(
    string Id,
    string? Url,
    int? Version = null,
    string? Body = null,
    bool IsOurs = true,
    string? Title = null,
    string? State = null,
    string? Note = null
);

/// <summary>What another system answered. Each reason is worded for the person who reads it at the desk, and holds no secret.</summary>
public abstract record Remote
{
    private Remote() { }

    public sealed record Found(RemoteObject There) : Remote;

    /// <summary>Looked for, and not there.</summary>
    public sealed record Nothing : Remote;

    /// <summary>No answer, or one that asks to come back. What was asked may have been done all the same.</summary>
    /// <param name="NotBefore">When it wants to be asked again; null leaves that to the schedule.</param>
    /// <param name="Counts">False where nothing was sent, so that it is no attempt.</param>
    /// <param name="Pauses">Whether all that waits for this destination waits as long.</param>
    public sealed record Later(string Why, DateTimeOffset? NotBefore = null, bool Counts = true, bool Pauses = false) : Remote;

    /// <summary>Something stands in the way that may be ours, such as a newer version or the same title.</summary>
    public sealed record Conflict(string Why) : Remote;

    /// <summary>It will not work before a person does something.</summary>
    /// <param name="Tries">How often it is tried before that is believed.</param>
    /// <param name="IsWhole">Whether nothing else will work there either, such as with a token that has ended.</param>
    /// <param name="TurnsOff">Whether the destination said that nothing shall be sent there any more.</param>
    /// <param name="IsMissing">Whether what was asked for is not there, as far as the other side lets us see.</param>
    public sealed record Refused(string Why, int Tries = 1, bool IsWhole = false, bool TurnsOff = false, bool IsMissing = false) : Remote
    {
        /// <summary>The same of something that we made there before.</summary>
        public Refused OfOurOwn =>
            IsMissing
                ? this with
                {
                    Why = $"It is not found there. If somebody deleted it, choose 'Make it anew' or 'Forget the link' at the destination. {Why}",
                }
                : this;
    }
}
