using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Channels;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Destinations;
using StatusPage.Web.Destinations.Clients;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Destinations;

/// <summary>One object on its way to one destination, without a host: attempts as the worker makes them, and time that is moved to the next one.</summary>
public sealed class Trial
{
    public static readonly DateTimeOffset Start = new(2026, 11, 25, 10, 0, 0, TimeSpan.Zero);

    /// <summary>The guide's template, word for word.</summary>
    public const string Template = """
        # Incident Post-Mortem
        ## Summary
        Brief overview of the incident.
        ## Impact
        - Users affected: 10,000
        - Duration: 45 minutes
        - Revenue impact: $X
        ## Root Cause
        Detailed explanation.
        ## Timeline
        - 10:00 Alert triggered
        - 10:15 Incident declared
        - 10:30 Root cause identified
        - 10:45 Fix deployed
        ## Action Items
        - [ ] Add alert for X (Owner: Alice, Due: Jan 15)
        - [ ] Improve database monitoring (Owner: Bob, Due: Jan 20)
        - [ ] Update runbook (Owner: Charlie, Due: Jan 10)
        """;

    private static readonly Incident Incident = An.Incident();

    public FakeTimeProvider Time { get; } = new(Start);
    public IDestinationClient Client { get; }
    public DestinationInUse To { get; set; }
    public DestinationLink Link { get; }

    /// <summary>What was saved before something was sent.</summary>
    public List<LinkState> Saved { get; } = [];

    /// <summary>Null where an action item is sent.</summary>
    public PostmortemDocument? Document { get; set; }
    public ActionItem? Item { get; set; }

    private Trial(DestinationKind kind, string url, Dictionary<string, string?> settings, bool isItem)
    {
        var http = Http(Time);
        Client = kind switch
        {
            DestinationKind.Confluence => new ConfluenceCloud(http),
            DestinationKind.ConfluenceDataCenter => new ConfluenceDataCenter(http),
            DestinationKind.Notion => new Notion(http),
            DestinationKind.GitHub => new GitHub(http),
            _ => new SignedWebhook(http),
        };
        var none = new Dictionary<string, string>();
        var (checkedSettings, _) = DestinationSecrets.Complete(kind, CheckedSettings.Of(kind, url, settings, none), none, Start);
        var destination = Destination.Add(An.PageId, kind, Start).Configure("There", checkedSettings, "", null, Start);
        To = new(
            destination.Id.Value,
            kind,
            checkedSettings.BaseUrl,
            checkedSettings.Settings.ToDictionary(setting => setting.Name, setting => setting.Value),
            checkedSettings.Secrets
        );
        if (isItem)
            Item = ItemOf("Add alert for X", "Alice", new(2027, 1, 15));
        else
            Document = Postmortem(Template);
        Link = DestinationLink.Of(destination, Ref, Incident.Id, Start);
        Link.Ask(Start);
    }

    public DestinationRef Ref => Item is { } item ? DestinationRef.Of(item.Id) : DestinationRef.Of(Incident.Id);

    public static Trial Confluence(ConfluenceServer there, bool isCloud = true) =>
        isCloud
            ? new(
                DestinationKind.Confluence,
                there.Url,
                new()
                {
                    ["email"] = "ops@example.test",
                    ["token"] = "t0ken",
                    ["space"] = "OPS",
                    ["parent"] = "98400",
                },
                false
            )
            : new(
                DestinationKind.ConfluenceDataCenter,
                there.Url,
                new()
                {
                    ["token"] = "t0ken",
                    ["space"] = "OPS",
                    ["parent"] = "98400",
                },
                false
            );

    public static Trial Notion(NotionServer there, string parent) =>
        new(DestinationKind.Notion, there.Url, new() { ["token"] = "ntn_t0ken", ["parent"] = parent }, false);

    public static Trial GitHub(GitHubServer there) =>
        new(DestinationKind.GitHub, there.Url, new() { ["repository"] = "acme/api", ["token"] = "gh_t0ken" }, true);

    public static Trial Webhook(string url, bool isItem = false, string? secret = null) =>
        new(DestinationKind.Webhook, url, new() { ["secret"] = secret }, isItem);

    public static ActionItem ItemOf(string title, string? owner, DateOnly? due) =>
        ActionItem.Create(Incident, Start).Write(title, owner, due, ActionItemPriority.High, "Missing alert", Start);

    public static PostmortemDocument Postmortem(string markdown, int revision = 1) =>
        new(
            Incident.Id,
            revision,
            "https://status.acme.test/incidents/z3lct0r596n4",
            "Postmortem: API errors",
            Severity.Sev2,
            Start.AddHours(-13),
            Start.AddHours(-11.5),
            1200,
            null,
            "A retry hid it.",
            [new(Start.AddHours(-13), "Alert triggered")],
            [],
            markdown,
            [markdown]
        );

    public static VendorHttp Http(TimeProvider time) =>
        new(
            new OutboundHttp(
                new Plain(),
                new Throttle(Settings.Read(new ConfigurationBuilder().AddInMemoryCollection([new("Delivery:PerHostPerSecond", "0")]).Build()), time),
                time
            ),
            time
        );

    /// <summary>The id of the webhook that the next attempt sends.</summary>
    public string EventId => Link.EventIdOf(Client.Write(To, Message));

    /// <summary>Somebody sends it anew.</summary>
    public void AskAgain() => Link.Ask(Time.GetUtcNow());

    /// <param name="mayGoOn">False: the node loses the row, or its life, when it has saved what it is about to do.</param>
    public Task<Remote?> AttemptAsync(bool mayGoOn = true) =>
        new DestinationAttempt(
            Client,
            To,
            Message,
            Link,
            Time,
            () =>
            {
                Saved.Add(Link.State);
                return Task.FromResult(mayGoOn);
            }
        ).RunAsync();

    /// <summary>Attempts, each when it is due, until nothing is left to be done.</summary>
    public async Task SettleAsync()
    {
        for (var attempt = 0; attempt < 60; attempt++)
        {
            if (Link.NextAttemptAt is not { } due)
                return;
            if (due > Time.GetUtcNow())
                Time.Advance(due - Time.GetUtcNow());
            await AttemptAsync();
        }
        Assert.Fail($"It does not end: {Link.State}, {Link.LastError}");
    }

    private DestinationMessage Message =>
        new(
            Ref,
            Document,
            Item is null ? null : new(Item, "Elevated error rates on our API", "https://status.acme.test/incidents/z3lct0r596n4"),
            "",
            Link.IsKnownIn(To.Place),
            new Dictionary<string, string>()
        );

    private sealed class Plain : IHttpClientFactory
    {
        public HttpClient CreateClient(string name)
        {
            var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
            client.DefaultRequestHeaders.UserAgent.ParseAdd("StatusPage");
            return client;
        }
    }
}
