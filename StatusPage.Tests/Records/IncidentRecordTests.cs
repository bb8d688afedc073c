using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Records;

namespace StatusPage.Tests.Records;

public sealed class IncidentRecordTests
{
    private static readonly DateTimeOffset Start = An.Instant;

    private static DateTimeOffset At(int minutes) => Start.AddMinutes(minutes);

    /// <summary>The timeline of the guide's postmortem: alert, declared after 15 minutes, cause after 30, fix after 45.</summary>
    private static RecordFacts Facts(Severity? severity = Severity.Sev2, bool isBackfilled = false, int? resolved = 60, RecordedCase? alert = null) =>
        new(
            IncidentId.Of("incident0001"),
            "API errors",
            severity,
            Start,
            isBackfilled,
            resolved is { } minutes ? At(minutes) : null,
            [
                new(Phase.Investigating, At(15)),
                new(Phase.Identified, At(30)),
                new(Phase.Monitoring, At(45)),
                new(Phase.Identified, At(50)),
                new(Phase.Resolved, At(60)),
            ],
            alert is null ? [] : [alert]
        );

    private static IncidentRecord Record(RecordFacts facts, params (IncidentMoment Moment, DateTimeOffset At)[] corrections) =>
        new(
            facts,
            corrections.Select(pair =>
            {
                var correction = new MomentCorrection(facts.Id, pair.Moment);
                correction.Set(pair.At, "ann", At(90));
                return correction;
            })
        );

    [Fact]
    public void A_record_is_filled_from_what_the_program_knows()
    {
        var record = Record(Facts(alert: new(At(-5), At(2), At(4))));
        Assert.Equal([At(-5), At(-5), At(2), At(4), At(30), At(45), At(60)], record.Moments.Select(moment => moment.At));
        Assert.All(record.Moments, moment => Assert.Null(moment.By));
        Assert.Equal(
            (TimeSpan.Zero, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(65)),
            (record.ToDetect, record.ToAcknowledge, record.ToFirstUpdate, record.ToResolve)
        );
    }

    [Fact]
    public void Without_an_alert_the_first_update_declares_and_acknowledges()
    {
        var record = Record(Facts());
        Assert.Null(record.At(IncidentMoment.Alerted));
        Assert.Equal((At(15), At(15)), (record.At(IncidentMoment.Declared), record.At(IncidentMoment.Acknowledged)));
        Assert.Equal((TimeSpan.FromMinutes(15), TimeSpan.Zero), (record.ToDetect, record.ToAcknowledge));
    }

    [Fact]
    public void What_was_added_afterwards_has_a_beginning_and_an_end_alone()
    {
        var record = Record(Facts(isBackfilled: true));
        Assert.Equal(
            [IncidentMoment.Began, IncidentMoment.Resolved],
            record.Moments.Where(moment => moment.At is not null).Select(moment => moment.Moment)
        );
        Assert.Null(record.ToFirstUpdate);
        Assert.Null(record.IsToldInTime);
        Assert.Equal(TimeSpan.FromMinutes(60), record.ToResolve);
    }

    [Theory]
    [InlineData(Severity.Sev1, 1, true)]
    [InlineData(Severity.Sev1, 2, false)]
    [InlineData(Severity.Sev2, 16, true)]
    [InlineData(Severity.Sev2, 17, false)]
    [InlineData(Severity.Sev3, 61, true)]
    [InlineData(Severity.Sev4, 240, true)]
    public void Times_are_held_against_the_response_times_of_the_guide(Severity severity, int minutes, bool isInTime) =>
        Assert.Equal(
            isInTime,
            Record(Facts(severity, resolved: null, alert: new(Start, null, null)), (IncidentMoment.Acknowledged, At(minutes))).IsAcknowledgedInTime
        );

    [Fact]
    public void Nobody_is_late_for_an_incident_that_is_not_rated() => Assert.Null(Record(Facts(severity: null)).IsToldInTime);

    [Fact]
    public void A_correction_counts_and_names_who_made_it_until_the_incident_is_open_again()
    {
        var record = Record(Facts(), (IncidentMoment.Resolved, At(55)), (IncidentMoment.Alerted, At(3)));
        Assert.Equal(TimeSpan.FromMinutes(55), record.ToResolve);
        Assert.Equal(TimeSpan.FromMinutes(3), record.ToDetect);
        Assert.Equal(
            [IncidentMoment.Alerted, IncidentMoment.Resolved],
            record.Moments.Where(moment => moment.By == "ann").Select(moment => moment.Moment)
        );
        Assert.Null(Record(Facts(resolved: null), (IncidentMoment.Resolved, At(55))).ToResolve);
    }

    [Theory]
    [InlineData(IncidentMoment.Alerted, -1, "“Alert” cannot come before it began. Correct “Began” first.")]
    [InlineData(IncidentMoment.FixDeployed, 61, "“Fix deployed” cannot come after it was resolved. Correct “Resolved” first.")]
    [InlineData(IncidentMoment.Identified, 91, "“Cause identified” lies in the time to come. Look at the day and the time again.")]
    [InlineData(IncidentMoment.Began, 16, "It cannot have begun after “Declared”. Correct that first, or choose an earlier time.")]
    [InlineData(IncidentMoment.Began, -30 * 24 * 60 - 1, "It cannot have begun more than 30 days before it was told of.")]
    public void Times_that_contradict_each_other_are_refused(IncidentMoment moment, int minutes, string message)
    {
        var violation = Assert.Throws<RuleViolation>(() => Record(Facts()).Check(moment, At(minutes), At(90)));
        Assert.Equal((message, moment.ToString()), (violation.Message, violation.Field));
    }

    [Fact]
    public void An_open_incident_has_no_end_to_correct() =>
        Assert.Contains(
            "still open",
            Assert.Throws<RuleViolation>(() => Record(Facts(resolved: null)).Check(IncidentMoment.Resolved, At(70), At(90))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_report_counts_by_severity_and_by_the_month_in_the_zone_of_the_page()
    {
        // 2:45 PM PST on November 24, 2026.
        var second = Facts(Severity.Sev1, resolved: 40) with
        {
            StartedAt = At(-15),
            Updates = [new(Phase.Investigating, At(15))],
        };
        // It is December in UTC, and November for the page.
        var third = Facts(severity: null, resolved: null) with
        {
            StartedAt = new(2026, 12, 1, 7, 0, 0, TimeSpan.Zero),
            Updates = [],
        };
        var records = new[] { Facts(), second, third }.Select(facts => Record(facts)).ToList();
        var report = RecordReport.Tell(records, new(2026, 10, 1), 2, A.Zone);
        Assert.Equal(
            [(0, null), (3, TimeSpan.FromMinutes(57.5))],
            report.ByMonth.Select(month => (month.Figures.Incidents, month.Figures.Resolve.Median))
        );
        Assert.Equal([Severity.Sev1, Severity.Sev2, null], report.BySeverity.Select(row => row.Severity));
        Assert.Equal(
            [(0, 1, TimeSpan.FromMinutes(30)), (1, 1, TimeSpan.FromMinutes(15)), (0, 0, null)],
            report.BySeverity.Select(row => (row.Figures.FirstUpdate.InTime ?? -1, row.Figures.FirstUpdate.Known, row.Figures.FirstUpdate.Median))
        );
    }
}
