using System.Globalization;
using StatusPage.Bench;

// A page that was busy for years. Each command prints "name value" lines.
//   LargePage seed DATA YEARS INCIDENTS COMPONENTS   fills an empty data folder
//   LargePage posts DATA TIMES                       how long a post takes until everybody sees it, with the app's own log lines between
//   LargePage held DATA                              bytes that the public documents and the snapshot hold
//   LargePage closed DATA                            makes a private page with the sample data, and prints the cookie of a reader
switch (args)
{
    case ["seed", var data, var years, var incidents, var components]:
        await Seed.RunAsync(data, Number(years), Number(incidents), Number(components));
        return 0;
    case ["posts", var data, var times]:
        await Posts.RunAsync(data, Number(times));
        return 0;
    case ["held", var data]:
        await Held.RunAsync(data);
        return 0;
    case ["closed", var data]:
        await Closed.RunAsync(data);
        return 0;
    default:
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
