"""The dealership's own website: pages in two languages, every figure from a valid record."""
