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
    agents,
    archives,
    base,
    cloud,
    completions,
    contexts,
    conversations,
    exports,
    folders,
    groups,
    identities,
    listed_models,
    mcp_servers,
    memory,
    message_content,
    messages,
    model_settings,
    models,
    openai_settings,
    providers,
    response_formats,
    run_parts,
    runs,
    schedules,
    searches,
    tool_requests,
    tool_rules,
    tools,
)
from mockletta.wire.base import Wire

SDK_NAMESAKES: dict[type[Wire], type[BaseModel]] = {
    archives.Archive: sdk.Archive,
    archives.Passage: sdk.Passage,
    archives.PassageFound: sdk_passages.Result,
    archives.PassagesFound: sdk_passages.PassageSearchResponse,
    cloud.Policy: sdk_access_token.Policy,
    cloud.PolicyData: sdk_access_token.PolicyData,
    cloud.Token: sdk.AccessTokenCreateResponse,
    cloud.AccessTokens: sdk.AccessTokenListResponse,
    agents.AgentEnvironmentVariable: sdk.AgentEnvironmentVariable,
    agents.AgentState: sdk.AgentState,
    cloud.Environment: sdk.EnvironmentRetrieveResponse,
    cloud.EnvironmentMetadata: sdk_environment.Metadata,
    cloud.Environments: sdk.EnvironmentListResponse,
    cloud.MessageSent: sdk.EnvironmentSendMessageResponse,
    exports.ImportedAgents: sdk.AgentImportFileResponse,
    agents.CompactionSettings: sdk_agent_state.CompactionSettings,
    agents.Memory: sdk_agent_state.Memory,
    memory.Block: sdk.BlockResponse,
    conversations.CompactionResponse: sdk_conversations.CompactionResponse,
    conversations.Conversation: sdk.Conversation,
    groups.Group: sdk_agent_state.ManagedGroup,
    identities.Identity: sdk_agent_state.Identity,
    identities.IdentityProperty: sdk_agent_state.IdentityProperty,
    folders.AgentFile: sdk_agents.FileListResponse,
    folders.FileBlock: sdk_agent_state.MemoryFileBlock,
    folders.FileMetadata: sdk_folders.FileUploadResponse,
    folders.Folder: sdk.Folder,
    folders.Source: sdk_agent_state.Source,
    mcp_servers.StdioMcpServer: sdk.StdioMcpServer,
    mcp_servers.HttpMcpServer: sdk.StreamableHTTPMcpServer,
    messages.ApprovalRequestMessage: sdk_agents.ApprovalRequestMessage,
    messages.ApprovalResponseMessage: sdk_agents.ApprovalResponseMessage,
    message_content.ApprovalReturn: sdk_agents.ApprovalReturn,
    messages.AssistantMessage: sdk_agents.AssistantMessage,
    message_content.CompactionStats: sdk_summary_message.CompactionStats,
    messages.EventMessage: sdk_agents.EventMessage,
    message_content.ImageContent: sdk_agents.ImageContent,
    message_content.LettaImage: sdk_image_content.SourceLettaImage,
    messages.Ping: sdk_streaming.LettaPing,
    messages.ReasoningMessage: sdk_agents.ReasoningMessage,
    messages.RequestedCallDelta: sdk_agents.ToolCallDelta,
    messages.SummaryMessage: sdk_agents.SummaryMessage,
    messages.SystemMessage: sdk_agents.SystemMessage,
    message_content.TextContent: sdk_agents.TextContent,
    message_content.ToolCall: sdk_agents.ToolCall,
    messages.ToolCallDelta: sdk_agents.ToolCallDelta,
    messages.ToolCallMessage: sdk_agents.ToolCallMessage,
    message_content.ToolReturn: sdk_agents.ToolReturn,
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
    response_formats.JsonObjectResponseFormat: sdk.JsonObjectResponseFormat,
    response_formats.JsonSchemaResponseFormat: sdk.JsonSchemaResponseFormat,
    model_settings.MoonshotCodingModelSettings: (
        sdk_agent_state.ModelSettingsMoonshotCodingModelSettings
    ),
    model_settings.MoonshotModelSettings: sdk_agent_state.ModelSettingsMoonshotModelSettings,
    openai_settings.OpenAIModelSettings: sdk.OpenAIModelSettings,
    openai_settings.OpenAIReasoning: SdkReasoning,
    model_settings.OpenRouterModelSettings: sdk_agent_state.ModelSettingsOpenRouterModelSettings,
    model_settings.SGLangModelSettings: sdk_agent_state.ModelSettingsSgLangModelSettings,
    response_formats.TextResponseFormat: sdk.TextResponseFormat,
    model_settings.TogetherModelSettings: sdk.TogetherModelSettings,
    model_settings.XAIModelSettings: sdk.XaiModelSettings,
    model_settings.ZAIModelSettings: sdk_agent_state.ModelSettingsZaiModelSettings,
    model_settings.ZAIThinking: sdk_agent_state.ModelSettingsZaiModelSettingsThinking,
    models.EmbeddingConfig: sdk.EmbeddingConfig,
    listed_models.EmbeddingModel: sdk.EmbeddingModel,
    models.LLMConfig: sdk.LlmConfig,
    listed_models.Model: sdk.Model,
    messages.ErrorMessage: sdk_streaming.LettaErrorMessage,
    messages.LettaResponse: sdk_agents.LettaResponse,
    messages.StopReason: sdk_letta_response.StopReason,
    messages.UsageStatistics: sdk_letta_response.Usage,
    run_parts.RequestConfig: sdk_run.RequestConfig,
    runs.Run: sdk_agents.Run,
    runs.RunUsage: sdk_runs.UsageRetrieveResponse,
    runs.Step: sdk.Step,
    cloud.AgentsCreated: sdk_templates.AgentCreateResponse,
    cloud.Template: sdk.TemplateCreateResponse,
    cloud.TemplateChanged: sdk.TemplateRollbackResponse,
    cloud.TemplateDeleted: sdk.TemplateDeleteResponse,
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
    tool_requests.PackageRequirement: SdkPipRequirement,
    tools.Tool: sdk.Tool,
    tool_requests.ToolExecutionResult: sdk_agents.ToolExecutionResult,
    runs.ProviderTrace: sdk.ProviderTrace,
    runs.StepMetrics: sdk_steps.MetricRetrieveResponse,
}

NAMELESS: set[type[Wire]] = {
    run_parts.RequestedPrompt,
    folders.AgentFiles,
    folders.FileStats,
    folders.FolderStats,
    folders.FoldersStats,
    cloud.AccessToken,
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
    cloud._Camel,
    cloud.Registered,
    cloud.Templates,
    schedules.AsGiven,
    model_settings.FormattedModelSettings,
    openai_settings.ProviderModelSettings,
    base.SharedPart,
    tool_rules.BaseToolRule,
    searches.MessageMatch,
    searches.StoredMessageMatch,
    runs.RunMetrics,
    runs.Span,
}

# What the recorded server sends and the SDK does not declare: contract/README.md has the list.
UNDECLARED: dict[type[Wire], set[str]] = {
    agents.AgentEnvironmentVariable: {"organization_id"},
    archives.Archive: {"organization_id"},
    conversations.Conversation: {"isolated_block_ids"},
    identities.Identity: {"organization_id"},
    folders.Folder: {"organization_id"},
    folders.Source: {"organization_id"},
    runs.Step: {"organization_id"},
    folders.FileMetadata: {"organization_id"},
    archives.Passage: {"organization_id"},
    runs.StepMetrics: {"organization_id"},
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
