using System.Globalization;
using System.Text.Json;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Channels;
using StatusPage.Tests.Host;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Maintenances;

/// <summary>From the form to the page, the API and the subscribers, in either store.</summary>
public abstract class MaintenanceDeskTests : IAsyncLifetime
{
    private const string Format = "yyyy-MM-dd'T'HH:mm";

    private readonly MailServer _mail = new();
    private Services _all = null!;
    private Component _api = null!;

    protected abstract Task<string?> NewPostgresAsync();

    private AppHost App => _all.App;
    private BrowserSession Owner => _all.Owner;

    public async ValueTask InitializeAsync()
    {
        var postgres = await NewPostgresAsync();
        _all = await Services.StartAsync(
            ["--Email:Smtp", _mail.Url, .. postgres is null ? Array.Empty<string>() : ["--ConnectionStrings:Postgres", postgres]],
            [Channel.Slack]
        );
        _api = await App.ComponentAsync();
        var other = await App.ComponentAsync("Website");
        await App.SubscriberAsync("all@example.com");
        await App.SubscriberAsync("api@example.com", _api.Id);
        await App.SubscriberAsync("other@example.com", other.Id);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _all.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private Dictionary<string, object?> Fields(DateTime? start = null, double hours = 2, params (string Name, object? Value)[] more)
    {
        // The wall clock of Los Angeles.
        var from = start ?? ZoneClock.For("America/Los_Angeles", DateTimeOffset.UtcNow).ToLocal(DateTimeOffset.UtcNow).AddDays(3);
        var fields = new Dictionary<string, object?>
        {
            ["Title"] = "Database upgrade",
            ["Body"] = "Expect two **short** interruptions.",
            ["ComponentIds"] = _api.Id.Value,
            ["ScheduledFor"] = from.ToString(Format, CultureInfo.InvariantCulture),
            ["ScheduledUntil"] = from.AddHours(hours).ToString(Format, CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in more)
            fields[name] = value;
        return fields;
    }

    private async Task<Maintenance> ScheduleAsync(Dictionary<string, object?>? fields = null)
    {
        var page = await Owner.FillInAsync("/admin/maintenances/new", fields ?? Fields(), "main form");
        Assert.True(page.QuerySelector(".done") is not null, page.Body!.TextContent);
        return await App.InStoreAsync(db => db.Maintenances.AsNoTracking().OrderBy(row => row.ScheduledFor).FirstAsync());
    }

    private Task<int> MoveAsync(double hoursFromNow, double hours = 2) =>
        App.InStoreAsync(async db =>
        {
            var from = DateTimeOffset.UtcNow.AddHours(hoursFromNow);
            return await db.Maintenances.ExecuteUpdateAsync(set =>
                set.SetProperty(row => row.ScheduledFor, from)
                    .SetProperty(row => row.ScheduledUntil, from.AddHours(hours))
                    .SetProperty(row => row.CreatedAt, from.AddDays(-9))
                    .SetProperty(row => row.PlannedAt, from.AddDays(-9))
            );
        });

    private Task<DateTimeOffset?> LookAsync() => App.Services.GetRequiredService<MaintenanceWatch>().LookAsync(default);

    private Task<List<MaintenanceEvent?>> ToldAsync() =>
        App.InStoreAsync(db =>
            db.Announcements.Where(row => row.MaintenanceId != null).OrderBy(row => row.CreatedAt).Select(row => row.Event).ToListAsync()
        );

    private async Task<JsonElement> ApiAsync(string path) => JsonDocument.Parse(await App.Http.GetStringAsync(path)).RootElement;

    [Fact]
    public async Task Who_wants_it_is_told_of_the_scheduling_in_both_zones()
    {
        var hook = Subscriber.ByWebhook((await App.PageAsync()).Id, $"{_all.Sink.Url}/hook", "ann@example.com", DateTimeOffset.UtcNow);
        hook.Confirm(DateTimeOffset.UtcNow);
        await App.InStoreAsync(async db =>
        {
            db.Subscribers.Add(hook);
            return await db.SaveChangesAsync();
        });
        var work = await ScheduleAsync();
        await _mail.WaitForCountAsync(2);
        var mail = Assert.Single(_mail.To("api@example.com"));
        Assert.Equal("[Acme] Maintenance scheduled: Database upgrade", mail.Message.Subject);
        Assert.Matches(
            @"When: \w+ \d+(, \d{4})?, \d+:\d\d [AP]M P[SD]T to .* \(\w+ \d+(, \d{4})?, \d\d:\d\d UTC to \w+ \d+(, \d{4})?, \d\d:\d\d UTC\)",
            mail.Text
        );
        Assert.Contains("Affects API", mail.Text, StringComparison.Ordinal);
        Assert.Contains($"/incidents/{work.Id}", mail.Text, StringComparison.Ordinal);
        Assert.NotNull(mail.Message.Headers["List-Unsubscribe"]);
        Assert.Empty(_mail.To("other@example.com"));
        var slack = Assert.Single(await _all.Sink.WaitAsync("/slack/SECRETslackpath")).Json;
        Assert.Contains("[Scheduled] Database upgrade", slack.GetProperty("text").GetString(), StringComparison.Ordinal);
        var incident = Assert.Single(await _all.Sink.WaitAsync("/hook")).Json.GetProperty("incident");
        Assert.Equal(
            (work.Id.Value, "scheduled", "maintenance"),
            (incident.GetProperty("id").GetString(), incident.GetProperty("status").GetString(), incident.GetProperty("impact").GetString())
        );
        Assert.True(incident.GetProperty("scheduled_for").TryGetDateTimeOffset(out _));
        Assert.True(incident.GetProperty("scheduled_auto_in_progress").GetBoolean());
        Assert.Equal(
            "Expect two **short** interruptions.",
            Assert.Single(incident.GetProperty("incident_updates").EnumerateArray()).GetProperty("body").GetString()
        );
        await Eventually.TrueAsync(
            "the desk says who was told",
            async () => (await Owner.GetAsync($"/admin/maintenances/{work.Id}")).Body!.TextContent.Contains("sent to 4", StringComparison.Ordinal)
        );
        Assert.Contains(" UTC to ", await App.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_mail_brings_the_event_of_the_public_calendar_and_a_cancellation_raises_it()
    {
        var work = await ScheduleAsync();
        await _mail.WaitForCountAsync(2);
        var page = await Owner.GetAsync($"/admin/maintenances/{work.Id}");
        var told = EventOf(Assert.Single(_mail.To("api@example.com")));
        var feed = Assert.Single(Ical.Net.Calendar.Load(await App.Http.GetStringAsync("/maintenance.ics"))!.Events);
        var alone = Assert.Single(Ical.Net.Calendar.Load(await App.Http.GetStringAsync($"/incidents/{work.Id}.ics"))!.Events);
        Assert.Equal((feed.Uid, feed.Sequence, feed.DtStart), (told.Uid, told.Sequence, told.DtStart));
        Assert.Equal((feed.Uid, feed.Sequence), (alone.Uid, alone.Sequence));
        // A second makes another sequence.
        await App.InStoreAsync(db => db.Maintenances.ExecuteUpdateAsync(set => set.SetProperty(row => row.CreatedAt, work.CreatedAt.AddMinutes(-1))));
        await Owner.SubmitAsync(page.Form("Cancel"), new { });
        await _mail.WaitForCountAsync(4);
        var cancelled = EventOf(_mail.To("api@example.com").Single(mail => mail.Message.Subject!.Contains("cancelled", StringComparison.Ordinal)));
        Assert.Equal((told.Uid, "CANCELLED"), (cancelled.Uid, cancelled.Status));
        Assert.True(cancelled.Sequence > told.Sequence);

        static Ical.Net.CalendarComponents.CalendarEvent EventOf(ReceivedMail mail)
        {
            var part = Assert.Single(mail.Message.BodyParts.OfType<MimeKit.TextPart>(), part => part.ContentType.IsMimeType("text", "calendar"));
            Assert.Equal("PUBLISH", part.ContentType.Parameters["method"]);
            Assert.Contains("METHOD:PUBLISH", part.Text, StringComparison.Ordinal);
            return Assert.Single(Ical.Net.Calendar.Load(part.Text)!.Events);
        }
    }

    [Fact]
    public async Task A_preview_says_who_would_read_what_and_saves_nothing()
    {
        var form = (IHtmlFormElement)(await Owner.GetAsync("/admin/maintenances/new")).QuerySelector("main form")!;
        form.Action = "/admin/maintenances/new?handler=Preview";
        var page = await Owner.SubmitAsync(form, Fields(more: [("Unit", "week")]));
        var preview = page.QuerySelector("#preview")!.TextContent;
        Assert.Contains("It goes on the page, and to 2 by email", preview, StringComparison.Ordinal);
        Assert.Contains(", without an end", preview, StringComparison.Ordinal);
        Assert.Contains("[Acme] Maintenance scheduled: Database upgrade", preview, StringComparison.Ordinal);
        Assert.Equal("Database upgrade", ((IHtmlInputElement)page.QuerySelector("#Title")!).Value);
        Assert.Empty(await App.InStoreAsync(db => db.Maintenances.ToListAsync()));
        page = await Owner.SubmitAsync(form, Fields(hours: -1, more: [("Title", ""), ("VerifyFor", "x")]));
        Assert.Equal(
            ["#Title", "#ScheduledUntil", "#VerifyFor"],
            page.QuerySelectorAll(".validation-summary-errors a").Select(link => link.GetAttribute("href"))
        );
    }

    [Fact]
    public async Task The_next_one_stands_on_top_and_a_series_once()
    {
        var now = ZoneClock.For("America/Los_Angeles", DateTimeOffset.UtcNow).ToLocal(DateTimeOffset.UtcNow);
        await ScheduleAsync(Fields(now.AddDays(9), more: [("Title", "Later"), ("Silent", "true")]));
        await ScheduleAsync(Fields(now.AddDays(2), more: [("Title", "Weekly"), ("Unit", "week"), ("Silent", "true")]));
        var page = await Owner.GetAsync("/admin/maintenances");
        Assert.Equal(["Weekly", "Later"], page.QuerySelectorAll("tbody a").Select(link => link.TextContent));
        Assert.Contains(", without an end", page.QuerySelector("tbody tr")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clocks_news_is_told_once_and_the_latest_alone()
    {
        await ScheduleAsync(Fields(more: [("Silent", "true")]));
        Assert.Empty(await ToldAsync());
        await MoveAsync(23);
        await Task.WhenAll(LookAsync(), LookAsync(), LookAsync());
        await LookAsync();
        Assert.Equal([MaintenanceEvent.Reminder], await ToldAsync());
        await _mail.WaitForAsync(mail => mail.Message.Subject == "[Acme] Maintenance reminder: Database upgrade");
        await MoveAsync(-1);
        await LookAsync();
        await LookAsync();
        Assert.Equal([MaintenanceEvent.Reminder, MaintenanceEvent.Started], await ToldAsync());
        await MoveAsync(-3);
        await LookAsync();
        await LookAsync();
        Assert.Equal([MaintenanceEvent.Reminder, MaintenanceEvent.Started, MaintenanceEvent.Completed], await ToldAsync());
        await _mail.WaitForAsync(mail => mail.To == "api@example.com" && mail.Message.Subject == "[Acme] Maintenance completed: Database upgrade");
        await Eventually.TrueAsync("Slack got them in order", () => Task.FromResult(_all.Sink.At("/slack/SECRETslackpath").Count == 3));
        Assert.Equal(
            ["[Reminder]", "[In progress]", "[Completed]"],
            _all.Sink.At("/slack/SECRETslackpath").Select(request => request.Json.GetProperty("text").GetString()!.Split(" Database")[0])
        );
    }

    [Fact]
    public async Task What_was_slept_through_is_not_told_in_a_row()
    {
        await ScheduleAsync(Fields(more: [("Silent", "true")]));
        await MoveAsync(-3);
        await LookAsync();
        Assert.Equal([MaintenanceEvent.Completed], await ToldAsync());
    }

    [Fact]
    public async Task Led_by_hand_it_is_told_as_it_goes_and_the_api_follows()
    {
        var work = await ScheduleAsync(Fields(more: [("StartsItself", "false"), ("End", "Verified"), ("VerifyFor", ""), ("Silent", "true")]));
        foreach (var (phase, text) in new[] { ("in_progress", "We begin."), ("verifying", "Looks good."), ("completed", "All done.") })
        {
            var page = await Owner.GetAsync($"/admin/maintenances/{work.Id}");
            page = await Owner.SubmitAsync(page.Form("News"), new { Phase = phase, News = text });
            Assert.True(page.QuerySelector(".done") is not null, page.Body!.TextContent);
            var shown = Assert.Single((await ApiAsync("/api/v2/scheduled-maintenances.json")).GetProperty("scheduled_maintenances").EnumerateArray());
            Assert.Equal(
                (phase, phase, text),
                (
                    shown.GetProperty("status").GetString(),
                    shown.GetProperty("incident_updates")[0].GetProperty("status").GetString(),
                    shown.GetProperty("incident_updates")[0].GetProperty("body").GetString()
                )
            );
            var isRunning = phase != "completed";
            Assert.Equal(
                isRunning ? 1 : 0,
                (await ApiAsync("/api/v2/scheduled-maintenances/active.json")).GetProperty("scheduled_maintenances").GetArrayLength()
            );
            Assert.Equal(
                isRunning ? "under_maintenance" : "operational",
                (await ApiAsync("/api/v2/components.json")).GetProperty("components")[0].GetProperty("status").GetString()
            );
            Assert.Contains(isRunning ? "under maintenance" : "operational", await App.Http.GetStringAsync("/badges/api.svg"), StringComparison.Ordinal);
            await _mail.WaitForAsync(mail => mail.To == "all@example.com" && mail.Text.Contains(text, StringComparison.Ordinal));
            Assert.Contains(text, await App.Http.GetStringAsync($"/incidents/{work.Id}"), StringComparison.Ordinal);
            var feed = await App.Http.GetStringAsync("/history.atom");
            Assert.Contains("THIS IS A SCHEDULED EVENT", feed, StringComparison.Ordinal);
            Assert.Contains(text, feed, StringComparison.Ordinal);
        }
        await LookAsync();
        Assert.Equal([MaintenanceEvent.Posted, MaintenanceEvent.Posted, MaintenanceEvent.Posted], await ToldAsync());
    }

    [Fact]
    public async Task A_cancelled_one_is_told_and_its_page_says_so()
    {
        var work = await ScheduleAsync(Fields(more: [("Silent", "true")]));
        var page = await Owner.GetAsync($"/admin/maintenances/{work.Id}");
        await Owner.SubmitAsync(page.Form("Cancel"), new { });
        await _mail.WaitForAsync(mail => mail.Message.Subject == "[Acme] Maintenance cancelled: Database upgrade");
        Assert.Contains("<strong>Cancelled</strong>", await App.Http.GetStringAsync($"/incidents/{work.Id}"), StringComparison.Ordinal);
        Assert.Equal(0, (await ApiAsync("/api/v2/scheduled-maintenances.json")).GetProperty("scheduled_maintenances").GetArrayLength());
        Assert.DoesNotContain("Database upgrade", await App.Http.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_moved_one_subscribers_hear_and_of_a_mended_word_they_do_not()
    {
        var work = await ScheduleAsync(Fields(more: [("Silent", "true")]));
        await Owner.FillInAsync($"/admin/maintenances/{work.Id}", new { Title = "Database upgrade!" }, $"form[action='/admin/maintenances/{work.Id}']");
        Assert.Empty(await ToldAsync());
        var later = Fields(DateTime.UtcNow.AddDays(5));
        await Owner.FillInAsync(
            $"/admin/maintenances/{work.Id}",
            new Dictionary<string, object?> { ["ScheduledFor"] = later["ScheduledFor"], ["ScheduledUntil"] = later["ScheduledUntil"] },
            $"form[action='/admin/maintenances/{work.Id}']"
        );
        Assert.Equal([MaintenanceEvent.Changed], await ToldAsync());
        Assert.Equal(_api.Id, Assert.Single((await App.InStoreAsync(db => db.Maintenances.FirstAsync())).ComponentIds));
    }

    [Fact]
    public async Task An_hour_that_clocks_skip_is_refused_and_one_that_comes_twice_is_asked_about()
    {
        // The second Sunday of March and the first of November, in another year than this one, so that the year shows.
        var year = DateTime.UtcNow.Year + 2;
        var (forward, back) = (
            new DateTime(year, 3, 8).AddDays((7 - (int)new DateTime(year, 3, 8).DayOfWeek) % 7),
            new DateTime(year, 11, 1).AddDays((7 - (int)new DateTime(year, 11, 1).DayOfWeek) % 7)
        );
        var page = await Owner.FillInAsync("/admin/maintenances/new", Fields(forward.AddHours(2.5)), "main form");
        Assert.Contains($"there is no 2:30 AM on Mar {forward.Day}, {year}", page.ErrorFor("ScheduledFor"), StringComparison.Ordinal);
        Assert.Contains("or 3:30 AM", page.ErrorFor("ScheduledFor"), StringComparison.Ordinal);
        page = await Owner.FillInAsync("/admin/maintenances/new", Fields(back.AddHours(1.5)), "main form");
        Assert.Contains("comes twice", page.ErrorFor("ScheduledFor"), StringComparison.Ordinal);
        Assert.Contains(
            $"(Nov {back.Day}, {year}, 09:30 UTC)",
            page.QuerySelector("label[for='ScheduledFor-second']")!.TextContent,
            StringComparison.Ordinal
        );
        page = await Owner.SubmitAsync((IHtmlFormElement)page.QuerySelector("main form")!, new { ScheduledForIs = "second" });
        Assert.NotNull(page.QuerySelector(".done"));
        var work = await App.InStoreAsync(db => db.Maintenances.FirstAsync());
        Assert.Equal(new DateTimeOffset(back.AddHours(9.5), TimeSpan.Zero), work.ScheduledFor);
        await _mail.WaitForAsync(mail =>
            mail.Text.Contains($"When: Nov {back.Day}, {year}, 1:30 AM PST to 3:30 AM PST (Nov {back.Day}, {year}, 09:30 UTC", StringComparison.Ordinal)
        );
        page = await Owner.GetAsync($"/admin/maintenances/{work.Id}");
        Assert.True(((IHtmlInputElement)page.QuerySelector("#ScheduledFor-second")!).IsChecked);
    }

    [Fact]
    public async Task A_series_makes_its_windows_and_is_changed_and_cancelled_from_one_on()
    {
        await ScheduleAsync(
            Fields(
                new DateTime(DateTime.UtcNow.Year, DateTime.UtcNow.Month, DateTime.UtcNow.Day, 20, 0, 0).AddDays(2),
                1,
                ("Unit", "week"),
                ("Interval", "1"),
                ("Count", "5")
            )
        );
        Assert.Equal([MaintenanceEvent.Scheduled], await ToldAsync());
        var windows = await WindowsAsync();
        Assert.Equal(5, windows.Count);
        Assert.Contains(", 5 times, until ", (await Owner.GetAsync("/admin/maintenances")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(1, (await App.Http.GetStringAsync("/")).Split("Comes again every week").Length - 1);
        Assert.Equal(5, (await ApiAsync("/api/v2/scheduled-maintenances/upcoming.json")).GetProperty("scheduled_maintenances").GetArrayLength());

        // The third window alone is changed, then the fourth and the following ones; then the second and the following ones are cancelled.
        await EditAsync(windows[2], new() { ["Title"] = "Only this", ["Silent"] = "true" });
        var moved = Clock(windows[3].ScheduledFor).AddHours(1);
        await EditAsync(
            windows[3],
            new()
            {
                ["Title"] = "From here",
                ["Following"] = "true",
                ["Silent"] = "true",
                ["ScheduledFor"] = moved.ToString(Format, CultureInfo.InvariantCulture),
                ["ScheduledUntil"] = moved.AddHours(1).ToString(Format, CultureInfo.InvariantCulture),
            }
        );
        windows = await WindowsAsync();
        Assert.Equal(["Database upgrade", "Database upgrade", "Only this", "From here", "From here"], windows.Select(row => row.Title));
        Assert.Equal([20, 20, 20, 21, 21], windows.Select(row => Clock(row.ScheduledFor).Hour));
        var page = await Owner.GetAsync($"/admin/maintenances/{windows[1].Id}");
        await Owner.SubmitAsync(page.Form("Cancel"), new { Following = "true" });
        Assert.Equal([false, true, true, true, true], (await WindowsAsync()).Select(row => row.CancelledAt is not null));
        Assert.Equal([MaintenanceEvent.Scheduled, MaintenanceEvent.Cancelled], await ToldAsync());
        await LookAsync();
        Assert.Equal(5, (await WindowsAsync()).Count);
    }

    [Fact]
    public async Task Windows_are_made_as_time_goes_by_once()
    {
        await ScheduleAsync(Fields(more: [("Unit", "day"), ("Interval", "10"), ("Count", "20"), ("Silent", "true")]));
        var made = (await WindowsAsync()).Count;
        Assert.InRange(made, 6, 7);
        // Moves the first one forty days back: four more are due now.
        await App.InStoreAsync(async db =>
        {
            var series = await db.MaintenanceSeries.FirstAsync();
            series.Move(0, series.FirstStart.AddDays(-40), series.FirstEnd.AddDays(-40));
            return await db.SaveChangesAsync();
        });
        await Task.WhenAll(LookAsync(), LookAsync(), LookAsync());
        await LookAsync();
        Assert.Equal(made + 4, (await WindowsAsync()).Count);
        Assert.Contains("maintenance.made_ahead", await App.InStoreAsync(db => db.Audit.Select(row => row.Action).ToListAsync()));
    }

    [Fact]
    public async Task Whoever_comes_second_is_told_what_changed_and_keeps_what_was_typed()
    {
        var work = await ScheduleAsync(Fields(more: [("Silent", "true")]));
        var path = $"/admin/maintenances/{work.Id}";
        var mine = await Owner.GetAsync(path);
        await _all.Api.PatchAsync(
            $"incidents/{work.Id}",
            new
            {
                incident = new
                {
                    name = "Theirs",
                    status = "in_progress",
                    body = "We begin early.",
                },
            }
        );
        var page = await Owner.SubmitAsync((IHtmlFormElement)mine.QuerySelector($"form[action='{path}']")!, new { Title = "Mine", Body = "My words." });
        Assert.Contains("its title is now 'Theirs'", page.Summary(), StringComparison.Ordinal);
        Assert.Contains("posted 'In progress': We begin early.", page.Summary(), StringComparison.Ordinal);
        Assert.DoesNotContain("its components", page.Summary(), StringComparison.Ordinal);
        Assert.Equal(
            ("Mine", "My words."),
            (((IHtmlInputElement)page.QuerySelector("#Title")!).Value, ((IHtmlTextAreaElement)page.QuerySelector("#Body")!).Value.Trim())
        );
        Assert.Equal("Theirs", (await App.InStoreAsync(db => db.Maintenances.FirstAsync())).Title);
        // A post or a cancellation based on an outdated form is refused too.
        Assert.Contains(
            "its title is now",
            (await Owner.SubmitAsync(mine.Form("News"), new { Phase = "completed", News = "Done." })).Summary(),
            StringComparison.Ordinal
        );
        Assert.Contains("its title is now", (await Owner.SubmitAsync(mine.Form("Cancel"), new { })).Summary(), StringComparison.Ordinal);
        page = await Owner.SubmitAsync((IHtmlFormElement)page.QuerySelector($"form[action='{path}']")!, new { });
        Assert.NotNull(page.QuerySelector(".done"));
        Assert.Equal("Mine", (await App.InStoreAsync(db => db.Maintenances.FirstAsync())).Title);
    }

    [Fact]
    public async Task Who_changes_what_follows_is_told_of_a_window_that_somebody_else_changed()
    {
        await ScheduleAsync(Fields(more: [("Unit", "week"), ("Interval", "1"), ("Count", "4"), ("Silent", "true")]));
        var windows = await WindowsAsync();
        var path = $"/admin/maintenances/{windows[1].Id}";
        var mine = await Owner.GetAsync(path);
        await EditAsync(windows[2], new() { ["Title"] = "Only this", ["Silent"] = "true" });
        var form = (IHtmlFormElement)mine.QuerySelector($"form[action='{path}']")!;
        Assert.Contains(
            "'Only this'",
            (await Owner.SubmitAsync(form, new { Title = "All of them", Following = "true" })).Summary(),
            StringComparison.Ordinal
        );
        Assert.Contains("'Only this'", (await Owner.SubmitAsync(mine.Form("Cancel"), new { Following = "true" })).Summary(), StringComparison.Ordinal);
        Assert.NotNull((await Owner.SubmitAsync(form, new { Title = "This alone" })).QuerySelector(".done"));
        Assert.Equal(["Database upgrade", "This alone", "Only this", "Database upgrade"], (await WindowsAsync()).Select(row => row.Title));
    }

    [Fact]
    public async Task A_form_that_changes_nothing_writes_nothing()
    {
        var work = await ScheduleAsync();
        var audit = await App.InStoreAsync(db => db.Audit.CountAsync());
        var page = await Owner.FillInAsync($"/admin/maintenances/{work.Id}", new { }, $"form[action='/admin/maintenances/{work.Id}']");
        Assert.Contains("Nothing was changed.", page.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);
        page = await Owner.SubmitAsync((await Owner.GetAsync($"/admin/maintenances/{work.Id}")).Form("News"), new { });
        Assert.Contains("nothing new", page.ErrorFor("News"), StringComparison.Ordinal);
        Assert.Equal(
            (audit, work.Version),
            (await App.InStoreAsync(db => db.Audit.CountAsync()), (await App.InStoreAsync(db => db.Maintenances.FirstAsync())).Version)
        );
    }

    [Fact]
    public async Task A_window_of_another_year_is_refused_unless_it_is_a_record()
    {
        var fields = Fields(DateTime.UtcNow.AddYears(-1).AddDays(3));
        var page = await Owner.FillInAsync("/admin/maintenances/new", fields, "main form");
        Assert.Contains("Check the day and the year", page.ErrorFor("ScheduledUntil"), StringComparison.Ordinal);
        var series = new Dictionary<string, object?>(fields) { ["Unit"] = "week", ["Count"] = "4" };
        Assert.Contains(
            "Check the day and the year",
            (await Owner.FillInAsync("/admin/maintenances/new", series, "main form")).ErrorFor("ScheduledUntil"),
            StringComparison.Ordinal
        );
        series["Backfilled"] = "true";
        Assert.NotEqual("", (await Owner.FillInAsync("/admin/maintenances/new", series, "main form")).ErrorFor("Unit"));
        Assert.Empty(await WindowsAsync());
        page = await Owner.SubmitAsync((IHtmlFormElement)page.QuerySelector("main form")!, new { Backfilled = "true" });
        Assert.Contains("Nobody was told", page.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);
        var record = Assert.Single(await WindowsAsync());
        await LookAsync();
        Assert.Empty(await ToldAsync());
        Assert.Contains("Added afterwards", await App.Http.GetStringAsync($"/incidents/{record.Id}"), StringComparison.Ordinal);
        var path = $"/admin/maintenances/{record.Id}";
        page = await Owner.FillInAsync(path, new { Title = "Database upgrade of last year" }, $"form[action='{path}']");
        Assert.NotNull(page.QuerySelector(".done"));
        Assert.Contains("Database upgrade of last year", await App.Http.GetStringAsync("/history"), StringComparison.Ordinal);
        await Owner.SubmitAsync((await Owner.GetAsync(path)).Form("Cancel"), new { });
        Assert.DoesNotContain("Database upgrade of last year", await App.Http.GetStringAsync("/history"), StringComparison.Ordinal);
        Assert.Empty(await ToldAsync());
    }

    private static DateTime Clock(DateTimeOffset instant) => ZoneClock.For("America/Los_Angeles", instant).ToLocal(instant);

    private Task<List<Maintenance>> WindowsAsync() => App.InStoreAsync(db => db.Maintenances.AsNoTracking().OrderBy(row => row.Occurrence).ToListAsync());

    private async Task EditAsync(Maintenance window, Dictionary<string, object?> values)
    {
        var page = await Owner.FillInAsync($"/admin/maintenances/{window.Id}", values, $"form[action='/admin/maintenances/{window.Id}']");
        Assert.True(page.QuerySelector(".done") is not null, page.Body!.TextContent);
    }
}

public sealed class SqliteMaintenanceDeskTests : MaintenanceDeskTests
{
    protected override Task<string?> NewPostgresAsync() => Task.FromResult<string?>(null);
}

public sealed class PostgresMaintenanceDeskTests(PostgresServer postgres) : MaintenanceDeskTests
{
    protected override async Task<string?> NewPostgresAsync() => await postgres.CreateDatabaseAsync();
}
