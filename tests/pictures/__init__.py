"""The pictures in the documentation, taken of the demo's workbook by LibreOffice: ``python -m tests.pictures``."""
