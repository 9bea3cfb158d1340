"""The operations of the SDK that are not imitated yet: each answers 501 and says so."""

from mockletta.errors import NotImplementedYet
from mockletta.http.routing import Handler, Routes
from mockletta.world import World

OPERATIONS = (
    ("POST", "/v1/templates", "templates.create"),
    ("PATCH", "/v1/templates/{template_name}", "templates.update"),
    ("DELETE", "/v1/templates/{template_name}", "templates.delete"),
    ("POST", "/v1/templates/{template_name}/rollback", "templates.rollback"),
    ("POST", "/v1/templates/{template_name}/save", "templates.save"),
    ("POST", "/v1/templates/{template_version}/agents", "templates.agents.create"),
    ("GET", "/v1/environments/{deviceId}", "environments.retrieve"),
    ("GET", "/v1/environments", "environments.list"),
    ("POST", "/v1/environments/{connectionId}/messages", "environments.send_message"),
)

routes = Routes("")


def _refuser(operation: str) -> Handler:
    def refuse(world: World) -> None:  # noqa: ARG001
        raise NotImplementedYet(operation)

    return refuse


for _method, _path, _operation in OPERATIONS:
    routes.routes.append((_method, _path, _operation, _refuser(_operation)))
