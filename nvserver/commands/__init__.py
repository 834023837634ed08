"""The commands of `nvserver`, a module each: `add_arguments(parser)` and `run(arguments, loaded) -> exit code`."""
