"""Starting and stopping what is measured."""
