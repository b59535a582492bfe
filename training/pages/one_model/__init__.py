"""The pages of one model, one module a page."""
