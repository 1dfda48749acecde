"""What a customer reports or an agent takes down: guided by the fault tree, made into a case.

One service for the public page, the appliance's QR code and the hotline; a duplicate joins its open case.
"""
