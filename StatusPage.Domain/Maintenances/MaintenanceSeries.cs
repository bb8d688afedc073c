using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Maintenances;

/// <summary>The numbers lie in the store.</summary>
public enum RepeatUnit
{
    Day = 0,
    Week = 1,
    Month = 2,
}

/// <summary>
/// A repeating window: every so many days, weeks or months, at the same local times, whatever daylight saving does. Its windows are created ahead, each as
/// a maintenance of its own.
/// </summary>
public sealed class MaintenanceSeries
{
    /// <summary>How far ahead windows are created.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromDays(60);

    public const int MostWindows = 500;
    public const int LongestInterval = 90;

    private MaintenanceSeries() { }

    public SeriesId Id { get; private init; }
    public PageId PageId { get; private init; }
    public RepeatUnit Unit { get; private init; }

    /// <summary>Units from one window to the next.</summary>
    public int Interval { get; private init; }

    /// <summary>Start and end of window 0, as local times in the page's zone.</summary>
    public DateTime FirstStart { get; private set; }
    public DateTime FirstEnd { get; private set; }

    /// <summary>The last day on which a window starts; null without such a day.</summary>
    public DateOnly? LastDay { get; private init; }

    /// <summary>How many windows there are in total; null without a limit.</summary>
    public int? Count { get; private set; }

    /// <summary>How many windows were created so far.</summary>
    public int Made { get; private set; }
    public string Title { get; private set; } = "";
    public string Body { get; private set; } = "";
    public bool StartsItself { get; private set; }
    public MaintenanceEnd End { get; private set; }
    public TimeSpan? VerifyFor { get; private set; }
    public TimeSpan? RemindBefore { get; private set; }
    public bool TellsPhases { get; private set; }
    public IReadOnlyList<ComponentId> ComponentIds { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private init; }

    public MaintenanceConduct Conduct => new(StartsItself, End, VerifyFor, RemindBefore, TellsPhases);

    /// <summary>Every week, every 2 months</summary>
    public string Words
    {
        get
        {
            var unit = Unit.ToString().ToLowerInvariant();
            return Interval == 1 ? $"every {unit}" : $"every {Interval} {unit}s";
        }
    }

    /// <param name="lastDay">This or the count sets the end; without both it has none.</param>
    public static MaintenanceSeries Plan(
        PageId page,
        RepeatUnit unit,
        int interval,
        DateTime start,
        DateTime end,
        DateOnly? lastDay,
        int? count,
        DateTimeOffset now
    )
    {
        var checks = new Checks();
        checks.Refuse(!Enum.IsDefined(unit), "Choose how often it comes again.", nameof(Unit));
        checks.Refuse(interval is < 1 or > LongestInterval, $"Choose a number between 1 and {LongestInterval}.", nameof(Interval));
        checks.Try(() => MaintenanceConduct.CheckWindow(new(start, TimeSpan.Zero), new(end, TimeSpan.Zero)));
        checks.Refuse(count is < 1 or > MostWindows, $"Choose between 1 and {MostWindows} windows.", nameof(Count));
        checks.Refuse(lastDay < DateOnly.FromDateTime(start), "The last day must not lie before the first.", nameof(LastDay));
        checks.Enforce();
        var series = new MaintenanceSeries
        {
            Id = SeriesId.New(),
            PageId = page,
            Unit = unit,
            Interval = interval,
            FirstStart = start,
            FirstEnd = end,
            LastDay = lastDay,
            Count = count,
            CreatedAt = now,
        };
        if (series.StartOf(1) < end)
            throw new RuleViolation("The next window would begin before this one ends.", nameof(Interval));
        return series;
    }

    /// <summary>Sets the contents of the windows that are still to be created.</summary>
    public void Describe(string? title, string? body, IEnumerable<ComponentId> components, MaintenanceConduct conduct)
    {
        Title = Text.Line(title, nameof(Title), "a title", Incident.MaxTitleLength);
        Body = MarkdownRule.Block(body, nameof(Body), "what will be done", UpdateContent.MaxBodyLength);
        ComponentIds = [.. components.Distinct()];
        (StartsItself, End, VerifyFor, RemindBefore, TellsPhases) = conduct.Checked();
    }

    /// <summary>Local start of a window; the 31st becomes the last day where a month has fewer.</summary>
    public DateTime StartOf(int occurrence) =>
        Unit switch
        {
            RepeatUnit.Day => FirstStart.AddDays(Interval * occurrence),
            RepeatUnit.Week => FirstStart.AddDays(7 * Interval * occurrence),
            _ => FirstStart.AddMonths(Interval * occurrence),
        };

    public DateTime EndOf(int occurrence) => StartOf(occurrence) + (FirstEnd - FirstStart);

    public bool Has(int occurrence) => !(occurrence >= Count) && !(StartOf(occurrence) >= Instants.Latest.DateTime) && !(DayOf(occurrence) > LastDay);

    /// <summary>How many windows there are in total; null when the series has no end.</summary>
    public int? Total
    {
        get
        {
            if (LastDay is null && Count is null)
                return null;
            var total = 0;
            while (Has(total))
                total++;
            return total;
        }
    }

    /// <summary>The local day on which a window starts.</summary>
    public DateOnly DayOf(int occurrence) => DateOnly.FromDateTime(StartOf(occurrence));

    /// <summary>Creates the maintenances that are due by now; the series remembers how far it got.</summary>
    /// <param name="instant">Turns a local time into an instant.</param>
    public IReadOnlyList<Maintenance> MakeAhead(Func<DateTime, DateTimeOffset> instant, DateTimeOffset now)
    {
        var made = new List<Maintenance>();
        while (Has(Made) && (Made == 0 || instant(StartOf(Made)) <= now + Ahead))
        {
            var (from, until) = Window(Made, instant);
            // A window that passed while the program did not run was never announced, so it is left out; a first window in the past is refused.
            if (Made == 0 || until > now)
                made.Add(Maintenance.Schedule(PageId, Title, Body, from, until, ComponentIds, now, Conduct, (Id, Made)));
            Made++;
        }
        return made;
    }

    /// <summary>A window whose end would not lie after its start, because clocks are changed, keeps its length.</summary>
    public (DateTimeOffset From, DateTimeOffset Until) Window(int occurrence, Func<DateTime, DateTimeOffset> instant)
    {
        var (from, until) = (instant(StartOf(occurrence)), instant(EndOf(occurrence)));
        return (from, until > from ? until : from + (FirstEnd - FirstStart));
    }

    /// <summary>Moves this window and those that follow.</summary>
    public void Move(int occurrence, DateTime start, DateTime end)
    {
        MaintenanceConduct.CheckWindow(new(start, TimeSpan.Zero), new(end, TimeSpan.Zero));
        FirstStart += start - StartOf(occurrence);
        FirstEnd = FirstStart + (end - start);
        if (StartOf(1) < FirstEnd)
            throw new RuleViolation("The next window would begin before this one ends.", nameof(Maintenance.ScheduledUntil));
    }

    /// <summary>Ends the series before this window.</summary>
    public void EndBefore(int occurrence) => Count = occurrence < (Count ?? int.MaxValue) ? occurrence : Count;
}
