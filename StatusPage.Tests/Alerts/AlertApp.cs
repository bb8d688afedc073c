using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Host;
using StatusPage.Web.Alerts;

namespace StatusPage.Tests.Alerts;

/// <summary>A source that is set up, and somebody who calls for it.</summary>
public sealed record Caller(AppHost App, AlertSource Source, string Secret)
{
    public async Task<HttpResponseMessage> SendAsync(string body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AlertSetup.PathOf(Source))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(body)));
        switch (Source.Kind)
        {
            case AlertSourceKind.PagerDuty:
                request.Headers.Add("X-PagerDuty-Signature", $"v1={signature}");
                break;
            case AlertSourceKind.FireHydrant:
                request.Headers.Add("fh-signature", signature);
                break;
            case AlertSourceKind.Grafana:
                request.Headers.Add("X-Grafana-Alerting-Signature", signature);
                break;
            default:
                request.Headers.Add("Authorization", $"Bearer {Secret}");
                break;
        }
        change?.Invoke(request);
        return await App.Http.SendAsync(request);
    }

    /// <summary>Sends it and waits until it was worked on.</summary>
    /// <returns>What came of it.</returns>
    public async Task<AlertDelivery> DeliverAsync(string body)
    {
        using var answer = await SendAsync(body);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return await Eventually.GetAsync(
            "the delivery is worked on",
            () =>
                App.InStoreAsync(async db =>
                    await db.AlertDeliveries.AsNoTracking().Where(row => row.SourceId == Source.Id).OrderBy(row => row.Id).LastAsync()
                        is { State: not AlertDeliveryState.Waiting } done
                        ? done
                        : null
                )
        );
    }

    public Task<AlertDelivery> FireAsync(string key = "api-errors", string title = "API errors", string text = "5% fail", string more = "") =>
        DeliverAsync($$"""{"key":"{{key}}","title":"{{title}}","text":"{{text}}","signal":"firing"{{more}}}""");

    public Task<AlertDelivery> ResolveAsync(string key = "api-errors", string more = "") =>
        DeliverAsync($$"""{"key":"{{key}}","title":"API errors","signal":"resolved"{{more}}}""");
}

internal static class AlertApps
{
    public static async Task<Caller> AlertSourceAsync(
        this AppHost app,
        AlertSourceKind kind = AlertSourceKind.Generic,
        Page? page = null,
        string name = "Monitoring",
        TimeSpan? every = null
    )
    {
        var secret = AlertSetup.NewSecret();
        var source = AlertSource.Add(
            (page ?? await app.PageAsync()).Id,
            kind,
            name,
            app.Services.GetRequiredService<AlertSetup>().Protect(secret),
            null,
            every,
            DateTimeOffset.UtcNow
        );
        await app.InStoreAsync(db =>
        {
            db.AlertSources.Add(source);
            return db.SaveChangesAsync();
        });
        app.Services.GetRequiredService<KnownSources>().Forget();
        return new(app, source, secret);
    }

    public static async Task<AlertRule> AlertRuleAsync(this AppHost app, Func<AlertRule, AlertRule> write, string name = "Rule")
    {
        var page = await app.PageAsync();
        var rule = write(
            AlertRule
                .Create(page.Id, await app.InStoreAsync(db => db.AlertRules.CountAsync()), DateTimeOffset.UtcNow)
                .Write(name, true, null, [], DateTimeOffset.UtcNow)
        );
        await app.InStoreAsync(db =>
        {
            db.AlertRules.Add(rule);
            return db.SaveChangesAsync();
        });
        return rule;
    }

    public static Task<List<AlertCase>> CasesAsync(this AppHost app) =>
        app.InStoreAsync(db => db.AlertCases.AsNoTracking().OrderBy(row => row.ReceivedAt).ToListAsync());

    public static Task<List<string>> LinesAsync(this AppHost app, AlertCaseId id) =>
        app.InStoreAsync(db => db.AlertLines.Where(row => row.CaseId == id).OrderBy(row => row.Id).Select(row => row.Said).ToListAsync());
}
