"""All that a plugin may import, besides `burn.testing`. Importing it imports no pandas.

from burn.api import BillingProviderSpec, hookimpl, schemas
"""

from burn.api import dimensions, schemas
from burn.api.alerts import Alert, AlertRequest, AlertSink
from burn.api.around import Around, Seen
from burn.api.billed import Bill, BillPeriod
from burn.api.contract import (
    AllocationPolicy,
    BillingProvider,
    Check,
    Enricher,
    Enrichment,
    FindingRule,
    MetricsSource,
    Observation,
    Outline,
    OutputSink,
    PriceListProvider,
    PriceSource,
    Service,
    StoredSource,
)
from burn.api.counted import Accounted, ControlTotal, FileCount, Invoiced
from burn.api.coverage import Coverage, seen_throughout
from burn.api.drivers import DRIVERS, GROUP_TITLES, Driver
from burn.api.errors import (
    AccessError,
    BurnError,
    ContractError,
    DataError,
    ExitCode,
    ForgottenError,
    PluginError,
    ToleranceError,
    UsageError,
)
from burn.api.find import FindRequest
from burn.api.frames import (
    AllocationFrame,
    AssetsFrame,
    BillFrame,
    CommitmentsFrame,
    CommitmentTermsFrame,
    ContainersFrame,
    DimensionsFrame,
    IdentityFrame,
    InventoryFrame,
    LedgerFrame,
    ListedFrame,
    MountsFrame,
    OffersFrame,
    PlanFrame,
    PodsFrame,
    PresenceFrame,
    PriceFrame,
    SizesFrame,
    SpotFrame,
    UsageFrame,
    UseFrame,
    WorkloadsFrame,
)
from burn.api.headline import Headline, headline
from burn.api.hookspec import hookimpl, hookspec
from burn.api.join import joined
from burn.api.listed import Listed, ListedRequest, SoldMachine
from burn.api.machines import Machine
from burn.api.model import Message, Model, ModelSpec, ToolCall, Turn, TurnRequest
from burn.api.money import cents, figure, money, spread
from burn.api.news import News, TellSettings
from burn.api.questions import Desk, QuestionSpec
from burn.api.report import Finding, Report, RunInfo, Totals
from burn.api.requests import (
    ApplyRequest,
    BillRequest,
    CheckRequest,
    EnrichRequest,
    IdentifyRequest,
    LinesRequest,
    ObserveRequest,
    PeriodRequest,
    PriceRequest,
    ServeRequest,
    WriteRequest,
)
from burn.api.schema import Column, Schema
from burn.api.scope import Scope
from burn.api.settings import NoSettings, setting
from burn.api.specs import (
    AllocationPolicySpec,
    BillingProviderSpec,
    EnricherSpec,
    FindingRuleSpec,
    MetricsSourceSpec,
    OutputSinkSpec,
    PodBilling,
    PriceSourceSpec,
    ServiceSpec,
    Spec,
)
from burn.api.thresholds import Thresholds
from burn.api.window import Window
from burn.text.clean import clean
from burn.text.secrets import conceal

PLUGIN_API = (1, 0)
"""Major: also in the entry-point group `burn.v1`. Minor: grows when something is added."""

__all__ = [
    "DRIVERS",
    "GROUP_TITLES",
    "PLUGIN_API",
    "AccessError",
    "Accounted",
    "Alert",
    "AlertRequest",
    "AlertSink",
    "AllocationFrame",
    "AllocationPolicy",
    "AllocationPolicySpec",
    "ApplyRequest",
    "Around",
    "AssetsFrame",
    "Bill",
    "BillFrame",
    "BillPeriod",
    "BillRequest",
    "BillingProvider",
    "BillingProviderSpec",
    "BurnError",
    "Check",
    "CheckRequest",
    "Column",
    "CommitmentTermsFrame",
    "CommitmentsFrame",
    "ContainersFrame",
    "ContractError",
    "ControlTotal",
    "Coverage",
    "DataError",
    "Desk",
    "DimensionsFrame",
    "Driver",
    "EnrichRequest",
    "Enricher",
    "EnricherSpec",
    "Enrichment",
    "ExitCode",
    "FileCount",
    "FindRequest",
    "Finding",
    "FindingRule",
    "FindingRuleSpec",
    "ForgottenError",
    "Headline",
    "IdentifyRequest",
    "IdentityFrame",
    "InventoryFrame",
    "Invoiced",
    "LedgerFrame",
    "LinesRequest",
    "Listed",
    "ListedFrame",
    "ListedRequest",
    "Machine",
    "Message",
    "MetricsSource",
    "MetricsSourceSpec",
    "Model",
    "ModelSpec",
    "MountsFrame",
    "News",
    "NoSettings",
    "Observation",
    "ObserveRequest",
    "OffersFrame",
    "Outline",
    "OutputSink",
    "OutputSinkSpec",
    "PeriodRequest",
    "PlanFrame",
    "PluginError",
    "PodBilling",
    "PodsFrame",
    "PresenceFrame",
    "PriceFrame",
    "PriceListProvider",
    "PriceRequest",
    "PriceSource",
    "PriceSourceSpec",
    "QuestionSpec",
    "Report",
    "RunInfo",
    "Schema",
    "Scope",
    "Seen",
    "ServeRequest",
    "Service",
    "ServiceSpec",
    "SizesFrame",
    "SoldMachine",
    "Spec",
    "SpotFrame",
    "StoredSource",
    "TellSettings",
    "Thresholds",
    "ToleranceError",
    "ToolCall",
    "Totals",
    "Turn",
    "TurnRequest",
    "UsageError",
    "UsageFrame",
    "UseFrame",
    "Window",
    "WorkloadsFrame",
    "WriteRequest",
    "cents",
    "clean",
    "conceal",
    "dimensions",
    "figure",
    "headline",
    "hookimpl",
    "hookspec",
    "joined",
    "money",
    "schemas",
    "seen_throughout",
    "setting",
    "spread",
]
