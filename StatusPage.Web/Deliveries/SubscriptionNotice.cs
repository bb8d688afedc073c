using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Pages;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Deliveries;

/// <summary>A notice to one subscriber about the subscription itself, in words.</summary>
/// <param name="Action">The words of its button.</param>
public sealed record SubscriptionNotice(string Subject, string Message, string Action, string Footnote)
{
    /// <param name="where">What would be told: "this address".</param>
    /// <param name="title">The title of the incident that alone was subscribed to.</param>
    public static SubscriptionNotice Of(AnnouncementKind kind, Page page, Words say, string where, string? title)
    {
        var what = title is null ? say["updates of {0} status", page.Name] : say["updates of the incident “{0}” at {1}", title, page.Name];
        var news = say[
            title is null
                ? "Confirm it, and you will be told when something breaks and when it works again."
                : "Confirm it, and you will be told what happens until it is over."
        ];
        return kind == AnnouncementKind.Confirmation
            ? new(
                say["Confirm your subscription to {0} status", page.Name],
                $"{say["Somebody, most likely you, asked for {0} at {1}.", what, where]} {news}",
                say["Confirm subscription"],
                say["If it was not you, do nothing: without a confirmation nothing more is sent."]
            )
            : new(
                say["You are subscribed to {0} status", page.Name],
                $"{say["Somebody, most likely you, asked for {0} at {1}.", what, where]} "
                    + $"{say["It gets them already; here you can change what you are told."]}",
                say["Manage subscription"],
                say["If it was not you, do nothing: nothing changes."]
            );
    }
}
