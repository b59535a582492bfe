"""What leaves the server: model files, the code of robots, metrics as files, the model in the browser."""
