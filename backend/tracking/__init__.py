"""What a customer sees behind a signed link: status, who comes, when, and where they are now."""
