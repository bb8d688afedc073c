using System.Globalization;
using System.Text;

namespace StatusPage.Tests.Destinations;

/// <summary>A postmortem of 200 kB with tables, code, images and emoji.</summary>
internal static class LongPostmortem
{
    public static (string Markdown, IReadOnlyList<string> Words) Make()
    {
        var text = new StringBuilder();
        var words = new List<string>();
        for (var i = 1; Encoding.UTF8.GetByteCount(text.ToString()) < 200_000; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"""
                ### Part {i} 🔥

                Word{i}a was **hot** & <b>bold</b>, `code{i} < 1` said so, see [the graph {i}](https://acme.test/g?i={i}) 👩‍🚒 {new string('x', 600)}

                | When | What |
                |---|---|
                | 10:0{i % 10} | Cell{i} `a` \| b |
                | 10:15 | 😀 |

                ```yaml
                key{i}: "]]>" # <not> *escaped*
                ```

                ![Graph {i}](https://acme.test/graph-{i}.png?a=1&b=2)

                - one
                  - two{i}


                """
            );
            words.AddRange([$"Part {i} 🔥", $"Word{i}a", $"code{i} < 1", $"Cell{i}", $"key{i}: \"]]>\" # <not> *escaped*", $"two{i}", "👩‍🚒"]);
        }
        return (text.ToString(), words);
    }
}
