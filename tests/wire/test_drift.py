"""Each shape we send against its namesake in the SDK: the same fields, under their wire names.

A new shape gets a line in SDK_NAMESAKES, or in NAMELESS where the SDK has no class for it.
"""

import importlib
import pkgutil
from collections.abc import Iterator

import letta_client.types as sdk
import pytest
from letta_client.types import access_token_create_response as sdk_access_token
from letta_client.types import agent_state as sdk_agent_state
from letta_client.types import agents as sdk_agents
from letta_client.types import conversations as sdk_conversations
from letta_client.types import environment_retrieve_response as sdk_environment
from letta_client.types import folders as sdk_folders
from letta_client.types import message_search_response as sdk_message_search
from letta_client.types import passage_search_response as sdk_passage_search
from letta_client.types import runs as sdk_runs
from letta_client.types import steps as sdk_steps
from letta_client.types import templates as sdk_templates
from letta_client.types import tool_return_message as sdk_tool_return_message
from letta_client.types.agents import image_content as sdk_image_content
from letta_client.types.agents import letta_response as sdk_letta_response
from letta_client.types.agents import letta_streaming_response as sdk_streaming
from letta_client.types.agents import passage_search_response as sdk_passages
from letta_client.types.agents import run as sdk_run
from letta_client.types.agents import schedule_retrieve_response as sdk_scheduled
from letta_client.types.agents import summary_message as sdk_summary_message
from letta_client.types.anthropic_model_settings import Thinking as SdkThinking
from letta_client.types.child_tool_rule import ChildArgNode as SdkChildArgNode
from letta_client.types.google_ai_model_settings import ThinkingConfig as SdkThinkingConfig
from letta_client.types.openai_model_settings import Reasoning as SdkReasoning
from letta_client.types.pip_requirement import PipRequirement as SdkPipRequirement
from pydantic import BaseModel
from pydantic.fields import FieldInfo

import mockletta.wire
from mockletta.wire import (
    access_tokens,
    agents,
    blocks,
    completions,
    contexts,
    conversations,
    environments,
    exports,
    files,
    folders,
    groups,
    identities,
    mcp_servers,
    messages,
    model_settings,
    models,
    passages,
    providers,
    replies,
    runs,
    schedules,
    searches,
    templates,
    tool_rules,
    tools,
    traces,
)
from mockletta.wire.base import Wire

