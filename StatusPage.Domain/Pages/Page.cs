using System.Security.Cryptography;
using StatusPage.Domain.Brands;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Promises;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Domain.Pages;

/// <summary>One public status page. Every row of the store belongs to one.</summary>
public sealed class Page
{
    public const int MaxNameLength = 100;

    /// <summary>The share that Statuspage uses.</summary>
    public const int DefaultPartialPercent = 30;

    /// <summary>Long enough to see the slip, short enough for the worst minute.</summary>
    public static readonly TimeSpan DefaultTakeBack = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan LongestTakeBack = TimeSpan.FromSeconds(60);

    /// <summary>Characters.</summary>
    public const int MaxStyleLength = 20_000;

    /// <summary>Bytes.</summary>
    private const int LinkKeyLength = 32;

    private byte[]? _linkKey;

    private Page() { }

    public PageId Id { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>See <see cref="Location"/>.</summary>
    public string? Slug { get; private set; }
    public string? HostName { get; private set; }

    /// <summary>Name of the theme's folder; null is the installation's own choice.</summary>
    public string? Theme { get; private set; }

    /// <summary>Code of the language for readers who ask for none.</summary>
    public string Language { get; private set; } = Languages.Language.English.Code;

    /// <summary>The owner's own CSS rules, as typed; null without any.</summary>
    public string? Style { get; private set; }

    /// <summary>See <see cref="Brand"/>.</summary>
    public string? Accent { get; private set; }
    public string? DarkAccent { get; private set; }
    public string? Logo { get; private set; }
    public string? DarkLogo { get; private set; }
    public string? Icon { get; private set; }

    /// <summary>The sender of the page's mails; null: the installation's.</summary>
    public string? SenderName { get; private set; }
    public string? SenderAddress { get; private set; }

    /// <summary>When an owner put the list of first steps away; null: the desk shows it until all are done.</summary>
    public DateTimeOffset? StepsPutAwayAt { get; private set; }

    /// <summary>When it received the templates that ship. Those that its people delete do not come back.</summary>
    public DateTimeOffset? TemplatesGivenAt { get; private set; }

    /// <summary>Since when it cannot be found any more; its data stays.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>IANA name of the zone in which times are shown.</summary>
    public string TimeZone { get; private set; } = "Etc/UTC";

    /// <summary>Whether customers see SEV1 to SEV4 beside an incident.</summary>
    public bool ShowsSeverity { get; private set; } = true;

    /// <summary>Per cent of each minute of a partial outage that count as down in the uptime.</summary>
    public int PartialPercent { get; private set; } = DefaultPartialPercent;

    /// <summary>Whether visitors can subscribe. Existing subscribers are still told.</summary>
    public bool TakesSubscribers { get; private set; } = true;

    /// <summary>How long after a promised time the page says "due now" before it says "overdue".</summary>
    public TimeSpan OverdueGrace { get; private set; } = PromiseRule.Default.Grace;

    /// <summary>From the promised time until the first and the second level are called.</summary>
    public TimeSpan FirstEscalation { get; private set; } = PromiseRule.Default.First;
    public TimeSpan SecondEscalation { get; private set; } = PromiseRule.Default.Second;

    /// <summary>Whether everybody can read at /promises how many were kept.</summary>
    public bool ShowsPromises { get; private set; }

    /// <summary>Whether only people who signed in with two factors may publish.</summary>
    public bool RequiresSecondFactor { get; private set; }

    /// <summary>How long a post from the desk can be taken back before anything of it leaves; zero: not at all.</summary>
    public TimeSpan TakeBack { get; private set; } = DefaultTakeBack;

    /// <summary>Rises by one with every change the public can see; the store raises it inside the change's transaction.</summary>
    public long Version { get; private set; }

    /// <summary>When <see cref="Version"/> last rose.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>256-bit key under which the links in mails are signed.</summary>
    public byte[] LinkKey =>
        _linkKey ?? (IsLinkKeyClosed ? throw new InvalidOperationException($"The link key of page {Id} was not opened.") : StoredLinkKey);

    /// <summary>The same key as it lies in the store: encrypted, or in clear until it is first saved.</summary>
    public byte[] StoredLinkKey { get; private set; } = [];
    public bool IsLinkKeyClosed => StoredLinkKey.Length != LinkKeyLength;
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>The installation's first page.</summary>
    public static Page Create(string? name, IZone zone, DateTimeOffset now) => Create(name, zone, PageLocation.Root, now);

    public static Page Create(string? name, IZone zone, PageLocation location, DateTimeOffset now)
    {
        var page = new Page
        {
            Id = PageId.New(),
            StoredLinkKey = RandomNumberGenerator.GetBytes(LinkKeyLength),
            CreatedAt = now,
            ChangedAt = now,
            Slug = location.Slug,
            HostName = location.HostName,
        };
        page.Configure(name, zone, showsSeverity: true, now);
        return page;
    }

    public void OpenLinkKey(byte[] key) => _linkKey = key;

    public void CloseLinkKey(byte[] closed) => (_linkKey, StoredLinkKey) = (LinkKey, closed);

    /// <summary>Replaces a lost key.</summary>
    public void RenewLinkKey() => (_linkKey, StoredLinkKey) = (null, RandomNumberGenerator.GetBytes(LinkKeyLength));

    public PageLocation Location => new(Slug, HostName);

    public Brand Brand => new(Accent, DarkAccent, Logo, DarkLogo, Icon);

    public bool IsFirst => Location == PageLocation.Root;

    public void Configure(string? name, IZone zone, bool showsSeverity, DateTimeOffset now)
    {
        Name = Text.Line(name, nameof(Name), "a name for the page", MaxNameLength);
        TimeZone = zone.Name;
        ShowsSeverity = showsSeverity;
        UpdatedAt = now;
    }

    public void Move(PageLocation location, DateTimeOffset now)
    {
        if (IsFirst || location == PageLocation.Root)
            throw new RuleViolation("The first page stays where it is: it answers wherever no other page does.");
        (Slug, HostName, UpdatedAt) = (location.Slug, location.HostName, now);
    }

    public IReadOnlyList<Template> GiveTemplates(DateTimeOffset now)
    {
        if (TemplatesGivenAt is not null)
            return [];
        TemplatesGivenAt = now;
        return ShippedTemplates.For(Id, now);
    }

    public void CountPartialOutage(int percent, DateTimeOffset now)
    {
        if (percent is < 0 or > 100)
            throw new RuleViolation("Enter a number between 0 and 100.", nameof(PartialPercent));
        PartialPercent = percent;
        UpdatedAt = now;
    }

    public void SetLanguage(string? language, DateTimeOffset now)
    {
        Language = Languages.Language.Checked(language, nameof(Language)).Code;
        UpdatedAt = now;
    }

    public void ChooseTheme(string? theme, DateTimeOffset now)
    {
        Theme = string.IsNullOrWhiteSpace(theme) ? null : theme;
        UpdatedAt = now;
    }

    public void SetStyle(string? style, DateTimeOffset now)
    {
        if (style?.Length > MaxStyleLength)
            throw new RuleViolation($"The rules have {style.Length} characters. {MaxStyleLength} are taken.", nameof(Style));
        Style = string.IsNullOrWhiteSpace(style) ? null : style;
        UpdatedAt = now;
    }

    public void Wear(Brand brand, DateTimeOffset now) =>
        (Accent, DarkAccent, Logo, DarkLogo, Icon, UpdatedAt) = (brand.Accent, brand.DarkAccent, brand.Logo, brand.DarkLogo, brand.Icon, now);

    /// <param name="name">Empty, like the address: the installation's own.</param>
    public void SendAs(string? name, string? address, DateTimeOffset now)
    {
        SenderName = Text.OptionalLine(name, nameof(SenderName), "a name for the sender", MaxNameLength);
        SenderAddress = string.IsNullOrWhiteSpace(address) ? null : EmailAddress.Checked(address, nameof(SenderAddress));
        UpdatedAt = now;
    }

    public void PutStepsAway(bool away, DateTimeOffset now) => (StepsPutAwayAt, UpdatedAt) = (away ? now : null, now);

    public void Close(DateTimeOffset now)
    {
        if (IsFirst)
            throw new RuleViolation("The first page cannot be closed.");
        ClosedAt ??= now;
        UpdatedAt = now;
    }

    public void OpenAgain(DateTimeOffset now)
    {
        ClosedAt = null;
        UpdatedAt = now;
    }

    public PromiseRule PromiseRule => new(OverdueGrace, FirstEscalation, SecondEscalation);

    public void Promise(PromiseRule rule, bool isShown, DateTimeOffset now)
    {
        (OverdueGrace, FirstEscalation, SecondEscalation) = rule.Checked();
        ShowsPromises = isShown;
        UpdatedAt = now;
    }

    public void RequireSecondFactor(bool required, DateTimeOffset now)
    {
        RequiresSecondFactor = required;
        UpdatedAt = now;
    }

    public void LetTakeBack(TimeSpan within, DateTimeOffset now)
    {
        if (within < TimeSpan.Zero || within > LongestTakeBack)
            throw new RuleViolation($"Choose between 0 and {LongestTakeBack.TotalSeconds:N0} seconds.", "TakeBackSeconds");
        (TakeBack, UpdatedAt) = (within, now);
    }

    public void OpenSubscriptions(bool open, DateTimeOffset now)
    {
        TakesSubscribers = open;
        UpdatedAt = now;
    }
}
