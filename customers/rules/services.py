"""The kinds of service that a subscription can be, as rules name them."""

FIXED = "fixed"
BROADBAND = "broadband"
M2G = "m2g"
M3G = "m3g"

SERVICES = (FIXED, BROADBAND, M2G, M3G)
VOICE_SERVICES = (FIXED, M2G, M3G)
"""The services that have voice: they join a VPN group (PAR-7). Broadband has none."""
MOBILE_SERVICES = (M2G, M3G)
