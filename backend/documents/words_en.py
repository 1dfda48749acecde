"""The documents in English. `{name}` is filled in."""

ENGLISH = {
    "doc_title": "Service report",
    "doc_verify": "Verification",
    "doc_how": "Scan the code or open the address below to check that this document's SHA-256 is on record.",
    "doc_download": "Download as PDF",
    "doc_typed": "Confirmed by {signer} with a typed name, {time}",
    "ver_title": "Check a document",
    "ver_valid_head": "The document is valid",
    "ver_valid_line": "This fingerprint is that of a signed report; its content is as it was signed.",
    "ver_altered_head": "The record is not what was signed",
    "ver_altered_line": "Do not rely on this document, and contact the shop.",
    "ver_unknown_head": "No such document",
    "ver_unknown_line": "This fingerprint is not on record. Check that the address is complete.",
    "ver_org": "Shop",
    "ver_service": "Service",
    "ver_day": "Signed on",
    "ver_total": "Total",
    "ver_privacy": "To protect privacy neither customer nor address is shown here.",
}
