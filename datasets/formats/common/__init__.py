"""What several formats share: which picture is meant, splits, shapes, texts, names."""
