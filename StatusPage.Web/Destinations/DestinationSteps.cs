using StatusPage.Domain.Destinations;
using StatusPage.Web.Alerts;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Destinations;

/// <summary>How each kind is set up, with the address filled in. Read at the vendors' documentation, August 2026.</summary>
public static class DestinationSteps
{
    /// <param name="hook">Where GitHub calls; empty before the destination is saved.</param>
    /// <param name="secret">As it is shown: the secret itself once, and a word that stands for it afterwards.</param>
    public static IReadOnlyList<AlertStep> Of(DestinationKind kind, string hook, string secret, Words say) =>
        kind switch
        {
            DestinationKind.Confluence =>
            [
                new("In Confluence, choose or make an account for this page, and allow it to add pages in the space."),
                new(
                    "Sign in as that account at id.atlassian.com, open Security, API tokens, Create API token with scopes, choose Confluence, and tick these:",
                    "read:space:confluence read:page:confluence write:page:confluence read:label:confluence write:label:confluence"
                ),
                new(
                    "Find the cloud id of the site. With it, the address of a token with scopes is the second line; a classic token has that of the site.",
                    "https://SITE.atlassian.net/_edge/tenant_info\nhttps://api.atlassian.com/ex/confluence/CLOUDID"
                ),
                new("Enter the address, the email of the account, the token and its last day, the key of the space, and the id of the page above."),
                new("Save, then press 'Try it out'."),
            ],
            DestinationKind.ConfluenceDataCenter =>
            [
                new("In Confluence 7.9 or newer, choose or make an account for this page, and allow it to add pages in the space."),
                new("Sign in as that account, and open its picture, Settings, Personal access tokens, Create token."),
                new("Copy the token, and note its last day."),
                new(
                    "Enter the address of Confluence with its context path, if it has one, the token, the key of the space, and the id of the page above."
                ),
                new("Save, then press 'Try it out'."),
            ],
            DestinationKind.Notion =>
            [
                new("As an owner of the workspace, open Notion's developer portal, Connections, and make a new internal connection."),
                new("Give it the capabilities to read, insert and update content."),
                new("Copy its token."),
                new(
                    "Open the page under which postmortems shall stand, or a database with a text property Ref, and choose in its menu: Add connections.",
                    "Ref"
                ),
                new("Enter the token and the link of that page or database, save, then press 'Try it out'."),
            ],
            DestinationKind.GitHub =>
            [
                new("At GitHub, open Settings, Developer settings, Fine-grained tokens, and make one for the one repository alone."),
                new("Give it the permission Issues: read and write."),
                new("Note its last day."),
                new(
                    $"Enter owner/name of the repository and the token. For an Enterprise Server, the address is https://HOST/api/v3. "
                        + $"Save, then press 'Try it out'."
                ),
                new(
                    $"In the repository, open Settings, Webhooks, Add webhook: this URL, the content type application/json, this secret, "
                        + $"and of single events Issues.",
                    hook.Length == 0 ? say["The URL and the secret are shown when the destination is saved."] : $"{hook}\n{secret}"
                ),
            ],
            _ =>
            [
                new("At the receiver, take POST requests with JSON at an address that begins with https://."),
                new("Enter that address here. Leave the secret empty, and it is made for you and shown once:", secret),
                new(
                    $"Check webhook-signature as Standard Webhooks asks, and know an object again by data.id, "
                        + $"so that a second delivery changes and does not double."
                ),
                new("Answer 2xx within 15 seconds; {\"url\":\"…\"} in the answer becomes the link that is shown here."),
                new("Save, then press 'Try it out': it sends an event of the type test."),
            ],
        };
}
