"""What the numbers of a job mean: metrics, curves, detections, verdict, advice. Reads, and changes nothing."""
