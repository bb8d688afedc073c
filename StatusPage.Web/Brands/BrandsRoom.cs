namespace StatusPage.Web.Brands;

public static class BrandsRoom
{
    public static void AddBrands(this IServiceCollection services) => services.AddScoped<BrandDesk>();
}