SDK_NAMESAKES: dict[type[Wire], type[BaseModel]] = {
    passages.Archive: sdk.Archive,
    passages.Passage: sdk.Passage,
    passages.PassageFound: sdk_passages.Result,
    passages.PassagesFound: sdk_passages.PassageSearchResponse,
    access_tokens.Policy: sdk_access_token.Policy,
    access_tokens.PolicyData: sdk_access_token.PolicyData,
    access_tokens.Token: sdk.AccessTokenCreateResponse,
    access_tokens.AccessTokens: sdk.AccessTokenListResponse,
    agents.AgentEnvironmentVariable: sdk.AgentEnvironmentVariable,
    agents.AgentState: sdk.AgentState,
    environments.Environment: sdk.EnvironmentRetrieveResponse,
    environments.EnvironmentMetadata: sdk_environment.Metadata,
    environments.Environments: sdk.EnvironmentListResponse,
    environments.MessageSent: sdk.EnvironmentSendMessageResponse,
    exports.ImportedAgents: sdk.AgentImportFileResponse,
    agents.CompactionSettings: sdk_agent_state.CompactionSettings,
    agents.Memory: sdk_agent_state.Memory,
    blocks.Block: sdk.BlockResponse,
    conversations.CompactionResponse: sdk_conversations.CompactionResponse,
    conversations.Conversation: sdk.Conversation,
    groups.Group: sdk_agent_state.ManagedGroup,
    identities.Identity: sdk_agent_state.Identity,
    identities.IdentityProperty: sdk_agent_state.IdentityProperty,
    files.AgentFile: sdk_agents.FileListResponse,
    files.FileBlock: sdk_agent_state.MemoryFileBlock,
    files.FileMetadata: sdk_folders.FileUploadResponse,
    folders.Folder: sdk.Folder,
    folders.Source: sdk_agent_state.Source,
    mcp_servers.StdioMcpServer: sdk.StdioMcpServer,
    mcp_servers.HttpMcpServer: sdk.StreamableHTTPMcpServer,
    messages.ApprovalRequestMessage: sdk_agents.ApprovalRequestMessage,
    messages.ApprovalResponseMessage: sdk_agents.ApprovalResponseMessage,
    messages.ApprovalReturn: sdk_agents.ApprovalReturn,
    messages.AssistantMessage: sdk_agents.AssistantMessage,
    messages.CompactionStats: sdk_summary_message.CompactionStats,
    messages.EventMessage: sdk_agents.EventMessage,
    messages.ImageContent: sdk_agents.ImageContent,
    messages.LettaImage: sdk_image_content.SourceLettaImage,
    messages.Ping: sdk_streaming.LettaPing,
    messages.ReasoningMessage: sdk_agents.ReasoningMessage,
    messages.RequestedCallDelta: sdk_agents.ToolCallDelta,
    messages.SummaryMessage: sdk_agents.SummaryMessage,
    messages.SystemMessage: sdk_agents.SystemMessage,
    messages.TextContent: sdk_agents.TextContent,
    messages.ToolCall: sdk_agents.ToolCall,
    messages.ToolCallDelta: sdk_agents.ToolCallDelta,
    messages.ToolCallMessage: sdk_agents.ToolCallMessage,
    messages.ToolReturn: sdk_agents.ToolReturn,
    messages.ToolReturnMessage: sdk_tool_return_message.ToolReturnMessage,
    messages.UserMessage: sdk_agents.UserMessage,
    model_settings.AnthropicModelSettings: sdk.AnthropicModelSettings,
    model_settings.AnthropicThinking: SdkThinking,
    model_settings.AzureModelSettings: sdk.AzureModelSettings,
    model_settings.BasetenModelSettings: sdk_agent_state.ModelSettingsBasetenModelSettings,
    model_settings.BedrockModelSettings: sdk.BedrockModelSettings,
    model_settings.ChatGPTOAuthModelSettings: (
        sdk_agent_state.ModelSettingsChatGptoAuthModelSettings
    ),
    model_settings.ChatGPTOAuthReasoning: (
        sdk_agent_state.ModelSettingsChatGptoAuthModelSettingsReasoning
    ),
    model_settings.DeepseekModelSettings: sdk.DeepseekModelSettings,
    model_settings.GeminiThinkingConfig: SdkThinkingConfig,
    model_settings.GoogleAIModelSettings: sdk.GoogleAIModelSettings,
    model_settings.GoogleVertexModelSettings: sdk.GoogleVertexModelSettings,
    model_settings.GroqModelSettings: sdk.GroqModelSettings,
    model_settings.JsonObjectResponseFormat: sdk.JsonObjectResponseFormat,
    model_settings.JsonSchemaResponseFormat: sdk.JsonSchemaResponseFormat,
    model_settings.MoonshotCodingModelSettings: (
        sdk_agent_state.ModelSettingsMoonshotCodingModelSettings
    ),
    model_settings.MoonshotModelSettings: sdk_agent_state.ModelSettingsMoonshotModelSettings,
    model_settings.OpenAIModelSettings: sdk.OpenAIModelSettings,
    model_settings.OpenAIReasoning: SdkReasoning,
    model_settings.OpenRouterModelSettings: sdk_agent_state.ModelSettingsOpenRouterModelSettings,
    model_settings.SGLangModelSettings: sdk_agent_state.ModelSettingsSgLangModelSettings,
    model_settings.TextResponseFormat: sdk.TextResponseFormat,
    model_settings.TogetherModelSettings: sdk.TogetherModelSettings,
    model_settings.XAIModelSettings: sdk.XaiModelSettings,
    model_settings.ZAIModelSettings: sdk_agent_state.ModelSettingsZaiModelSettings,
    model_settings.ZAIThinking: sdk_agent_state.ModelSettingsZaiModelSettingsThinking,
    models.EmbeddingConfig: sdk.EmbeddingConfig,
    models.EmbeddingModel: sdk.EmbeddingModel,
    models.LLMConfig: sdk.LlmConfig,
    models.Model: sdk.Model,
    replies.ErrorMessage: sdk_streaming.LettaErrorMessage,
    replies.LettaResponse: sdk_agents.LettaResponse,
    replies.StopReason: sdk_letta_response.StopReason,
    replies.UsageStatistics: sdk_letta_response.Usage,
    runs.RequestConfig: sdk_run.RequestConfig,
    runs.Run: sdk_agents.Run,
    runs.RunUsage: sdk_runs.UsageRetrieveResponse,
    runs.Step: sdk.Step,
    templates.AgentsCreated: sdk_templates.AgentCreateResponse,
    templates.Template: sdk.TemplateCreateResponse,
    templates.TemplateChanged: sdk.TemplateRollbackResponse,
    templates.TemplateDeleted: sdk.TemplateDeleteResponse,
    schedules.MessagesToSend: sdk_scheduled.Message,
    schedules.MessageToSend: sdk_scheduled.MessageMessage,
    schedules.OneTime: sdk_scheduled.ScheduleUnionMember0,
    schedules.Recurring: sdk_scheduled.ScheduleUnionMember1,
    schedules.ScheduleCreated: sdk_agents.ScheduleCreateResponse,
    schedules.ScheduleDeleted: sdk_agents.ScheduleDeleteResponse,
    schedules.ScheduledImage: sdk_scheduled.MessageMessageContentUnionMember0UnionMember1,
    schedules.ScheduledImageSource: (
        sdk_scheduled.MessageMessageContentUnionMember0UnionMember1Source
    ),
    schedules.ScheduledMessage: sdk_agents.ScheduleRetrieveResponse,
    schedules.ScheduledMessages: sdk_agents.ScheduleListResponse,
    schedules.ScheduledText: sdk_scheduled.MessageMessageContentUnionMember0UnionMember0,
    searches.AssistantMessageMatch: (
        sdk_message_search.MessageSearchResponseItemAssistantMessageListResult
    ),
    searches.PassageMatch: sdk_passage_search.PassageSearchResponseItem,
    searches.ReasoningMessageMatch: (
        sdk_message_search.MessageSearchResponseItemReasoningMessageListResult
    ),
    searches.SystemMessageMatch: (
        sdk_message_search.MessageSearchResponseItemSystemMessageListResult
    ),
    searches.ToolMatch: sdk.ToolSearchResult,
    searches.UserMessageMatch: sdk_message_search.MessageSearchResponseItemUserMessageListResult,
    tool_rules.ChildArgNode: SdkChildArgNode,
    tool_rules.ChildToolRule: sdk.ChildToolRule,
    tool_rules.ConditionalToolRule: sdk.ConditionalToolRule,
    tool_rules.ContinueToolRule: sdk.ContinueToolRule,
    tool_rules.InitToolRule: sdk.InitToolRule,
    tool_rules.MaxCountPerStepToolRule: sdk.MaxCountPerStepToolRule,
    tool_rules.ParentToolRule: sdk.ParentToolRule,
    tool_rules.RequiredBeforeExitToolRule: sdk.RequiredBeforeExitToolRule,
    tool_rules.RequiresApprovalToolRule: sdk.RequiresApprovalToolRule,
    tool_rules.TerminalToolRule: sdk.TerminalToolRule,
    tools.PackageRequirement: SdkPipRequirement,
    tools.Tool: sdk.Tool,
    tools.ToolExecutionResult: sdk_agents.ToolExecutionResult,
    traces.ProviderTrace: sdk.ProviderTrace,
    traces.StepMetrics: sdk_steps.MetricRetrieveResponse,
}

