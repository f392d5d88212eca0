"""Online gateways: adapters that speak their signed protocols, and a simulator of both."""
