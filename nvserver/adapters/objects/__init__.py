"""Blobs in a folder or in S3, through obstore. Its calls block: they run in threads of their own limiter."""

from nvserver.adapters.objects.blobs import ObjectBlobs, open_blobs

__all__ = ["ObjectBlobs", "open_blobs"]
