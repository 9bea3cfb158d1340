"""Routing, parsing, rendering and streaming. Has never heard of an agent."""
