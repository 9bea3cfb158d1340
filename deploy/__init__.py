"""Fleets: several mockletta servers behind a proxy. docs/scale.md says when and how."""
