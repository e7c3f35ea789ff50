namespace Fluke6.Wire;

internal static partial class HeaderText
{
    internal static void Write(ref LineWriter line, scoped TlsClientHello hello)
    {
        line.Write("TLS ClientHello");
        if (hello.SupportedVersions.Count > 0)
            line.Write($", versions {hello.SupportedVersions}");
        else
            line.Write($", version {hello.LegacyVersion:x4}");
        if (!hello.ServerName.IsEmpty)
            line.Write($", name {hello.ServerName}");
        TlsTexts.Enumerator protocols = hello.ApplicationProtocols.GetEnumerator();
        if (protocols.MoveNext())
            line.Write($", protocols {hello.ApplicationProtocols}");
    }

    internal static void Write(ref LineWriter line, scoped TlsOctets octets)
    {
        for (int i = 0; i < octets.Length && line.Complete; i++)
            line.Write($"{octets[i]:x2}");
    }

    internal static void Write(ref LineWriter line, scoped TlsText text)
    {
        TlsOctets octets = text.Octets;
        for (int i = 0; i < octets.Length && line.Complete; i++)
            WriteLetter(ref line, octets[i]);
    }

    internal static void Write(ref LineWriter line, scoped TlsTexts names)
    {
        bool isFirst = true;
        foreach (TlsText name in names)
        {
            if (!isFirst)
                line.Write(',');
            Write(ref line, name);
            isFirst = false;
        }
    }

    internal static void Write(ref LineWriter line, scoped TlsNumbers numbers)
    {
        bool isFirst = true;
        foreach (ushort number in numbers)
        {
            line.Write($"{(isFirst ? string.Empty : ",")}{number:x4}");
            isFirst = false;
        }
    }

    internal static void Write(ref LineWriter line, scoped TlsExtensions extensions)
    {
        bool isFirst = true;
        foreach (TlsExtension extension in extensions)
        {
            if (!isFirst)
                line.Write(',');
            Write(ref line, extension);
            isFirst = false;
        }
    }

    internal static void Write(ref LineWriter line, scoped TlsExtension extension)
    {
        WriteNameOrNumber(ref line, extension.Type, (ushort)extension.Type);
        if (extension.TryGetServerName(out TlsText name))
            line.Write($" {name}");
        else if (extension.TryGetApplicationProtocols(out TlsTexts protocols))
            line.Write($" {protocols}");
        else if (extension.TryGetSupportedVersions(out TlsNumbers versions))
            line.Write($" {versions}");
    }
}
