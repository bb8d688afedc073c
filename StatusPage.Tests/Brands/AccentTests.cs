using CsCheck;
using StatusPage.Web.Themes;

namespace StatusPage.Tests.Brands;

/// <summary>Whatever colour an owner has, there is one near it that everybody can read.</summary>
public sealed class AccentTests
{
    private static readonly Gen<Colour> Any = Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte, (red, green, blue) => new Colour(red, green, blue));

    private static Palette On(string bg, string soft) =>
        new(new Dictionary<string, Colour> { ["bg"] = Colour.Parse(bg)!.Value, ["soft"] = Colour.Parse(soft)!.Value }, 9);

    [Theory]
    [InlineData("#ffffff", "#f5f7f9")]
    [InlineData("#11161c", "#1a2129")]
    public void The_nearest_can_be_read_and_one_that_can_is_its_own_nearest(string bg, string soft)
    {
        var palette = On(bg, soft);
        Any.Sample(colour =>
        {
            var near = Accents.Nearest(colour, palette);
            Assert.True(Accents.Fits(near, palette), $"{colour} became {near}.");
            if (Accents.Fits(colour, palette))
                Assert.Equal(colour, near);
        });
    }
}
