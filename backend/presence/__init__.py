"""Who looks at a day right now, and which job they have open. Owns `presence`, whose rows live a minute."""
