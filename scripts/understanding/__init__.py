"""Measures how well a trained model understands; `scripts/evaluate.py` puts the parts together."""
