namespace StatusPage.Domain.Destinations;

/// <summary>How far an object is at a destination. The numbers lie in the store.</summary>
public enum LinkState
{
    /// <summary>Asked for; nothing was made there.</summary>
    None = 0,

    /// <summary>A create was sent, or is about to be; whether it arrived is not known.</summary>
    Creating = 1,
    Linked = 2,

    /// <summary>Nothing more happens before a person does something; <see cref="DestinationLink.LastError"/> says what.</summary>
    Stopped = 3,
}

public static class LinkStates
{
    /// <summary>"waiting", "creating", "linked" or "stopped".</summary>
    public static string Code(this LinkState state) => state == LinkState.None ? "waiting" : state.ToString().ToLowerInvariant();

    public static string Label(this LinkState state) =>
        state switch
        {
            LinkState.None => "Waiting",
            LinkState.Creating => "Creating",
            LinkState.Linked => "Linked",
            _ => "Stopped",
        };
}

/// <summary>What is sent, as a kind of destination writes it.</summary>
/// <param name="Body">With our marker.</param>
public sealed record Outgoing(DestinationRef Ref, string Title, string Body)
{
    /// <summary>Tells whether there is something new to write.</summary>
    public string Print { get; } = BodyPrint.Of($"{Title}\n{Body}");

    /// <summary>What is compared with what was read there.</summary>
    public string Compared { get; init; } = Body;

    /// <summary>Nothing of ours can be older; null: not known.</summary>
    public DateTimeOffset? Since { get; init; }

    public string Words => BodyPrint.OfWords(Compared);
}

/// <summary>
/// A row of the ledger: one object at one destination. It is the truth about what was made there, so a second of the same is never made, and what somebody
/// edited there is never written over.
/// </summary>
public sealed class DestinationLink
{
    public const int MaxRemoteId = 100;
    public const int MaxUrl = 1000;
    public const int MaxError = 500;
    public const int MaxState = 30;
    public const int MaxTitle = 2000;
    private const int PrintInId = 12;

    /// <summary>What to know of something that <see cref="IsElsewhere"/>.</summary>
    public const string Elsewhere = "This was made at the destination's former address. Send it again to have it at the new one, too.";

    private DestinationLink() { }

    public long Id { get; private init; }
    public PageId PageId { get; private init; }
    public DestinationId DestinationId { get; private init; }
    public IncidentId IncidentId { get; private init; }
    public DestinationObject What { get; private init; }

    /// <summary>The id of the incident or of the action item.</summary>
    public string ObjectId { get; private init; } = "";

    /// <summary>The <see cref="DestinationPlace"/> that all of this is about; null before the first attempt.</summary>
    public string? Place { get; private set; }

    /// <summary>The address of what was made in a place before.</summary>
    public string? FormerUrl { get; private set; }
    public LinkState State { get; private set; }
    public string? RemoteId { get; private set; }
    public string? Url { get; private set; }
    public int? RemoteVersion { get; private set; }

    /// <summary><see cref="BodyPrint.Of"/> of the body as it was read after our last write; null where it could not be read.</summary>
    public string? ReadPrint { get; private set; }

    /// <summary><see cref="Outgoing.Print"/> of what we wrote last, or are about to write.</summary>
    public string? SentPrint { get; private set; }

    /// <summary>Our own number of the text that was sent last; a webhook is told when it rises.</summary>
    public int Revision { get; private set; }

    /// <summary><see cref="Outgoing.Words"/> of a write whose answer is not known.</summary>
    public string? PendingWords { get; private set; }

    /// <summary>The title that stands there, as far as we know.</summary>
    public string? Title { get; private set; }

    /// <summary>The title of a write whose answer is not known. By it, what was made is found although the incident has another one by now.</summary>
    public string? PendingTitle { get; private set; }

    /// <summary>The last state of an issue that is known; see <see cref="RemoteObject.State"/>.</summary>
    public string? RemoteState { get; private set; }

    /// <summary>When that state began there, as far as it says.</summary>
    public DateTimeOffset? RemoteStateAt { get; private set; }

    /// <summary>When the issue is read again; null: never.</summary>
    public DateTimeOffset? CheckAt { get; private set; }

    /// <summary>How often somebody asked for it, 1 or more. It makes the id of a webhook.</summary>
    public int Asked { get; private set; }
    public DateTimeOffset AskedAt { get; private set; }

    /// <summary>Since it was last asked for.</summary>
    public int Attempts { get; private set; }

    /// <summary>When it is due, or its lease ends; null: nothing is to be done.</summary>
    public DateTimeOffset? NextAttemptAt { get; private set; }

    /// <summary>The node that works on it.</summary>
    public string? LeasedBy { get; private set; }

    /// <summary>When a create was first about to be sent.</summary>
    public DateTimeOffset? ClaimedAt { get; private set; }

