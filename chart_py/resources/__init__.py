"""All builders, one for each object that a release can have."""

from __future__ import annotations

from collections.abc import Callable

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources import http_route, image_pull_secret, ingress, priority_class
from chart_py.resources.autohttps import config_map as autohttps_config_map
from chart_py.resources.autohttps import deployment as autohttps_deployment
from chart_py.resources.autohttps import network_policy as autohttps_network_policy
from chart_py.resources.autohttps import pdb as autohttps_pdb
from chart_py.resources.autohttps import rbac as autohttps_rbac
from chart_py.resources.hub import config_map as hub_config_map
from chart_py.resources.hub import deployment as hub_deployment
from chart_py.resources.hub import network_policy as hub_network_policy
from chart_py.resources.hub import pdb as hub_pdb
from chart_py.resources.hub import pvc as hub_pvc
from chart_py.resources.hub import rbac as hub_rbac
from chart_py.resources.hub import secret as hub_secret
from chart_py.resources.hub import service as hub_service
from chart_py.resources.image_puller import daemonset as image_puller_daemonset
from chart_py.resources.image_puller import job as image_puller_job
from chart_py.resources.image_puller import priority_class as image_puller_priority_class
from chart_py.resources.image_puller import rbac as image_puller_rbac
from chart_py.resources.proxy import deployment as proxy_deployment
from chart_py.resources.proxy import network_policy as proxy_network_policy
from chart_py.resources.proxy import pdb as proxy_pdb
from chart_py.resources.proxy import secret as proxy_secret
from chart_py.resources.proxy import service as proxy_service
from chart_py.resources.singleuser import network_policy as singleuser_network_policy
from chart_py.resources.singleuser import secret as singleuser_secret
from chart_py.resources.user_placeholder import pdb as user_placeholder_pdb
from chart_py.resources.user_placeholder import priority_class as user_placeholder_priority_class
from chart_py.resources.user_placeholder import stateful_set as user_placeholder_stateful_set
from chart_py.resources.user_scheduler import config_map as user_scheduler_config_map
from chart_py.resources.user_scheduler import deployment as user_scheduler_deployment
from chart_py.resources.user_scheduler import pdb as user_scheduler_pdb
from chart_py.resources.user_scheduler import rbac as user_scheduler_rbac
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
    proxy_deployment.deployment,
    proxy_network_policy.network_policy,
    proxy_pdb.pdb,
    proxy_secret.secret,
    proxy_service.api_service,
    proxy_service.http_service,
    proxy_service.public_service,
    autohttps_config_map.config_map,
    autohttps_deployment.deployment,
    autohttps_network_policy.network_policy,
    autohttps_pdb.pdb,
    autohttps_rbac.service_account,
    autohttps_rbac.role,
    autohttps_rbac.role_binding,
    image_puller_daemonset.continuous_daemonset,
    image_puller_daemonset.hook_daemonset,
    image_puller_job.job,
    image_puller_priority_class.priority_class,
    image_puller_rbac.continuous_service_account,
    image_puller_rbac.hook_service_account,
    image_puller_rbac.awaiter_service_account,
    image_puller_rbac.awaiter_role,
    image_puller_rbac.awaiter_role_binding,
    user_scheduler_config_map.config_map,
    user_scheduler_deployment.deployment,
    user_scheduler_pdb.pdb,
    user_scheduler_rbac.service_account,
    user_scheduler_rbac.cluster_role,
    user_scheduler_rbac.cluster_role_binding,
    user_placeholder_pdb.pdb,
    user_placeholder_priority_class.priority_class,
    user_placeholder_stateful_set.stateful_set,
    priority_class.default_priority_class,
    singleuser_network_policy.network_policy,
    singleuser_secret.secret,
    image_pull_secret.image_pull_secret,
    ingress.ingress,
    http_route.http_route,
)
"""Every builder: a pure function that makes one object, or None where it is not wanted."""
