"""The operations that are not imitated: each answers 501 and says so.

The operations of the SDK come first, then those of the API without an SDK method, then undocumented
ones that clients use.
"""

from mockletta.errors import NotImplementedYet
from mockletta.http.routing import Handler, Routes
from mockletta.world.world import World

routes = Routes("")
OPERATIONS = (
    ("POST", "/v1/tools/mcp/servers/connect", "tools.mcp_servers.connect"),
    ("GET", "/v1/tools/mcp/oauth/callback", "tools.mcp_servers.oauth_callback"),
    ("PATCH", "/v1/groups/{group_id}/messages/{message_id}", "groups.messages.update"),
    ("GET", "/v1/_internal_agents/count", "internal.agents.count"),
    (
        "PATCH",
        "/v1/_internal_agents/{agent_id}/core-memory/blocks/{block_label}",
        "internal.agents.blocks.update",
    ),
    ("GET", "/v1/_internal_blocks/", "internal.blocks.list"),
    ("POST", "/v1/_internal_blocks/", "internal.blocks.create"),
    ("DELETE", "/v1/_internal_blocks/{block_id}", "internal.blocks.delete"),
    ("GET", "/v1/_internal_blocks/{block_id}/agents", "internal.blocks.agents.list"),
    ("GET", "/v1/_internal_runs/", "internal.runs.list"),
    ("POST", "/v1/_internal_templates/groups", "internal.templates.groups.create"),
    ("POST", "/v1/_internal_templates/agents", "internal.templates.agents.create"),
    ("POST", "/v1/_internal_templates/blocks", "internal.templates.blocks.create"),
    ("POST", "/v1/_internal_templates/blocks/batch", "internal.templates.blocks.create_many"),
    (
        "GET",
        "/v1/_internal_templates/deployment/{deployment_id}",
        "internal.templates.deployments.list",
    ),
    (
        "DELETE",
        "/v1/_internal_templates/deployment/{deployment_id}",
        "internal.templates.deployments.delete",
    ),
    ("GET", "/v1/mcp-servers/connect/{mcp_server_id}", "mcp_servers.connect"),
    ("POST", "/v1/messages/batches", "messages.batches.create"),
    ("POST", "/v1/voice-beta/{agent_id}/chat/completions", "voice.completions.create"),
    ("POST", "/v1/agents/search", "agents.search"),
    ("GET", "/v1/agents/search/count", "agents.search_count"),
    ("GET", "/v1/models/embeddings", "embedding_models.list"),
    (
        "POST",
        "/v1/templates/{project_id}/{template_version}/agents",
        "projects.templates.agents.create",
    ),
    ("POST", "/v1/templates/{project_id}/{template_name}", "projects.templates.save"),
    ("DELETE", "/v1/templates/{project_id}/{template_name}", "projects.templates.delete"),
    (
        "GET",
        "/v1/templates/{project_id}/{template_version}/snapshot",
        "projects.templates.snapshot.retrieve",
    ),
    (
        "PUT",
        "/v1/templates/{project_id}/{template_version}/snapshot",
        "projects.templates.snapshot.update",
    ),
    ("POST", "/v1/templates/{project_id}/{template_version}/fork", "projects.templates.fork"),
    ("POST", "/v1/templates/{project_id}", "projects.templates.create"),
    ("PATCH", "/v1/templates/{project_id}/{template_name}/name", "projects.templates.rename"),
    (
        "PATCH",
        "/v1/templates/{project_id}/{template_name}/description",
        "projects.templates.describe",
    ),
    ("GET", "/v1/templates/{project_id}/{name}/versions", "projects.templates.versions.list"),
    (
        "POST",
        "/v1/templates/{project_id}/{template_name}/deployments/{deployment_id}/migrate",
        "projects.templates.deployments.migrate",
    ),
    ("POST", "/v1/templates/{project_id}/{template_name}/rollback", "projects.templates.rollback"),
    ("PUT", "/v1/templates/{project_id}/{template_name}/agent-file", "projects.templates.update"),
    ("POST", "/v1/legacy-templates/{templateId}/migrates", "legacy_templates.migrate"),
    ("GET", "/v1/projects", "projects.list"),
    ("POST", "/v1/projects", "projects.create"),
    ("DELETE", "/v1/projects/{projectId}", "projects.delete"),
    ("GET", "/v1/metadata/balance", "metadata.balance.retrieve"),
    ("POST", "/v1/metadata/feedback", "metadata.feedback.create"),
    ("POST", "/v1/metadata/telemetry", "metadata.telemetry.create"),
    ("GET", "/v1/metadata/status", "metadata.status.retrieve"),
    ("GET", "/v1/metadata/user", "metadata.user.retrieve"),
    ("POST", "/v1/feeds", "feeds.create"),
    ("GET", "/v1/feeds", "feeds.list"),
    ("GET", "/v1/feeds/{feed_id}", "feeds.retrieve"),
    ("DELETE", "/v1/feeds/{feed_id}", "feeds.delete"),
    ("POST", "/v1/feeds/{feed_id}/messages", "feeds.messages.create"),
    ("GET", "/v1/feeds/{feed_id}/messages", "feeds.messages.list"),
    ("GET", "/v1/feeds/{feed_id}/messages/{message_id}", "feeds.messages.retrieve"),
    ("POST", "/v1/feeds/{feed_id}/subscribe", "feeds.subscribe"),
    ("PATCH", "/v1/feeds/{feed_id}/subscriptions/{subscription_id}", "feeds.subscriptions.update"),
    ("DELETE", "/v1/feeds/{feed_id}/subscriptions/{subscription_id}", "feeds.subscriptions.delete"),
    ("POST", "/v1/feeds/{feed_id}/unsubscribe", "feeds.unsubscribe"),
    (
        "POST",
        "/v1/feeds/{feed_id}/subscriptions/{subscription_id}/trigger",
        "feeds.subscriptions.trigger",
    ),
    (
        "POST",
        "/v1/feeds/{feed_id}/subscriptions/{subscription_id}/backfill",
        "feeds.subscriptions.backfill",
    ),
    (
        "GET",
        "/v1/feeds/{feed_id}/subscriptions/{subscription_id}/history",
        "feeds.subscriptions.history.list",
    ),
    ("PATCH", "/v1/feeds/{feed_id}/subscriptions/cron", "feeds.subscriptions.update_cron"),
    ("GET", "/v1/feeds/{feed_id}/subscriptions", "feeds.subscriptions.list"),
    ("GET", "/v1/agents/{agent_id}/memory-files/directory", "agents.memory_files.list"),
    ("GET", "/v1/agents/{agent_id}/memory-files/history", "agents.memory_files.history.list"),
    ("GET", "/v1/agents/{agent_id}/memory-files/content", "agents.memory_files.retrieve"),
    ("POST", "/v1/pipelines", "pipelines.create"),
    ("GET", "/v1/pipelines", "pipelines.list"),
    ("GET", "/v1/pipelines/count", "pipelines.count"),
    ("GET", "/v1/pipelines/{pipeline_id}", "pipelines.retrieve"),
    ("PATCH", "/v1/pipelines/{pipeline_id}", "pipelines.update"),
    ("DELETE", "/v1/pipelines/{pipeline_id}", "pipelines.delete"),
    ("PATCH", "/v1/pipelines/{pipeline_id}/config", "pipelines.config.update"),
    ("POST", "/v1/pipelines/preview", "pipelines.preview"),
    ("POST", "/v1/pipelines/{pipeline_id}/sync", "pipelines.sync"),
    ("GET", "/v1/pipelines/{pipeline_id}/sync/history", "pipelines.sync_history.list"),
    ("POST", "/v1/sandboxes", "sandboxes.create"),
    ("GET", "/v1/sandboxes", "sandboxes.list"),
    ("POST", "/v1/sandboxes/{sandboxId}/terminate", "sandboxes.terminate"),
    ("GET", "/v1/device-storage-key", "device_storage_key.retrieve"),
    ("GET", "/v1/sandbox-config/", "sandbox_config.list"),
    ("POST", "/v1/sandbox-config/", "sandbox_config.create"),
    ("GET", "/v1/sandbox-config/{kind}/default", "sandbox_config.retrieve_default"),
    ("POST", "/v1/sandbox-config/local", "sandbox_config.create_local"),
    ("PATCH", "/v1/sandbox-config/{sandbox_config_id}", "sandbox_config.update"),
    ("DELETE", "/v1/sandbox-config/{sandbox_config_id}", "sandbox_config.delete"),
    (
        "GET",
        "/v1/sandbox-config/{sandbox_config_id}/environment-variable",
        "sandbox_config.environment_variables.list",
    ),
    (
        "POST",
        "/v1/sandbox-config/{sandbox_config_id}/environment-variable",
        "sandbox_config.environment_variables.create",
    ),
    ("GET", "/v1/git/{agent_id}/state.git/info/refs", "git.refs.list"),
    ("POST", "/v1/git/{agent_id}/state.git/git-upload-pack", "git.fetch"),
    ("POST", "/v1/git/{agent_id}/state.git/git-receive-pack", "git.push"),
    ("POST", "/v1/anthropic/v1/messages", "proxies.anthropic.messages.create"),
    ("GET", "/v1/anthropic/v1/models", "proxies.anthropic.models.list"),
    ("POST", "/v1/zai/v1/messages", "proxies.zai.messages.create"),
    ("GET", "/v1/zai/v1/models", "proxies.zai.models.list"),
    ("GET", "/v1/agents/{agent_id}/secrets", "agents.secrets.list"),
    ("GET", "/v1/agents/{agent_id}/mcp-servers", "agents.mcp_servers.list"),
    (
        "GET",
        "/v1/agents/{agent_id}/mcp-servers/{mcp_server_id}/tools",
        "agents.mcp_servers.tools.list",
    ),
    (
        "POST",
        "/v1/agents/{agent_id}/mcp-servers/{mcp_server_id}/tools/{tool_id}/run",
        "agents.mcp_servers.tools.run",
    ),
    (
        "POST",
        "/v1/agents/{agent_id}/mcp-servers/tools/search",
        "agents.mcp_servers.tools.search",
    ),
    ("POST", "/v1/agents/{agent_id}/reflection/runs", "agents.reflection.runs.create"),
    ("GET", "/v1/agents/{agent_id}/repositories", "agents.repositories.list"),
    ("POST", "/v1/agents/{agent_id}/repositories", "agents.repositories.attach"),
    (
        "DELETE",
        "/v1/agents/{agent_id}/repositories/{repository_id}",
        "agents.repositories.detach",
    ),
    ("GET", "/v1/repositories", "repositories.list"),
    ("POST", "/v1/repositories", "repositories.create"),
    ("GET", "/v1/repositories/{repository_id}", "repositories.retrieve"),
    ("DELETE", "/v1/repositories/{repository_id}", "repositories.delete"),
    ("POST", "/v1/conversations/ephemeral", "conversations.ephemeral.create"),
    ("GET", "/v1/secrets/", "secrets.list"),
    ("POST", "/v1/secrets/", "secrets.create"),
)


def _refuser(operation: str) -> Handler:
    def refuse(world: World) -> None:  # noqa: ARG001
        raise NotImplementedYet(operation)

    return refuse


for _method, _path, _operation in OPERATIONS:
    routes.routes.append((_method, _path, _operation, _refuser(_operation)))
