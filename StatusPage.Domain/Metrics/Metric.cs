namespace StatusPage.Domain.Metrics;

/// <summary>A figure that the page draws as a line: response time, error rate. Its values are pushed, or queried from a Prometheus server.</summary>
public sealed class Metric
{
    public const int MaxNameLength = 60;
    public const int MaxSuffixLength = 10;
    public const int MaxQueryLength = 1_000;
    public const int MaxTooltipLength = 200;
    public const int MaxIdentifierLength = 255;

    /// <summary>On one page; more would be no overview.</summary>
    public const int MostOnPage = 12;

    private Metric() { }

    public MetricId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Name { get; private set; } = "";

    /// <summary>Shown after each value: "ms", "%".</summary>
    public string? Suffix { get; private set; }
    public int DecimalPlaces { get; private set; }

    /// <summary>False: kept, but not on the page.</summary>
    public bool IsShown { get; private set; } = true;

    /// <summary>Where the drawn scale begins and ends; null: where the values ask for it.</summary>
    public double? YAxisMin { get; private set; }
    public double? YAxisMax { get; private set; }

    /// <summary>Whether the numbers of the scale are left out.</summary>
    public bool YAxisHidden { get; private set; }

    /// <summary>What it is, in a line.</summary>
    public string? TooltipDescription { get; private set; }

    /// <summary>Its name in the system that pushes the values; kept for programs.</summary>
    public string? Identifier { get; private set; }

    /// <summary>Address of a Prometheus server, such as https://prometheus.acme.example; null where values are pushed.</summary>
    public string? Address { get; private set; }

    /// <summary>PromQL that gives one value.</summary>
    public string? Query { get; private set; }

    /// <summary>When a node last claimed the query.</summary>
    public DateTimeOffset? AskedAt { get; private set; }

    /// <summary>Why the last query failed; null when it succeeded.</summary>
    public string? LastError { get; private set; }
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>How the page draws it, and what programs call it.</summary>
    /// <exception cref="RuleViolation">The scale would end where it begins, or a text is too long.</exception>
    public Metric Draw(double? min, double? max, bool hidden, string? tooltip, string? identifier, DateTimeOffset now)
    {
        var checks = new Checks();
        checks.Refuse(min >= max, "The scale must end above where it begins: y_axis_max above y_axis_min.", nameof(YAxisMax));
        (YAxisMin, YAxisMax, YAxisHidden) = (min, max, hidden);
        TooltipDescription = checks.Try(() => Text.OptionalLine(tooltip, nameof(TooltipDescription), "the description", MaxTooltipLength));
        Identifier = checks.Try(() => Text.OptionalLine(identifier, nameof(Identifier), "the identifier", MaxIdentifierLength));
        checks.Enforce();
        UpdatedAt = now;
        return this;
    }

    public static Metric Create(PageId page, DateTimeOffset now) =>
        new()
        {
            Id = MetricId.New(),
            PageId = page,
            CreatedAt = now,
        };

    public Metric Describe(string? name, string? suffix, int decimalPlaces, bool isShown, string? address, string? query, DateTimeOffset now)
    {
        var checks = new Checks();
        Name = checks.Try(() => Text.Line(name, nameof(Name), "a name", MaxNameLength));
        Suffix = checks.Try(() => Text.OptionalLine(suffix, nameof(Suffix), "the unit", MaxSuffixLength));
        checks.Refuse(decimalPlaces is < 0 or > 4, "Choose between 0 and 4 places.", nameof(DecimalPlaces));
        (DecimalPlaces, IsShown) = (decimalPlaces, isShown);
        Address = checks.Try(() => PrometheusAddress.Of(address, nameof(Address)));
        Query = checks.Try(() => Text.OptionalLine(query, nameof(Query), "the query", MaxQueryLength));
        checks.Refuse(
            string.IsNullOrWhiteSpace(address) != string.IsNullOrWhiteSpace(query),
            "A Prometheus needs its address and a query. Leave both empty when values are pushed.",
            string.IsNullOrWhiteSpace(address) ? nameof(Address) : nameof(Query)
        );
        checks.Enforce();
        LastError = null;
        UpdatedAt = now;
        return this;
    }
}

/// <summary>The mean of the values of five minutes.</summary>
public sealed class MetricPoint
{
    public required MetricId MetricId { get; init; }

    /// <summary>When the five minutes begin.</summary>
    public required DateTimeOffset At { get; init; }
    public double Mean { get; set; }
    public int Count { get; set; }
}
