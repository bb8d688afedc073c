using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Languages;

/// <summary>
/// Every text of the source that is said to somebody: what stands in <c>Say["…"]</c>, and the literals wherever a sentence is asked for. The keys of the
/// resources.
/// </summary>
public sealed partial class SaidInSource
{
    /// <summary>Members whose words name the values of an enum.</summary>
    private static readonly string[] Naming = ["Label", "Meaning"];

    private readonly Dictionary<string, SortedSet<int>> _asking = new(StringComparer.Ordinal);

    private SaidInSource()
    {
        var files = new[] { "StatusPage.Domain", "StatusPage.Web" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Source.Root, folder), "*.cs*", SearchOption.AllDirectories))
            .Where(file => !Made().IsMatch(file))
            .ToList();
        var trees = files
            .Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file).GetRoot())
            .ToList();
        foreach (var list in trees.SelectMany(tree => tree.DescendantNodes().OfType<ParameterListSyntax>()))
            Note(list);
        foreach (var node in trees.SelectMany(tree => tree.DescendantNodes()))
            Read(node);
        foreach (var file in files.Where(file => file.EndsWith(".cshtml", StringComparison.Ordinal)))
            ReadView(File.ReadAllText(file));
    }

    /// <summary>The format strings.</summary>
    public SortedSet<string> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>Sentences that are glued from pieces, so that their parts are lost: where they stand.</summary>
    public SortedSet<string> Glued { get; } = new(StringComparer.Ordinal);

    public static SaidInSource Read() => new();

    /// <summary>Which arguments of which calls are sentences.</summary>
    private void Note(ParameterListSyntax list)
    {
        var name = list.Parent switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            LocalFunctionStatementSyntax local => local.Identifier.Text,
            ConstructorDeclarationSyntax made => made.Identifier.Text,
            TypeDeclarationSyntax type => type.Identifier.Text,
            _ => null,
        };
        for (var i = 0; name is not null && i < list.Parameters.Count; i++)
            if (list.Parameters[i].Type is { } type && IsSentence(type))
            {
                if (!_asking.TryGetValue(name, out var places))
                    _asking[name] = places = [];
                var isExtension = list.Parameters[0].Modifiers.Any(SyntaxKind.ThisKeyword);
                places.Add(isExtension ? i - 1 : i);
            }
    }

    private void Read(SyntaxNode node)
    {
        switch (node)
        {
            case ElementAccessExpressionSyntax access when Speaks(access.Expression):
                Say(access.ArgumentList.Arguments[0].Expression, isSentence: false);
                break;
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "Count" } member } count
                when Speaks(member.Expression):
                foreach (var argument in count.ArgumentList.Arguments.Skip(1))
                    Say(argument.Expression, isSentence: false);
                break;
            case InvocationExpressionSyntax call:
                Ask(
                    (call.Expression as MemberAccessExpressionSyntax)?.Name.Identifier.Text ?? (call.Expression as IdentifierNameSyntax)?.Identifier.Text,
                    call.ArgumentList
                );
                break;
            case ObjectCreationExpressionSyntax { ArgumentList: { } arguments } made:
                Ask((made.Type as IdentifierNameSyntax)?.Identifier.Text ?? (made.Type as QualifiedNameSyntax)?.Right.Identifier.Text, arguments);
                break;
            case PrimaryConstructorBaseTypeSyntax { Type: IdentifierNameSyntax named } based:
                Ask(named.Identifier.Text, based.ArgumentList);
                break;
            case ImplicitObjectCreationExpressionSyntax made:
                Ask(TypeAround(made), made.ArgumentList);
                break;
            case CastExpressionSyntax cast when IsSentence(cast.Type):
                Say(cast.Expression, isSentence: true);
                break;
            case MethodDeclarationSyntax method when IsSentence(method.ReturnType) || Naming.Contains(method.Identifier.Text):
                SayAll((SyntaxNode?)method.Body ?? method.ExpressionBody);
                break;
            case LocalFunctionStatementSyntax local when IsSentence(local.ReturnType):
                SayAll((SyntaxNode?)local.Body ?? local.ExpressionBody);
                break;
            case PropertyDeclarationSyntax property when IsSentence(property.Type) || Naming.Contains(property.Identifier.Text):
                SayAll(property.Initializer);
                SayAll(property.ExpressionBody);
                SayAll(property.AccessorList);
                break;
            case VariableDeclarationSyntax variables when IsSentence(variables.Type):
                foreach (var variable in variables.Variables)
                    SayAll(variable.Initializer);
                break;
        }
    }

    private void Ask(string? name, ArgumentListSyntax arguments)
    {
        if (name is null || !_asking.TryGetValue(name, out var places))
            return;
        foreach (var place in places.Where(place => place < arguments.Arguments.Count))
            Say(arguments.Arguments[place].Expression, isSentence: true);
    }

    private static string? TypeAround(SyntaxNode made) =>
        made.Ancestors()
            .Select(around =>
                around switch
                {
                    MethodDeclarationSyntax method => method.ReturnType,
                    LocalFunctionStatementSyntax local => local.ReturnType,
                    PropertyDeclarationSyntax property => property.Type,
                    VariableDeclarationSyntax variables => variables.Type,
                    _ => null,
                }
            )
            .FirstOrDefault(type => type is not null)
            ?.ToString()
            .TrimEnd('?');

    /// <summary>Every text in it, as it may become one of the sentences.</summary>
    private void SayAll(SyntaxNode? part)
    {
        foreach (
            var text in part?.DescendantNodes(inner => inner is not InterpolatedStringExpressionSyntax and not BinaryExpressionSyntax)
                .OfType<ExpressionSyntax>()
                .Where(inner => inner is InterpolatedStringExpressionSyntax or BinaryExpressionSyntax || inner.IsKind(SyntaxKind.StringLiteralExpression))
                ?? []
        )
            Say(text, isSentence: true);
    }

    private void Say(ExpressionSyntax text, bool isSentence)
    {
        switch (text)
        {
            case ParenthesizedExpressionSyntax inner:
                Say(inner.Expression, isSentence);
                break;
            case ConditionalExpressionSyntax either:
                Say(either.WhenTrue, isSentence);
                Say(either.WhenFalse, isSentence);
                break;
            case SwitchExpressionSyntax cases:
                foreach (var arm in cases.Arms)
                    Say(arm.Expression, isSentence);
                break;
            case BinaryExpressionSyntax coalesce when coalesce.IsKind(SyntaxKind.CoalesceExpression):
                Say(coalesce.Left, isSentence);
                Say(coalesce.Right, isSentence);
                break;
            case CastExpressionSyntax cast:
                Say(cast.Expression, isSentence);
                break;
            case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.StringLiteralExpression):
                Add(isSentence ? Escaped(literal.Token.ValueText) : literal.Token.ValueText);
                break;
            case InterpolatedStringExpressionSyntax or BinaryExpressionSyntax:
                var pieces = Pieces(text).ToList();
                if (pieces.TrueForAll(piece => piece is InterpolatedStringExpressionSyntax or LiteralExpressionSyntax))
                    Add(pieces);
                else if (pieces.Exists(piece => piece is InterpolatedStringExpressionSyntax || piece.IsKind(SyntaxKind.StringLiteralExpression)))
                    Glued.Add(Place(text));
                break;
        }
    }

    /// <summary>What has no letters, and names of fields, types and paths, are the same in every language.</summary>
    private void Add(string text)
    {
        if (text.Any(char.IsLetter) && !text.Any(char.IsControl) && !Technical().IsMatch(text))
            Keys.Add(text);
    }

    private void Add(List<ExpressionSyntax> pieces)
    {
        var places = pieces.OfType<InterpolatedStringExpressionSyntax>().SelectMany(piece => piece.Contents).OfType<InterpolationSyntax>().Any();
        if (places && pieces.Exists(piece => piece is not InterpolatedStringExpressionSyntax))
        {
            Glued.Add(Place(pieces[0]));
            return;
        }
        var (format, number) = ("", 0);
        foreach (var piece in pieces)
            if (piece is LiteralExpressionSyntax literal)
                format += Escaped(literal.Token.ValueText);
            else
                foreach (var content in ((InterpolatedStringExpressionSyntax)piece).Contents)
                    format += content is InterpolationSyntax hole
                        ? string.Create(CultureInfo.InvariantCulture, $"{{{number++}{hole.FormatClause?.ToString()}}}")
                        : ((InterpolatedStringTextSyntax)content).TextToken.ValueText;
        Add(format);
    }

    private static IEnumerable<ExpressionSyntax> Pieces(ExpressionSyntax text) =>
        text is BinaryExpressionSyntax plus && plus.IsKind(SyntaxKind.AddExpression) ? Pieces(plus.Left).Concat(Pieces(plus.Right))
        : text is ParenthesizedExpressionSyntax inner ? Pieces(inner.Expression)
        : [text];

    private static string Place(SyntaxNode node)
    {
        var at = node.GetLocation().GetLineSpan();
        return $"{Path.GetRelativePath(Source.Root, at.Path)}:{at.StartLinePosition.Line + 1}";
    }

    private static bool IsSentence(TypeSyntax type) =>
        type.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.Text == "Sentence");

    private static bool Speaks(ExpressionSyntax receiver) =>
        receiver.ToString() is var name
        && (name is "words" or "Words.English" || name.EndsWith("Say", StringComparison.Ordinal) || name.EndsWith("say", StringComparison.Ordinal));

    private static string Escaped(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    /// <summary>Views are no C# to parse; what they say stands in literals.</summary>
    private void ReadView(string view)
    {
        foreach (Match match in SaidInView().Matches(view))
            Add(Regex.Unescape(match.Groups[1].Value));
        foreach (Match match in CountedInView().Matches(view))
        {
            Add(Regex.Unescape(match.Groups[1].Value));
            Add(Regex.Unescape(match.Groups[2].Value));
        }
    }

    [GeneratedRegex(@"^[^ ]*([_/$\\]|\w\.\w)[^ ]*\z")]
    private static partial Regex Technical();

    [GeneratedRegex(@"/(obj|bin|Migrations)/")]
    private static partial Regex Made();

    [GeneratedRegex("""\b[Ss]ay\[\s*"((?:[^"\\]|\\.)+)"\s*[\],]""")]
    private static partial Regex SaidInView();

    [GeneratedRegex("""\b[Ss]ay\.Count\((?:[^"]|"(?=\]))*?,\s*"((?:[^"\\]|\\.)+)",\s*"((?:[^"\\]|\\.)+)"\s*\)""")]
    private static partial Regex CountedInView();
}
