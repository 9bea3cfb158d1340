"""Routing, parsing, rendering, streaming and OpenAPI. Nothing here knows what an agent is."""
