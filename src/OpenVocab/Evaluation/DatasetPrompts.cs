using OpenVocab.Prompts;

namespace OpenVocab.Evaluation;

/// <summary>What a detector is asked for to find the classes of a data set.</summary>
public static class DatasetPrompts
{
    /// <summary>Each class by its name, with blanks for underscores, or by the phrases that a prompt file gives it.</summary>
    /// <param name="dataset">The classes, in their order.</param>
    /// <param name="mapping">Classes of the data by name, with other phrases; its thresholds are left out, because a curve needs all scores. Null: names alone.</param>
    /// <param name="templates">Sentences around a phrase, each with one <c>{}</c>; null: the mapping's, else the model's.</param>
    /// <exception cref="PromptException">The mapping names a class that the data do not have, or a name is no prompt.</exception>
    public static PromptSet Of(LabelledDataset dataset, PromptSet? mapping = null, IEnumerable<string>? templates = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ClassPrompt[] classes = [.. dataset.Classes.Select(each => new ClassPrompt(each.Name) { Prompts = [each.Name.Replace('_', ' ')] })];
        foreach (ClassPrompt given in mapping?.Classes ?? []) { classes[dataset.IndexOf(given.Name)] = given with { Threshold = null }; }
        return new(classes, mapping?.Background, templates ?? mapping?.Templates);
    }
}
