"""What people and teams may have and may have gone: exports, erasing, the access log's page, and archived seasons."""
