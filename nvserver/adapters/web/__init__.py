"""Requests to other servers."""

from nvserver.adapters.web.client import PublicWebClient, WebClientSettings

__all__ = ["PublicWebClient", "WebClientSettings"]
