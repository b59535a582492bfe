"""What a team connects to this server: webhooks, e-mail about its trainings, and programs that ask twice."""
