"""The codecs of the wire, sans-IO."""
