"""What every shape on the wire has in common."""

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """A shape that leaves the building: what is not declared cannot be sent."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, protected_namespaces=()
    )


class Body(BaseModel):
    """A shape that comes in: unknown fields are ignored, as the server does."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, protected_namespaces=()
    )
