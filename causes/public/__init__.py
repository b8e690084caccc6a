"""The read side: what the public sees, from editions alone."""
