"""Both gateways in small, a process of its own: they sign, remember, and misbehave as told."""
