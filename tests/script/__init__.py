"""Tests of scripted replies."""
