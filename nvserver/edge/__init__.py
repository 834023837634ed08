"""Where the outside world comes in: one port, the realtime gateway, the REST API."""
