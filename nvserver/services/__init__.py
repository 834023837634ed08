"""Use cases without realtime state."""
