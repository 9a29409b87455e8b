using System.Globalization;
using System.Text;

namespace Edge.Sync.Generators.Schema;

/// <summary>What <c>edge-sync.schema.json</c> says: the lines of each collection.</summary>
/// <remarks>
/// <code>{ "format": 1, "collections": { "job": { "Title": "register text", "Old": "retired counter" } } }</code>
/// The compiler's own process may have no JSON library of ours: this reads objects, texts and whole numbers, which is all there is.
/// </remarks>
internal sealed class LockFile
{
    /// <summary>The file's name, beside the project.</summary>
    public const string Name = "edge-sync.schema.json";

    /// <summary>In front of the type of a field that no class has any more.</summary>
    public const string Retired = "retired ";

    private readonly string _text;
    private int _at;

    private LockFile(string text) => _text = text;

    public Dictionary<string, Dictionary<string, string>> Collections { get; } = [];

    /// <exception cref="FormatException">It is no such file; the message says where.</exception>
    public static LockFile Parse(string text)
    {
        var file = new LockFile(text);
        file.Read();
        return file;
    }

    private void Read()
    {
        ReadObject(name =>
        {
            if (name == "format") ReadNumber();
            else if (name == "collections") ReadObject(ReadCollection);
            else throw Wrong($"'{name}' is not known");
        });
        SkipSpace();
        if (_at < _text.Length) throw Wrong("the end was expected");
    }

    private void ReadCollection(string collection)
    {
        var lines = new Dictionary<string, string>();
        ReadObject(path => lines[path] = ReadText());
        Collections[collection] = lines;
    }

    private void ReadObject(Action<string> readMember)
    {
        Expect('{');
        SkipSpace();
        if (_at < _text.Length && _text[_at] == '}') { _at++; return; }
        while (true)
        {
            var name = ReadText();
            Expect(':');
            readMember(name);
            SkipSpace();
            if (_at < _text.Length && _text[_at] == ',') { _at++; continue; }
            Expect('}');
            return;
        }
    }

    private void ReadNumber()
    {
        SkipSpace();
        var start = _at;
        while (_at < _text.Length && char.IsDigit(_text[_at])) _at++;
        if (_text.Substring(start, _at - start) != "1") throw Wrong("format 1 was expected");
    }

    private string ReadText()
    {
        Expect('"');
        var text = new StringBuilder();
        while (_at < _text.Length && _text[_at] != '"')
        {
            if (_text[_at] != '\\') { text.Append(_text[_at++]); continue; }
            if (_at + 1 >= _text.Length) break;
            var escaped = _text[_at + 1];
            _at += 2;
            if (escaped != 'u') { text.Append(escaped switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', _ => escaped }); continue; }
            if (_at + 4 > _text.Length || !int.TryParse(_text.Substring(_at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code)) throw Wrong("four hexadecimal digits were expected");
            text.Append((char)code);
            _at += 4;
        }
        Expect('"');
        return text.ToString();
    }

    private void Expect(char expected)
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] != expected) throw Wrong($"'{expected}' was expected");
        _at++;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private FormatException Wrong(string why)
    {
        var line = 1;
        for (var i = 0; i < _at && i < _text.Length; i++)
            if (_text[i] == '\n') line++;
        return new($"line {line}: {why}");
    }
}
