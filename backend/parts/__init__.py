"""Parts and the stock ledger: stock is the sum of movements between two locations, never edited."""
