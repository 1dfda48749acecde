"""Who is asking: sign-in, sessions, pairing codes, API tokens, roles and what they may do."""
