"""Who comes in and how: signing in, second factors, invitations, and what slows down guessing."""
