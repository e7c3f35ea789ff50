using Fluke6.Command;

Console.SetOut(new DescriptorWriter(1));
Console.SetError(new DescriptorWriter(2));
return CommandLine.Run(args);
