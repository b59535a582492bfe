"""The Models tab and its pop-ups: views that call services and decide nothing."""
