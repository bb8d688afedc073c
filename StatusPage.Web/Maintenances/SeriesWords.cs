using StatusPage.Domain.Maintenances;
using StatusPage.Web.Languages;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Maintenances;

/// <summary>How often a series comes, and how long it goes on: "every Tuesday, 12 times, until Mar 3".</summary>
public static class SeriesWords
{
    public static string Of(MaintenanceSeries series, ZoneClock clock, Words say)
    {
        var often = Often(series, say);
        return series.Total is { } total
            ? say["{0}, {1}, until {2}", often, say.Count(total, "once", "{0} times"), clock.BareDate(series.DayOf(Math.Max(total - 1, 0)))]
            : say["{0}, without an end", often];
    }

    private static string Often(MaintenanceSeries series, Words say)
    {
        var day = say.Culture.DateTimeFormat.GetDayName(series.FirstStart.DayOfWeek);
        return (series.Unit, series.Interval) switch
        {
            (RepeatUnit.Day, 1) => say["every day"],
            (RepeatUnit.Day, var days) => say["every {0} days", days],
            (RepeatUnit.Week, 1) => say["every {0}", day],
            (RepeatUnit.Week, var weeks) => say["every {0} weeks on {1}", weeks, day],
            (_, 1) => say["every month on day {0}", series.FirstStart.Day],
            (_, var months) => say["every {0} months on day {1}", months, series.FirstStart.Day],
        };
    }
}
