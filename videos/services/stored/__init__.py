"""What is stored of videos: files that nobody needs anymore, files that are lost, and the rows of what is deleted."""
