"""How programs get in: with tokens, a person's own or a service account's."""
