"""Everything before a training: archives are imported, inspected, shown and downloaded as datasets."""
