using System.Runtime;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// The list of methods that the compiler's first file needs machine code of: some 4,000 generic ones, which ReadyToRun cannot hold. It is a file beside the
/// program, made when that is published; with it, .NET makes them machine code on a second processor before they are called, which takes a third
/// off the first file's time.
/// </summary>
/// <remarks>
/// .NET passes over what is not as it was listed, so that a list of another version costs time and nothing else. Without the file, or with one processor, all
/// is as it would be without this class.
/// </remarks>
internal static class MethodProfile
{
    /// <summary>The variable which says, with the value 1, that a list that is read is not to be written anew at the end.</summary>
    public const string KeepVariable = "DOTNET_MultiCoreJitNoProfileGather";

    private const string Name = "compiler.methods";

    private static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, Name);

    /// <summary>Has the methods of the list made machine code from now on, if there is a list.</summary>
    public static void Play()
    {
        if (File.Exists(Path))
            Start();
    }

    /// <summary>Begins a new list, of the methods that are needed from now on. It is written at the process's end.</summary>
    public static void Record()
    {
        // A list that is there would be added to.
        File.Delete(Path);
        Start();
    }

    private static void Start()
    {
        ProfileOptimization.SetProfileRoot(AppContext.BaseDirectory);
        ProfileOptimization.StartProfile(Name);
    }
}
