"""All builders, one for each object that a release can have."""

from __future__ import annotations

from collections.abc import Callable

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.hub import config_map as hub_config_map
from chart_py.resources.hub import deployment as hub_deployment
from chart_py.resources.hub import network_policy as hub_network_policy
from chart_py.resources.hub import pdb as hub_pdb
from chart_py.resources.hub import pvc as hub_pvc
from chart_py.resources.hub import rbac as hub_rbac
from chart_py.resources.hub import secret as hub_secret
from chart_py.resources.hub import service as hub_service
from chart_py.resources.singleuser import network_policy as singleuser_network_policy
from chart_py.resources.singleuser import secret as singleuser_secret
from chart_py.values.root import Values

Builder = Callable[[Values, Context], Manifest | None]

BUILDERS: tuple[Builder, ...] = (
    hub_config_map.config_map,
    hub_deployment.deployment,
    hub_network_policy.network_policy,
    hub_pdb.pdb,
    hub_pvc.pvc,
    hub_rbac.service_account,
    hub_rbac.role,
    hub_rbac.role_binding,
    hub_secret.secret,
    hub_service.service,
    singleuser_network_policy.network_policy,
    singleuser_secret.secret,
)
"""Every builder: a pure function that makes one object, or None where it is not wanted."""
