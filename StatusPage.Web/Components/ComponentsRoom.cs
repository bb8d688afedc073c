namespace StatusPage.Web.Components;

public static class ComponentsRoom
{
    public static void AddComponents(this IServiceCollection services) => services.AddScoped<ComponentDesk>().AddScoped<ComponentOrder>();
}
