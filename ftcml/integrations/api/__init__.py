"""Webhooks in API v1: views and shapes over the same services as the pages."""
