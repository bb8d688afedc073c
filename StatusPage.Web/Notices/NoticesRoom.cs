namespace StatusPage.Web.Notices;

public static class NoticesRoom
{
    public static void AddNotices(this IServiceCollection services)
    {
        services.AddScoped<NoticeBox>();
        services.AddSingleton<NoticeBell>();
        services.AddSingleton<NoticeClaims>();
        services.AddSingleton<NoticePost>();
        services.AddSingleton<INoticeSender, MailNotice>();
        services.AddSingleton<INoticeSender, SlackNotice>();
        services.AddSingleton<INoticeSender, PagerDutyNotice>();
        services.AddSingleton<INoticeSender, OpsgenieNotice>();
        services.AddSingleton<INoticeSender, BrowserNotice>();
        services.AddHostedService<NoticeWorker>();
    }
}
