"""What a customer reports, or an agent takes down: guided by the fault tree, kept as a draft, made into a case.

One service for the public page, the appliance's QR code and the hotline; duplicates join the open case.
"""
