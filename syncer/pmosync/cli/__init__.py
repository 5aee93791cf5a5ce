"""The command line: the only place that writes sentences to people and reads the clock of a one-off run."""
