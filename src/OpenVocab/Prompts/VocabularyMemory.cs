namespace OpenVocab.Prompts;

/// <summary>Remembers the last vocabularies by their prompts, so that changing back and forth costs a look-up. Safe for several threads.</summary>
internal sealed class VocabularyMemory
{
    private const int Capacity = 32;

    private readonly Lock _gate = new();
    private readonly LinkedList<Vocabulary> _recent = new();
    private readonly Dictionary<PromptSet, LinkedListNode<Vocabulary>> _byPrompts = [];

    /// <summary>The vocabulary of a set, made by <paramref name="encode"/> if it is new.</summary>
    internal Vocabulary GetOrAdd(PromptSet prompts, Func<PromptSet, Vocabulary> encode)
    {
        lock (_gate)
        {
            if (_byPrompts.TryGetValue(prompts, out LinkedListNode<Vocabulary>? node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value;
            }
        }
        // Outside of the lock: embedding takes long, and others may be asking for sets that are here.
        Vocabulary vocabulary = encode(prompts);
        lock (_gate)
        {
            if (_byPrompts.TryGetValue(prompts, out LinkedListNode<Vocabulary>? other)) { return other.Value; }
            _byPrompts[prompts] = _recent.AddFirst(vocabulary);
            if (_recent.Count > Capacity)
            {
                _byPrompts.Remove(_recent.Last!.Value.Prompts!);
                _recent.RemoveLast();
            }
        }
        return vocabulary;
    }
}
