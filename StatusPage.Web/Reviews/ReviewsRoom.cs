namespace StatusPage.Web.Reviews;

/// <summary>What a month taught, on one page.</summary>
public static class ReviewsRoom
{
    public static void AddReviews(this IServiceCollection services) => services.AddScoped<ReviewDesk>();
}