NAMELESS: set[type[Wire]] = {
    runs.RequestedPrompt,
    files.AgentFiles,
    folders.FileStats,
    folders.FolderStats,
    folders.FoldersStats,
    access_tokens.AccessToken,
    providers.Provider,
    mcp_servers.HttpServerConfig,
    mcp_servers.McpRefresh,
    mcp_servers.McpServer,
    mcp_servers.McpTool,
    mcp_servers.SseConfig,
    mcp_servers.StdioConfig,
    mcp_servers.StdioServerConfig,
    mcp_servers.StreamableHttpConfig,
    mcp_servers._HttpConfig,
    *(
        shape
        for module in (exports, completions, contexts)
        for shape in vars(module).values()
        if getattr(shape, "__module__", "") == module.__name__
    ),
    messages.Message,
    environments._Camel,
    environments.Registered,
    templates.Templates,
    schedules.AsGiven,
    model_settings.FormattedModelSettings,
    model_settings.ProviderModelSettings,
    tool_rules.BaseToolRule,
    searches.MessageMatch,
    searches.StoredMessageMatch,
    traces.RunMetrics,
    traces.Span,
}

# What the recorded server sends and the SDK does not declare: contract/README.md has the list.
UNDECLARED: dict[type[Wire], set[str]] = {
    agents.AgentEnvironmentVariable: {"organization_id"},
    passages.Archive: {"organization_id"},
    conversations.Conversation: {"isolated_block_ids"},
    identities.Identity: {"organization_id"},
    folders.Folder: {"organization_id"},
    folders.Source: {"organization_id"},
    runs.Step: {"organization_id"},
    files.FileMetadata: {"organization_id"},
    passages.Passage: {"organization_id"},
    traces.StepMetrics: {"organization_id"},
}


@pytest.mark.parametrize(
    ("ours", "theirs"), SDK_NAMESAKES.items(), ids=[ours.__name__ for ours in SDK_NAMESAKES]
)
def test_a_shape_has_the_fields_of_its_namesake_and_no_others(
    ours: type[Wire], theirs: type[BaseModel]
) -> None:
    sent, declared = _sent(ours), _declared(theirs)
    required = {name for name, field in declared.items() if field.is_required()}
    drift = {
        "sent but undeclared": sent - declared.keys() - UNDECLARED.get(ours, set()),
        "required but missing": required - sent,
        "optional and never sent": declared.keys() - required - sent,
    }
    assert {what: names for what, names in drift.items() if names} == {}


@pytest.mark.parametrize("ours", UNDECLARED, ids=lambda ours: ours.__name__)
def test_the_allowed_list_names_only_what_is_sent_and_still_undeclared(ours: type[Wire]) -> None:
    assert UNDECLARED[ours] == _sent(ours) - _declared(SDK_NAMESAKES[ours]).keys()


def test_every_shape_has_a_namesake_or_is_known_to_have_none() -> None:
    unknown = set(_shapes()) - SDK_NAMESAKES.keys() - NAMELESS
    assert {f"{shape.__module__}.{shape.__name__}" for shape in unknown} == set()


def _sent(ours: type[BaseModel]) -> set[str]:
    fields = ours.model_fields.items()
    return {field.serialization_alias or name for name, field in fields if not field.exclude}


def _declared(theirs: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in theirs.model_fields.items()}


def _shapes() -> Iterator[type[Wire]]:
    for module in pkgutil.iter_modules(mockletta.wire.__path__, "mockletta.wire."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Wire) and value is not Wire:
                yield value
