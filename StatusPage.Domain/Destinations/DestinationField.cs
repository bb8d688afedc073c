namespace StatusPage.Domain.Destinations;

/// <summary>A setting that is no secret.</summary>
public sealed record DestinationSetting(string Name, string Value);

/// <summary>A setting of a kind of destination, as forms and commands ask for it.</summary>
/// <param name="What">The label within a sentence: "the key of the space".</param>
public sealed record DestinationField(
    string Name,
    Sentence Label,
    Sentence What,
    Sentence? Hint,
    bool IsRequired = true,
    bool IsSecret = false,
    int MaxLength = 200
)
{
    public const string Email = "email";
    public const string Token = "token";
    public const string Space = "space";
    public const string Parent = "parent";
    public const string Repository = "repository";
    public const string Labels = "labels";

    /// <summary>Signs webhooks: ours to a destination, and GitHub's to us.</summary>
    public const string Secret = "secret";

    /// <summary>The secret before, which still signs beside the new one until <see cref="FormerUntil"/>.</summary>
    public const string FormerSecret = "former_secret";
    public const string FormerUntil = "former_until";
    public const string Types = "types";

    private static readonly Sentence LeaveEmpty = "Leave this empty: a good one is made for you, or the one that there is stays.";
    private static readonly DestinationField ConfluenceToken = new(Token, "Token", "the token", null, IsSecret: true, MaxLength: 1000);
    private static readonly DestinationField ConfluenceSpace = new(Space, "Key of the space", "the key of the space", "Such as OPS.", MaxLength: 255);
    private static readonly DestinationField ConfluenceParent = new(
        Parent,
        "Id of the page above",
        "the id of the page above",
        "The number in its address. Empty: the space's home page.",
        IsRequired: false,
        MaxLength: 30
    );

    public static IReadOnlyList<DestinationField> Of(DestinationKind kind) =>
        kind switch
        {
            DestinationKind.Confluence =>
            [
                new(Email, "Email of the account", "the email of the account", "The account that the token belongs to."),
                ConfluenceToken,
                ConfluenceSpace,
                ConfluenceParent,
            ],
            DestinationKind.ConfluenceDataCenter => [ConfluenceToken, ConfluenceSpace, ConfluenceParent],
            DestinationKind.Notion =>
            [
                new(Token, "Token", "the token", "Begins with ntn_ or secret_.", IsSecret: true, MaxLength: 1000),
                new(Parent, "Page or database", "the page or database", "Its link, or its id. A database has a text property called Ref.", MaxLength: 500),
            ],
            DestinationKind.GitHub =>
            [
                new(Repository, "Repository", "the repository", "As owner/name.", MaxLength: 150),
                new(Token, "Token", "the token", "Fine-grained, for this repository, with Issues: read and write.", IsSecret: true, MaxLength: 1000),
                new(Labels, "Labels", "the labels", "Separated by commas. Empty: postmortem.", IsRequired: false),
                new(Secret, "Secret of the webhook", "the secret of the webhook", LeaveEmpty, false, true),
            ],
            _ =>
            [
                new(Secret, "Secret", "the secret", LeaveEmpty, false, true),
                new(
                    Types,
                    "Which events?",
                    "the events",
                    "Separated by commas: postmortem.published, postmortem.revised, action_item.changed. Empty: all.",
                    IsRequired: false
                ),
            ],
        };
}
