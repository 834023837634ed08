"""What the layers above need from the world, as `Protocol` classes; each docstring is the contract its adapters
keep."""
