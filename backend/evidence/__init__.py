"""What proves the work: checklist answers, photos, and the customer's signature on a hashed snapshot."""
