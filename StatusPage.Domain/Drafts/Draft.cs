namespace StatusPage.Domain.Drafts;

public enum DraftState
{
    /// <summary>Somebody is writing, or stopped writing.</summary>
    Open = 0,

    /// <summary>Waits for a second pair of eyes, or for somebody who may publish.</summary>
    Submitted = 1,
    Published = 2,
    Discarded = 3,
}

/// <summary>What somebody typed and has not published yet. It is saved while they type, and outlives session, tab and server.</summary>
public sealed class Draft
{
    /// <summary>Characters of the form as it is kept.</summary>
    public const int MaxContentLength = 200_000;

    private Draft() { }

    public DraftId Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>The incident that it updates; null when it opens one.</summary>
    public IncidentId? IncidentId { get; private init; }

    /// <summary>The update that it would correct or translate; null when it posts a new one.</summary>
    public UpdateId? Corrects { get; private init; }

    /// <summary>Who began it.</summary>
    public string Author { get; private init; } = "";

    /// <summary>Who wrote in it last.</summary>
    public string Editor { get; private set; } = "";

    /// <summary>Identifies the form that wrote last, so that a form does not conflict with itself.</summary>
    public string Form { get; private set; } = "";

    /// <summary>The fields of the form, as the composer keeps them.</summary>
    public string Content { get; private set; } = "";

    /// <summary>Its name in lists.</summary>
    public string Title { get; private set; } = "";
    public DraftState State { get; private set; }
    public string? SubmittedBy { get; private set; }
    public DateTimeOffset? SubmittedAt { get; private set; }

    /// <summary>What the person who sent it back wants changed.</summary>
    public string? SentBackBecause { get; private set; }

    /// <summary>When it posts itself: the end of the countdown that "Post" began; null when none runs.</summary>
    public DateTimeOffset? PostsAt { get; private set; }

    /// <summary>Who posted it, whose rights count at that time.</summary>
    public string? Poster { get; private set; }

    /// <summary>The version of the incident that its poster saw; another one meanwhile is a conflict.</summary>
    public int? PostsOn { get; private set; }

    /// <summary>Whether its poster was asked about its alert already, and said yes.</summary>
    public bool PostsAnyway { get; private set; }

    /// <summary>Why the countdown ended without a post, for whoever opens it next.</summary>
    public string? NotPostedBecause { get; private set; }

    /// <summary>The update that it became.</summary>
    public UpdateId? PublishedAs { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Rises by one with every change, so that two people who write in it at once are told.</summary>
    public int Version { get; private set; }

    public bool IsCountingDown => PostsAt is not null;

    public bool IsOver => State is DraftState.Published or DraftState.Discarded;

    public static Draft Begin(
        PageId page,
        IncidentId? incident,
        string title,
        string content,
        string author,
        string form,
        DateTimeOffset now,
        UpdateId? corrects = null
    )
    {
        var draft = new Draft
        {
            Id = DraftId.New(),
            PageId = page,
            IncidentId = incident,
            Corrects = corrects,
            Author = author,
            CreatedAt = now,
        };
        draft.Write(title, content, author, form, now);
        return draft;
    }

    /// <summary>Keeps what is typed. A submitted draft that changes must be submitted again.</summary>
    public void Write(string title, string content, string editor, string form, DateTimeOffset now)
    {
        RefuseOver();
        if (content.Length > MaxContentLength)
            throw new RuleViolation("This is too long to be kept. Shorten it.");
        if (content == Content)
            return;
        RefuseCountingDown();
        (Title, Content, Editor, Form) = (Text.Cut(title, Incidents.Incident.MaxTitleLength), content, editor, form);
        if (State == DraftState.Submitted)
            (State, SubmittedBy, SubmittedAt) = (DraftState.Open, null, null);
        Touch(now);
    }

    public void Submit(string by, DateTimeOffset now)
    {
        RefuseOver();
        RefuseCountingDown();
        (State, SubmittedBy, SubmittedAt, SentBackBecause, NotPostedBecause) = (DraftState.Submitted, by, now, null, null);
        Touch(now);
    }

    public void SendBack(string? because, DateTimeOffset now)
    {
        if (State != DraftState.Submitted)
            throw new RuleViolation("This draft does not wait for approval.");
        RefuseCountingDown();
        SentBackBecause = Text.Line(because, "Because", "what should be changed", 500);
        (State, SubmittedBy, SubmittedAt) = (DraftState.Open, null, null);
        Touch(now);
    }

    public void Discard(DateTimeOffset now)
    {
        RefuseOver();
        RefuseCountingDown();
        State = DraftState.Discarded;
        Touch(now);
    }

    /// <summary>Somebody publishes it though it was thrown away.</summary>
    public void TakeBack(DateTimeOffset now)
    {
        if (State != DraftState.Discarded)
            throw new RuleViolation("This draft was not thrown away.");
        State = DraftState.Open;
        Touch(now);
    }

    /// <summary>Whether the publisher is the second pair of eyes: somebody else submitted it, and the publisher was not the last to edit it.</summary>
    public bool IsApprovedBy(string publisher) => State == DraftState.Submitted && SubmittedBy != publisher && Editor != publisher;

    public void Publish(UpdateId update, DateTimeOffset now)
    {
        RefuseOver();
        (State, PublishedAs) = (DraftState.Published, update);
        EndCountdown(null);
        Touch(now);
    }

    /// <summary>"Post" was pressed: it posts itself at the end of the countdown, unless somebody takes it back.</summary>
    /// <param name="content">What is posted. A submitted draft that its poster changed is approved by nobody.</param>
    /// <param name="on">The incident's version that the poster saw; null for an incident that is opened.</param>
    /// <param name="anyway">Whether the poster was asked about its alert already, and said yes.</param>
    public void BeginCountdown(string content, string poster, DateTimeOffset until, int? on, bool anyway, DateTimeOffset now)
    {
        RefuseOver();
        RefuseCountingDown();
        if (content.Length > MaxContentLength)
            throw new RuleViolation("This is too long to be kept. Shorten it.");
        if (content != Content)
            (Content, Editor) = (content, poster);
        (PostsAt, Poster, PostsOn, PostsAnyway, NotPostedBecause) = (until, poster, on, anyway, null);
        Touch(now);
    }

    /// <summary>The countdown ends without a post, and every word stays in the draft.</summary>
    /// <param name="because">Why, if nobody took it back.</param>
    public void StopCountdown(string? because, DateTimeOffset now)
    {
        if (!IsCountingDown)
            throw State == DraftState.Published ? new RuleViolation("It is posted already.") : new RuleViolation("It was taken back already.");
        if (State == DraftState.Submitted && Editor == Poster)
            (State, SubmittedBy, SubmittedAt) = (DraftState.Open, null, null);
        EndCountdown(because);
        Touch(now);
    }

    private void EndCountdown(string? because) => (PostsAt, Poster, PostsOn, PostsAnyway, NotPostedBecause) = (null, null, null, false, because);

    private void Touch(DateTimeOffset now)
    {
        UpdatedAt = now;
        Version++;
    }

    private void RefuseCountingDown()
    {
        if (IsCountingDown)
            throw new RuleViolation($"{Poster} has posted this, and it goes out in a moment. Take it back first.");
    }

    private void RefuseOver()
    {
        if (State == DraftState.Published)
            throw new RuleViolation("This draft was published already.");
        if (State == DraftState.Discarded)
            throw new RuleViolation("This draft was thrown away.");
    }
}
