"""The pages of the Videos tab: views that decide nothing."""
