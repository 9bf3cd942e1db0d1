namespace OpenVocab.Prompts;

/// <summary>
/// The classes of a network that takes no words: they were fixed when it was exported. Words choose among them; nothing else can be looked for.
/// </summary>
internal sealed class BakedClasses
{
    private const int MostListed = 10;

    private readonly string _model;
    private readonly IReadOnlyList<string> _names;

    /// <summary>Takes the classes of a network.</summary>
    /// <param name="model">For messages.</param>
    /// <param name="names">By number; the same name twice is one class.</param>
    /// <exception cref="ModelException">There are more than a detector takes at once.</exception>
    internal BakedClasses(string model, IReadOnlyList<string> names)
    {
        (_model, _names) = (model, names);
        string[] different = [.. names.Distinct(StringComparer.Ordinal)];
        if (different.Length > PromptSet.MaxPrompts)
        {
            throw new ModelException($"{model}: the model has {different.Length} classes; at most {PromptSet.MaxPrompts} are possible.", "Use a model with fewer classes.");
        }
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        for (int id = 0; id < different.Length; id++) { ids[different[id]] = id; }
        All = Rows(PromptSet.Of(different), [.. names.Select(name => ids[name])]);
    }

    /// <summary>All of them.</summary>
    internal Vocabulary All { get; }

    /// <summary>Some of them. The others compete for every region and are not reported, as in Ultralytics' class filter.</summary>
    /// <param name="prompts">Each class is found by its name or one of its prompts, whatever the case of the letters. Background and templates change nothing.</param>
    /// <exception cref="PromptException">The network has no such class.</exception>
    internal Vocabulary Choose(PromptSet prompts)
    {
        int[] classOfRow = new int[_names.Count];
        Array.Fill(classOfRow, Vocabulary.BackgroundRow);
        List<string> unknown = [];
        for (int id = 0; id < prompts.Classes.Count; id++)
        {
            ClassPrompt wanted = prompts.Classes[id];
            bool any = false;
            for (int row = 0; row < _names.Count; row++)
            {
                if (!wanted.Prompts.Append(wanted.Name).Contains(_names[row], CaseOfLetters.Instance)) { continue; }
                if (classOfRow[row] >= 0 && classOfRow[row] != id)
                {
                    throw new PromptException($"The classes {PromptFaults.Quote(prompts.Classes[classOfRow[row]].Name)} and {PromptFaults.Quote(wanted.Name)} both mean {PromptFaults.Quote(_names[row])} of {_model}.", "Name each class of the model once.");
                }
                (classOfRow[row], any) = (id, true);
            }
            if (!any) { unknown.Add(wanted.Name); }
        }
        return unknown.Count == 0 ? Rows(prompts, classOfRow) : throw Unknown(unknown);
    }

    private static Vocabulary Rows(PromptSet prompts, int[] classOfRow) => new(prompts, [], classOfRow, dimensions: 0, hasPaddingPrompt: false, []);

    private PromptException Unknown(List<string> words)
    {
        string List(IEnumerable<string> texts) => string.Join(", ", texts.Select(PromptFaults.Quote));
        string[] near = [.. words.SelectMany(word => NearNames.Find(word, _names)).Distinct(StringComparer.Ordinal)];
        string hint = near.Length > 0 ? $"; near are {List(near)}" : "";
        string more = _names.Count > MostListed ? " …" : "";
        return new PromptException(
            $"{_model} has no class {List(words)}{hint}. Its {_names.Count} classes were fixed when it was exported: {List(_names.Take(MostListed))}{more}.",
            "Choose among its classes (openvocab models check lists them), or use a model with a text input, which takes any words.");
    }

    /// <summary>Names are the same whatever the case of their letters and the blanks around them.</summary>
    private sealed class CaseOfLetters : IEqualityComparer<string>
    {
        internal static CaseOfLetters Instance { get; } = new();

        public bool Equals(string? x, string? y) => string.Equals(x?.Trim(), y?.Trim(), StringComparison.OrdinalIgnoreCase);

        public int GetHashCode(string obj) => StringComparer.OrdinalIgnoreCase.GetHashCode(obj.Trim());
    }
}
