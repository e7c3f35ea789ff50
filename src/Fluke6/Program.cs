using Fluke6.Command;

return CommandLine.Run(args);
