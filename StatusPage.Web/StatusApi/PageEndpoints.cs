using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Pages;
using StatusPage.Web.Accounts;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;

namespace StatusPage.Web.StatusApi;

/// <summary><c>/v1/pages</c>: the page that the key is for.</summary>
public static class PageEndpoints
{
    public static void MapPages(this RouteGroupBuilder v1)
    {
        var pages = v1.MapGroup("").In(ApiScopes.Page, "Pages");
        // Programs ask this first, to learn the id that all other addresses begin with. So every key may.
        v1.MapGet(
                "",
                async (ManageRequest request, PublicAddress address) =>
                    // There is one; a reader that asks for pages of it until there is nothing more comes to an end.
                    ManageApi.Ok<IReadOnlyList<ManagedPage>>(ManageApi.Paging(request.Request).Skip > 0 ? [] : [Shape(await request.PageAsync(), address)])
            )
            .WithTags("Pages")
            .Says<IReadOnlyList<ManagedPage>>("The page that the key is for, in a list");
        pages
            .MapGet("/{page_id}", async (ManageRequest request, PublicAddress address) => ManageApi.Ok(Shape(await request.PageAsync(), address)))
            .Says<ManagedPage>("The page");
        pages.MapMethods("/{page_id}", ["PATCH", "PUT"], UpdateAsync).Writes(Permissions.Manage).Takes<PageRequest>().Says<ManagedPage>("Change the page");
    }

    private static string SubdomainOf(Page page) =>
        page.Slug ?? page.HostName?.Split('.')[0] ?? (Text.Slug(page.Name) is { Length: > 0 } slug ? slug : page.Id.Value);

    private static async Task<IResult> UpdateAsync(ManageRequest request, PublicAddress address)
    {
        var body = await Body.ReadAsync(request.Request, "page", request.Cancel);
        var page = await request.Writer.Db.Pages.FindAsync([(await request.PageAsync()).Id], request.Cancel) ?? throw ManageApi.NotFound("page", "");
        page.Configure(
            body.Has("name") ? body.Text("name") : page.Name,
            Zones.Checked(body.Text("time_zone") ?? page.TimeZone),
            page.ShowsSeverity,
            request.Writer.Now
        );
        page.OpenSubscriptions(body.Flag("allow_page_subscribers", page.TakesSubscribers), request.Writer.Now);
        await request.Writer.PublishAsync(page.Id, new(request.Actor, "page.configured", page.Name), request.Cancel);
        return ManageApi.Ok(Shape(page, address));
    }

    private static ManagedPage Shape(Page page, PublicAddress address) =>
        new(
            page.Id.Value,
            page.CreatedAt,
            page.UpdatedAt,
            page.Name,
            null,
            null,
            address.Root,
            SubdomainOf(page),
            page.HostName,
            null,
            page.TimeZone,
            page.TakesSubscribers,
            page.TakesSubscribers,
            page.TakesSubscribers,
            false,
            true,
            page.TakesSubscribers
        );
}
