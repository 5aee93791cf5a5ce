"""pmosync keeps one shared sheet true: three systems in, one workbook out."""

__version__ = "0.1.0"
