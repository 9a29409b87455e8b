namespace Edge.Sync.Crdts.Sequences.History;

/// <summary>Binary decisions as a string of bytes, in one direction: an encoder writes what it is told, a decoder tells what it reads.</summary>
/// <remarks>With both behind one face, the syntax of what is coded stands in one place, and reader and writer cannot differ.</remarks>
internal interface IBitCoder
{
    /// <summary>Codes a decision with the probability that its context has learnt. An encoder returns <paramref name="bit"/>; a decoder passes it over.</summary>
    bool Code(ref AdaptiveBit context, bool bit);

    /// <summary>Codes a decision of which nothing is known.</summary>
    bool Code(bool bit);
}