    /// <summary>What went wrong, or what to know, and what to do about it.</summary>
    public string? LastError { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    public DestinationRef Ref => new(What, ObjectId);

    /// <summary>The same in every attempt that says the same, and unique otherwise, so that a receiver drops what it knows and nothing else.</summary>
    public string EventIdOf(Outgoing what) => $"msg_{Id}_{Ref}_r{Asked}_{what.Print[..PrintInId]}";

    public static DestinationLink Of(Destination destination, DestinationRef what, IncidentId incident, DateTimeOffset now) =>
        new()
        {
            PageId = destination.PageId,
            DestinationId = destination.Id,
            IncidentId = incident,
            What = what.What,
            ObjectId = what.Id,
            CreatedAt = now,
        };

    /// <summary>Somebody wants it sent, for the first time or anew.</summary>
    public void Ask(DateTimeOffset now)
    {
        Asked++;
        (AskedAt, Attempts, UpdatedAt, LastError) = (now, 0, now, null);
        // What a node is working on just now is due again when that is done.
        if (LeasedBy is null)
            NextAttemptAt = now;
        if (State == LinkState.Stopped)
            State = StateSoFar();
    }

    /// <summary>The state by what was made there, whatever came of the last attempt.</summary>
    public LinkState StateSoFar() =>
        RemoteId is not null ? LinkState.Linked
        : ClaimedAt is not null ? LinkState.Creating
        : LinkState.None;

    /// <summary>Whether something of ours arrived in a place.</summary>
    public bool IsKnownIn(string place) => RemoteId is not null && Place == place;

    /// <summary>Whether what we made stands in another place, such as at the former address.</summary>
    public bool IsElsewhere(string place) => RemoteId is not null && Place != place;

    /// <summary>
    /// The place in which it is to stand from now on. What was made in another one stays there and is only remembered: its id may be somebody else's here.
    /// </summary>
    /// <returns>Whether something was left behind.</returns>
    public bool MoveTo(string place)
    {
        var isLeft = Place is not null && Place != place && (RemoteId is not null || ClaimedAt is not null);
        if (isLeft)
        {
            FormerUrl = Url ?? FormerUrl;
            Forget();
        }
        Place = place;
        return isLeft;
    }

    /// <summary>
    /// Where it is, is forgotten, such as when somebody deleted it there. When it is sent, it is looked for, and made anew where it is not found. What we know
    /// of its words stays, so that it is known again.
    /// </summary>
    public void Forget()
    {
        (State, RemoteId, Url, ClaimedAt) = (LinkState.None, null, null, null);
        (RemoteState, RemoteStateAt, CheckAt) = (null, null, null);
        PendingTitle ??= Title;
    }

    /// <summary>Which of our texts an attempt carries.</summary>
    public void Carries(int revision) => Revision = revision;

    /// <summary>To be saved before a create is sent.</summary>
    public void BeginCreate(Outgoing what, DateTimeOffset now)
    {
        (State, SentPrint, PendingWords, PendingTitle, UpdatedAt) = (LinkState.Creating, what.Print, what.Words, what.Title, now);
        ClaimedAt ??= now;
    }

    /// <summary>To be saved before an update is sent.</summary>
    /// <param name="current">What it writes over; null where nothing more is written.</param>
    public void BeginUpdate(Outgoing what, RemoteObject? current, DateTimeOffset now)
    {
        // What a person let us write over may still be written over when the first attempt fails.
        if (ReadPrint is null && current?.Body is { } body)
            (ReadPrint, RemoteVersion, Title) = (BodyPrint.Of(body), current.Version, current.Title ?? Title);
        (PendingWords, PendingTitle, UpdatedAt) = (what.Words, what.Title, now);
    }

    /// <summary>It stands there as the object says, and that is what we wrote last.</summary>
    /// <param name="sent"><see cref="Outgoing.Print"/> of what it was written from; null where that is not known.</param>
    public void Stands(RemoteObject found, string? sent, DateTimeOffset now)
    {
        (State, RemoteId, RemoteVersion, SentPrint, PendingWords) = (LinkState.Linked, found.Id, found.Version, sent, null);
        (Title, PendingTitle) = (found.Title ?? PendingTitle ?? Title, null);
        Url = found.Url is { Length: <= MaxUrl } url ? url : Url;
        ReadPrint = found.Body is { } body ? BodyPrint.Of(body) : null;
        LastError = found.Note is { } note ? Text.Cut(Text.Shown(note), MaxError) : null;
        UpdatedAt = now;
    }

    /// <summary>Whether it stands there as we left it, as far as the other side lets us see.</summary>
    public bool IsAsWeLeftIt(RemoteObject found) =>
        IsOurTitle(found)
        && (
            found.Version is { } version && RemoteVersion is { } known
                ? version == known
                : found.Body is null
                    // What was never read after a write is as we left it, unless a write is on its way.
                    || (ReadPrint is null ? PendingWords is null : BodyPrint.Of(found.Body) == ReadPrint)
        );

    /// <summary>Whether what stands there is our own write whose answer was lost: its words, as the version that follows ours.</summary>
    public bool IsOurLostWrite(RemoteObject found) =>
        PendingWords is { } words
        && found.Body is { } body
        && BodyPrint.OfWords(body) == words
        && (found.Version is not { } version || RemoteVersion is null || version == RemoteVersion + 1)
        && IsOurTitle(found);

    /// <summary>Whether what was found is what a create of ours made, whose answer was lost, and nobody has changed it since.</summary>
    public bool IsOurLostCreate(RemoteObject found) =>
        PendingWords is { } words && found.Body is { } body && BodyPrint.OfWords(body) == words && found.Version is null or 1 && IsOurTitle(found);

    /// <summary>Whether what was found by its marker is, to the letter, what we read after our last write.</summary>
    public bool IsAsWeReadIt(RemoteObject found) =>
        found.Body is { } body && BodyPrint.Of(body) == ReadPrint && found.Version == RemoteVersion && IsOurTitle(found);

    /// <summary>A title and a text may be two requests, of which one arrived.</summary>
    private bool IsOurTitle(RemoteObject found) =>
        found.Title is not { } title || Title is null && PendingTitle is null || title == Title || title == PendingTitle;

    /// <summary>Nothing is left to be done.</summary>
    /// <param name="asked">What <see cref="Asked"/> was when the work began; if somebody asked meanwhile, it is due again.</param>
    public void Finish(int asked, DateTimeOffset now)
    {
        (LeasedBy, UpdatedAt) = (null, now);
        (Attempts, NextAttemptAt) = (0, Asked == asked ? null : now);
    }

    public void Stop(string why, DateTimeOffset now) =>
        (State, LastError, NextAttemptAt, LeasedBy, UpdatedAt) = (LinkState.Stopped, Text.Cut(Text.Shown(why), MaxError), null, null, now);

    /// <summary>Something of ours was found that does not stand as we sent it. We know where it is, and nothing of it counts as written by us.</summary>
    public void StopBeside(RemoteObject found, Outgoing what, DateTimeOffset now)
    {
        (RemoteId, RemoteVersion, ReadPrint) = (found.Id, found.Version is null ? null : 0, null);
        Url = found.Url is { Length: <= MaxUrl } url ? url : Url;
        PendingWords ??= what.Words;
        StopAsEdited(now);
    }

    /// <summary>Somebody edited it there.</summary>
    public void StopAsEdited(DateTimeOffset now) =>
        Stop(
            "Somebody edited it there since we wrote it, so it was not written over. "
                + "Bring over what is new by hand, or let the destination's page write over it.",
            now
        );

    /// <summary>A person decided that what stands there now may be written over.</summary>
    public void Accept() => (ReadPrint, RemoteVersion, SentPrint, PendingWords, Title, PendingTitle) = (null, null, null, null, null, null);

    /// <summary>What did not go well: try again later, or stop.</summary>
    public void Fail(Remote outcome, DateTimeOffset now)
    {
        switch (outcome)
        {
            case Remote.Later { Counts: false } later:
                (NextAttemptAt, LeasedBy, UpdatedAt) = (later.NotBefore ?? now, null, now);
                LastError = Text.Cut(Text.Shown(later.Why), MaxError);
                return;
            case Remote.Later later:
                Retry(later.Why, later.NotBefore, now);
                return;
            case Remote.Refused refused when Attempts + 1 < refused.Tries:
                Retry(refused.Why, null, now);
                return;
            case Remote.Refused refused:
                Stop(refused.Why, now);
                return;
            case Remote.Conflict conflict:
                Stop(conflict.Why, now);
                return;
            default:
                Stop("It is not there any more, or the token may not see it. Look there, then send it again.", now);
                return;
        }
    }

    private void Retry(string why, DateTimeOffset? notBefore, DateTimeOffset now)
    {
        Attempts++;
        if (DestinationRetry.NextAfter(Attempts, AskedAt, now, notBefore) is not { } next)
        {
            Stop($"It was tried for three days. {why} When that is mended, send it again.", now);
            return;
        }
        (NextAttemptAt, LeasedBy, UpdatedAt, LastError) = (next, null, now, Text.Cut(Text.Shown(why), MaxError));
    }

    /// <summary>The state of an issue as it was read.</summary>
    public void Knows(string remoteState, DateTimeOffset? since, string? trouble, DateTimeOffset now) =>
        (RemoteState, RemoteStateAt, LastError, UpdatedAt) = (remoteState, since ?? RemoteStateAt, trouble, now);

    /// <param name="at">Null: never again.</param>
    public void CheckNext(DateTimeOffset? at) => CheckAt = at;

    public void NoteTrouble(string why) => LastError = Text.Cut(Text.Shown(why), MaxError);
}
