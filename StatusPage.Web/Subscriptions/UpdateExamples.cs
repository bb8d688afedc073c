using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Snapshot;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Subscriptions;

/// <summary>An update as it is sent in each way.</summary>
public sealed record UpdateExample(string Mail, string Chat, string Webhook);

/// <summary>Writes an update that nobody posted, by the same means as those that are sent, so that visitors see what they would get.</summary>
public sealed class UpdateExamples(MailWriter mails, PublicAddress address, TimeProvider time)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task<UpdateExample> OfAsync(Page page, StatusSnapshot snapshot, SpokenLanguage spoken)
    {
        var (say, now) = (Words.Of(spoken.Language), time.GetUtcNow());
        var content = new UpdateContent
        {
            Phase = Phase.Investigating,
            Body = say["Some requests fail with an error. We are looking for the cause."],
            ImpactSummary = say["About 15% of requests fail"],
            TeamStatus = say["Looking for the cause"],
            NextUpdateBy = now.AddMinutes(30),
        };
        var incident = Incident.Open(page.Id, say["Elevated error rates on our API"], Severity.Sev2, null, content, ComponentStates.Of(), "example", now);
        var mail = await mails.PreviewAsync(page, incident, incident.Latest, reader: spoken);
        var news = News.Of(AnnouncementId.New(), page, incident, incident.Latest, address.In(spoken).Of($"/incidents/{incident.Id}"));
        var webhook = WebhookPayload.OfUpdate(snapshot, incident, incident.Latest, address, now).For(SubscriberId.New(), page.LinkKey);
        return new(
            $"{mail.Subject}\n\n{mail.Text.Trim()}",
            Chat.Words(news),
            JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(webhook), Indented)
        );
    }
}
