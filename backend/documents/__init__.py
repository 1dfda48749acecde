"""The signed report as a document: PDF with its own Chinese font, and the page that verifies its hash."""
