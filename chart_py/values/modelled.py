"""`modelled`: what an edition's settings say, in the settings of the models, where the two are named otherwise."""

from __future__ import annotations

from chart_py.editions import Edition
from chart_py.values.root import Values


def modelled(values: Values, edition: Edition) -> Values:
    """`values` of `edition` as builders read them; the very same where nothing is named otherwise."""
    return values if edition.has("service-account-names") else _by_rbac_enabled(values)


def _by_rbac_enabled(values: Values) -> Values:
    """One switch, rbac.enabled, made all Roles and all accounts, or none of them."""
    on = bool(values.rbac.enabled)
    proxy, scheduling, pullers = values.proxy, values.scheduling, values.prePuller
    traefik, scheduler = proxy.traefik, scheduling.userScheduler
    made = {"create": on}
    return values.model_copy(
        update={
            "rbac": values.rbac.model_copy(update=made),
            "hub": values.hub.model_copy(update={"serviceAccount": values.hub.serviceAccount.model_copy(update=made)}),
            "proxy": proxy.model_copy(
                update={
                    "traefik": traefik.model_copy(
                        update={"serviceAccount": traefik.serviceAccount.model_copy(update=made)}
                    )
                }
            ),
            "scheduling": scheduling.model_copy(
                update={
                    "userScheduler": scheduler.model_copy(
                        update={"serviceAccount": scheduler.serviceAccount.model_copy(update=made)}
                    )
                }
            ),
            "prePuller": pullers.model_copy(
                update={
                    "hook": pullers.hook.model_copy(
                        update={"serviceAccount": pullers.hook.serviceAccount.model_copy(update=made)}
                    )
                }
            ),
        }
    )
