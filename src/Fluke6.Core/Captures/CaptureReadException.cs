namespace Fluke6.Captures;

/// <summary>A capture cannot be read on: it is damaged, cut short, of a kind that Fluke6 does not read, or its file fails.</summary>
/// <param name="message">One line that begins with the capture's name.</param>
internal sealed class CaptureReadException(string message) : Exception(message);
