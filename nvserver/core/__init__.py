"""The sans-IO heart: pure values and rules. No trio, no clock, no randomness, no I/O."""
