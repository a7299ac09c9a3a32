"""Our channel in front of Rasa as it is, for `make bench`: none of our extensions."""

from bot.channel import ChefuChannel


class StockChannel(ChefuChannel):
    """The same door; what is behind it stays as Rasa made it."""

    def install(self) -> None:
        """Nothing."""
