using Fluke6.Command;
using Fluke6.Scripting;

Console.SetOut(new DescriptorWriter(1));
Console.SetError(new DescriptorWriter(2));
RuleConsole.Install();
StrayExceptions.Install();
return CommandLine.Run(args);
