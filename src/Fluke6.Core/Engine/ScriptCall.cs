namespace Fluke6.Engine;

/// <summary>That a method of a script calls another one, which may be compiled into it.</summary>
/// <param name="Caller">The metadata token of the method that calls.</param>
/// <param name="Callee">The metadata token of the method that is called.</param>
internal readonly record struct ScriptCall(int Caller, int Callee);
