using System.Buffers.Binary;

namespace VoiceActivity;

/// <summary>Sound at 16 kHz: from a file, or made here, since recordings of people are not to lie in a repository.</summary>
internal static class Sound
{
    private const int Rate = SileroModel.SampleRate;

    /// <summary>Ten seconds: a quiet room, then from second 3 to 6 a voice of vowels, then a fan with a whine.</summary>
    public static float[] Demo()
    {
        var random = new Random(1);
        var samples = new float[10 * Rate];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (random.NextSingle() - 0.5f) * 0.004f;
        AddVoice(samples, 3 * Rate, 6 * Rate);
        for (var i = 7 * Rate; i < 9 * Rate; i++)
            samples[i] += (random.NextSingle() - 0.5f) * 0.05f + 0.03f * MathF.Sin(i * 2 * MathF.PI * 1000 / Rate);
        return samples;
    }

    /// <summary>A WAV file of one channel, 16 bits, 16 kHz.</summary>
    /// <exception cref="InvalidDataException">It is another one.</exception>
    public static float[] ReadWave(string path)
    {
        var bytes = File.ReadAllBytes(path).AsSpan();
        if (bytes.Length < 44 || !bytes[..4].SequenceEqual("RIFF"u8) || !bytes.Slice(8, 4).SequenceEqual("WAVE"u8)) throw new InvalidDataException($"'{path}' is no WAV file.");
        for (var at = 12; at + 8 <= bytes.Length;)
        {
            var name = bytes.Slice(at, 4);
            var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[(at + 4)..]);
            var content = bytes[(at + 8)..];
            if (length < 0 || length > content.Length) length = content.Length;
            if (name.SequenceEqual("fmt "u8) && (length < 16 || BinaryPrimitives.ReadInt16LittleEndian(content) != 1 || BinaryPrimitives.ReadInt16LittleEndian(content[2..]) != 1
                || BinaryPrimitives.ReadInt32LittleEndian(content[4..]) != Rate || BinaryPrimitives.ReadInt16LittleEndian(content[14..]) != 16))
                throw new InvalidDataException($"'{path}' is not of one channel, 16 bits and 16 kHz.");
            if (name.SequenceEqual("data"u8))
            {
                var samples = new float[length / 2];
                for (var i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadInt16LittleEndian(content[(2 * i)..]) / 32768f;
                return samples;
            }
            at += 8 + length + length % 2;
        }
        throw new InvalidDataException($"'{path}' has no sound in it.");
    }

    // A throat's pulses through three resonances a vowel, as in Klatt, "Software for a cascade/parallel formant synthesizer" (1980), with as little as will do.
    private static void AddVoice(float[] samples, int start, int end)
    {
        (float F1, float F2, float F3)[] vowels = [(730, 1090, 2440), (270, 2290, 3010), (570, 840, 2410), (530, 1840, 2480), (300, 870, 2240)];
        var phase = 0f;
        var resonances = new Resonance[3];
        for (var i = start; i < end; i++)
        {
            var seconds = (i - start) / (float)Rate;
            // Four syllables a second, gliding from vowel to vowel.
            var syllable = seconds * 4;
            var (from, to, way) = (vowels[(int)syllable % vowels.Length], vowels[((int)syllable + 1) % vowels.Length], MathF.Pow(syllable % 1, 3));
            var pitch = 120 + 15 * MathF.Sin(2 * MathF.PI * 0.7f * seconds) + 4 * MathF.Sin(2 * MathF.PI * 5 * seconds);
            phase = (phase + pitch / Rate) % 1;
            // Rises slowly, falls at once: what makes a voice's overtones.
            var source = phase < 0.6f ? MathF.Sin(MathF.PI * phase / 0.6f) * phase : 0;
            source -= 0.15f;
            var sound = resonances[0].Filter(source, from.F1 + (to.F1 - from.F1) * way, 80);
            sound = resonances[1].Filter(sound, from.F2 + (to.F2 - from.F2) * way, 100);
            sound = resonances[2].Filter(sound, from.F3 + (to.F3 - from.F3) * way, 150);
            samples[i] += 0.25f * MathF.Pow(MathF.Sin(MathF.PI * (syllable % 1)), 0.5f) * sound;
        }
    }

    private struct Resonance
    {
        private float _before, _beforeThat;

        public float Filter(float input, float frequency, float width)
        {
            var c = -MathF.Exp(-2 * MathF.PI * width / Rate);
            var b = 2 * MathF.Exp(-MathF.PI * width / Rate) * MathF.Cos(2 * MathF.PI * frequency / Rate);
            var output = (1 - b - c) * input + b * _before + c * _beforeThat;
            (_beforeThat, _before) = (_before, output);
            return output;
        }
    }
}
