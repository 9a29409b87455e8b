namespace FactoryFloor.Recording;

/// <summary>Files that the user names: what is wrong with them is said in one sentence.</summary>
internal static class InputFile
{
    public static IEnumerable<string> Lines(string path, string expected)
    {
        using var reader = Open(path, expected);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    public static StreamReader Open(string path, string expected)
    {
        try
        {
            return new StreamReader(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file (seen from {Environment.CurrentDirectory}). Expected {expected}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message} Expected {expected}.");
        }
    }
}
