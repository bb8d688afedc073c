using System.Text;
using CsCheck;
using Ical.Net;
using StatusPage.Web.Public.Feeds;

namespace StatusPage.Tests.Public.Feeds;

/// <summary>RFC 5545, section 3.1: lines of 75 octets at most, and every character whole.</summary>
public sealed class FoldedLinesTests
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private static readonly Gen<string> Texts = Gen.OneOf("a", "é", "日", "🚀", "👨‍👩‍👧", " ", "क्षि")
        .Array[0, 400]
        .Select(parts => string.Concat(parts));

    [Fact]
    public void Unfolded_it_is_what_it_was() =>
        Texts.Sample(text =>
        {
            var folded = Strict.GetString(FoldedLines.Of($"SUMMARY:{text}\r\nEND:VEVENT\r\n"));
            Assert.All(folded.Split("\r\n"), line => Assert.InRange(Encoding.UTF8.GetByteCount(line), 0, FoldedLines.Longest));
            Assert.Equal($"SUMMARY:{text}\r\nEND:VEVENT\r\n", folded.Replace("\r\n ", "", StringComparison.Ordinal));
        });

    [Theory]
    [InlineData(60)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(66)]
    public void An_emoji_at_the_end_of_a_line_stays_one(int letters)
    {
        var title = new string('a', letters) + "🚀 is late";
        var calendar = new Calendar();
        calendar.Events.Add(new() { Uid = "1", Summary = title });
        var folded = FoldedLines.Of(new Ical.Net.Serialization.CalendarSerializer().SerializeToString(calendar)!);
        Assert.Equal(title, Calendar.Load(Strict.GetString(folded))!.Events.Single()!.Summary);
    }
}
