"""Socket.IO clients: frames to messages, events to frames."""
