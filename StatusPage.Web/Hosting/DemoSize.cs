namespace StatusPage.Web.Hosting;

/// <summary>How much sample data the first start makes.</summary>
public enum DemoSize
{
    /// <summary>None: the page as it is on its first day.</summary>
    Empty,

    /// <summary>Seven components and an open incident.</summary>
    Small,

    /// <summary>Forty components in eight groups, three open incidents and a running maintenance.</summary>
    Large,
}
