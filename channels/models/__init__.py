from channels.models.channel import Channel
from channels.models.facts import RevenueFact, SaleFact

__all__ = ["Channel", "RevenueFact", "SaleFact"]
