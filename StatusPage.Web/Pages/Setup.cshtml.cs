using System.Security.Claims;
using StatusPage.Domain.Pages;
using StatusPage.Web.Accounts;
using StatusPage.Web.Data;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Pages;

/// <summary>A page of the desk that is needed in quiet times, and who sees it.</summary>
public sealed record SetUpRoom(string Path, string Name, string What, Func<ClaimsPrincipal, Page, bool> IsFor);

/// <summary>Links to the desk's pages that would only be in the way of the ones that are needed at night.</summary>
public sealed class SetupPage(ChangeWriter writer) : AdminPage(writer)
{
    public const string Path = "/admin/setup";

    public static readonly IReadOnlyList<SetUpRoom> Rooms =
    [
        new("/admin/runbooks", "Runbooks", "how to find out what is wrong and to mend it", (_, _) => true),
        new("/admin/handover", "Handover", "what the next shift takes over", (_, _) => true),
        new("/admin/record", "Record", "how fast incidents are noticed, taken and mended", (_, _) => true),
        new("/admin/review", "Review", "what a month taught", (_, _) => true),
        new("/admin/gamedays", "Game days", "rehearse an incident; nothing of it leaves the desk", (_, _) => true),
        new("/admin/templates", "Templates", "words made beforehand, for incidents and updates", (_, _) => true),
        new("/admin/postmortem-template", "Postmortem template", "the sections with which a postmortem begins", (person, _) => person.MayManage()),
        new("/admin/severities", "Severities", "how often people hear, what is proposed, who looks twice", (person, _) => person.MayManage()),
        new("/admin/audiences", "Audiences", "groups of stakeholders with a page and words of their own", (person, _) => person.MayPublish()),
        new("/admin/channels", "Channels", "X, Mastodon, Bluesky, Slack and others on which the page speaks", (person, _) => person.MayManage()),
        new(Deliveries.MailPage.Path, "Mail", "the mail server, the sender, and a test", (person, _) => person.MayManage()),
        new(
            "/admin/destinations",
            "Destinations",
            "Confluence, Notion, GitHub and others that take postmortems and action items",
            (person, _) => person.MayManage()
        ),
        new("/admin/metrics", "Metrics", "figures that the page draws", (person, _) => person.MayManage()),
        new("/admin/embed", "Badges and embeds", "for readmes, other sites and your product", (_, _) => true),
        new("/admin/accounts", "Accounts", "who works here, with which role", (person, _) => person.MayManage()),
        new("/admin/keys", "API keys", "for programs that post", (person, _) => person.MayManage()),
        new(Brands.BrandPage.Path, "Brand", "logo, icon and colour", (person, _) => person.MayManage()),
        new("/admin/theme", "Theme", "how the page and its mails look", (person, _) => person.MayManage()),
        new("/admin/settings", "Settings", "name, time zone, language, uptime, subscriptions", (person, _) => person.MayManage()),
        new("/admin/pages", "Pages", "other status pages of this installation", (person, page) => person.MayManage() && page.IsFirst),
    ];
}
