// Print every packet in one line, and its octets in hex. RFC 791 §3.1, RFC 8200 §3.
// See it:  ./run.sh bridge tun:fluke1 none -r examples/ip-print.csx
//          ip address add 10.6.0.1/24 dev fluke1; ping -c 1 10.6.0.2

readonly char[] line = new char[40];

Verdict Apply(ref Frame frame)
{
    Log($"{frame}");

    for (int offset = 0; offset < frame.Length; offset += 16)
    {
        ReadOnlySpan<byte> row = frame.Octets[offset..Math.Min(offset + 16, frame.Length)];
        int length = 0;
        for (; row.Length > 2; row = row[2..])
        {
            Convert.TryToHexStringLower(row[..2], line.AsSpan(length), out int written);
            line[length + written] = ' ';
            length += written + 1;
        }

        Convert.TryToHexStringLower(row, line.AsSpan(length), out int last);
        Log($"    0x{offset:x4}:  {line.AsSpan(0, length + last)}");
    }

    frame.Hit();
    return Verdict.Continue;
}
