"""Cluster IPs and node ports, which are given out before a Service is validated.

After `pkg/registry/core/service/storage: Allocators.allocateCreate`. An error here is all that
the create answers; nothing is looked at after it.
"""

from __future__ import annotations

from typing import Any

from checker.api.settings import ClusterSettings
from checker.api.validation.errors import Errors, FieldError
from checker.api.validation.service import needs_health_check, validate_cluster_ips

Object = dict[str, Any]
#: A Service by namespace and name.
Owner = tuple[str, str]


class Allocations:
    """What the Services so far hold. An owner never conflicts with itself."""

    def __init__(self, settings: ClusterSettings) -> None:
        self._settings = settings
        self._node_ports: dict[int, Owner] = {}
        self._addresses: dict[str, Owner] = {}

    def allocate(self, service: Object, owner: Owner, errors: Errors) -> None:
        """Takes what the Service asks for, all or nothing."""
        spec = service["spec"]
        if spec.get("type") == "ExternalName":
            return
        self._set_families(spec, errors)
        if errors:
            return
        taken_addresses = self._allocate_addresses(spec, owner, errors)
        ports: list[int] = []
        if not errors:
            ports = self._allocate_node_ports(spec, owner, errors)
        if not errors and needs_health_check(spec) and spec.get("healthCheckNodePort"):
            number = spec["healthCheckNodePort"]
            if problem := self._take_port(number, owner, ports):
                asked = f"failed to allocate requested HealthCheck NodePort {number}"
                # Answered as an internal error (500), whose cause has neither type nor field.
                errors.append(FieldError("api-internal", "", f"{asked}: {problem}"))
        if errors:
            return
        self._node_ports.update(dict.fromkeys(ports, owner))
        self._addresses.update(dict.fromkeys(taken_addresses, owner))

    def release(self, owner: Owner) -> None:
        """Gives back what a Service took that is refused after all."""
        self._node_ports = {port: o for port, o in self._node_ports.items() if o != owner}
        self._addresses = {ip: o for ip, o in self._addresses.items() if o != owner}

    def _set_families(self, spec: Object, errors: Errors) -> None:
        """`initIPFamilyFields`, in a cluster of one address family."""
        addresses, families = spec.get("clusterIPs") or [], spec.get("ipFamilies") or []
        headless = spec.get("clusterIP") == "None"
        without_selector = headless and not spec.get("selector")
        validate_cluster_ips(spec, errors)
        if errors:
            return
        policy = spec.setdefault(
            "ipFamilyPolicy", "RequireDualStack" if without_selector else "SingleStack"
        )
        self._check_single_stack(policy, addresses, families, errors)
        own = "IPv6" if ":" in self._settings.service_cidr else "IPv4"
        families = list(families)
        for index, address in enumerate(addresses):
            if address == "None":
                break
            if index >= len(families):
                family = "IPv6" if ":" in address else "IPv4"
                if family != own:
                    detail = f"{family} is not configured on this cluster"
                    errors.invalid(f"spec.clusterIPs[{index}]", addresses, detail)
                else:
                    families.append(family)
        if errors:
            return
        if without_selector:
            families = families or [own]
            if len(families) < 2 and policy != "SingleStack":
                families.append("IPv6" if families[0] == "IPv4" else "IPv4")
            spec["ipFamilies"] = families
            return
        if policy == "RequireDualStack":
            detail = "this cluster is not configured for dual-stack services"
            errors.invalid("spec.ipFamilyPolicy", policy, detail)
        for index, family in enumerate(families):
            if family != own:
                detail = "not configured on this cluster"
                errors.invalid(f"spec.ipFamilies[{index}]", family, detail)
        spec["ipFamilies"] = families or [own]

    @staticmethod
    def _check_single_stack(
        policy: str, addresses: list[str], families: list[str], errors: Errors
    ) -> None:
        if policy != "SingleStack":
            return
        for what, many in (("cluster IPs", addresses), ("IP families", families)):
            if len(many) == 2:
                detail = (
                    "must be 'RequireDualStack' or 'PreferDualStack' when multiple "
                    f"{what} are specified"
                )
                errors.invalid("spec.ipFamilyPolicy", policy, detail)

    def _allocate_addresses(self, spec: Object, owner: Owner, errors: Errors) -> list[str]:
        """`allocClusterIPs`, of the addresses that are asked for by name."""
        addresses = spec.get("clusterIPs") or []
        taken: list[str] = []
        for address in addresses:
            if address == "None":
                break
            problem = self._address_problem(address, owner)
            if problem:
                detail = f"failed to allocate IP {address}: {problem}"
                errors.invalid("spec.clusterIPs", addresses, detail)
                break
            taken.append(address)
        return taken

    def _address_problem(self, address: str, owner: Owner) -> str:
        import ipaddress

        network = ipaddress.ip_network(self._settings.service_cidr)
        parsed = ipaddress.ip_address(address)
        if parsed not in network or parsed in (
            network.network_address, *((network.broadcast_address,) if network.version == 4 else ())
        ):  # fmt: skip
            return "the provided network does not match the current range"
        # The Service `kubernetes` has the first address.
        holder = self._addresses.get(address)
        first = parsed == network.network_address + 1
        if first or (holder is not None and holder != owner):
            return "provided IP is already allocated"
        return ""

    def _allocate_node_ports(self, spec: Object, owner: Owner, errors: Errors) -> list[int]:
        """`initNodePorts`: ports of one Service with the same number share a node port."""
        taken: list[int] = []
        if spec.get("type") not in ("NodePort", "LoadBalancer"):
            return taken
        ports = spec.get("ports") or []
        of_port: dict[int, int] = {}
        for index, port in enumerate(ports):
            number, node_port = port.get("port", 0), port.get("nodePort", 0)
            allocated = of_port.get(number, 0)
            if not allocated:
                # `findRequestedNodePort`: the first that any port of this number asks for.
                same = [each for each in ports if each.get("port", 0) == number]
                wanted = next((each["nodePort"] for each in same if each.get("nodePort")), 0)
                if not wanted:
                    continue
                of_port[number] = wanted
                problem = self._take_port(wanted, owner, taken)
                value = wanted
            elif node_port and node_port != allocated:
                problem, value = self._take_port(node_port, owner, taken), node_port
            else:
                continue
            if problem:
                errors.invalid(f"spec.ports[{index}].nodePort", value, problem)
                return []
        return taken

    def _take_port(self, number: int, owner: Owner, taken: list[int]) -> str:
        """`PortAllocator.Allocate`: what is wrong with the number, or nothing."""
        low, high = self._settings.node_port_range
        if not low <= number <= high:
            valid = f"The range of valid ports is {low}-{high}"
            return f"provided port is not in the valid range. {valid}"
        if number in taken or self._node_ports.get(number, owner) != owner:
            return "provided port is already allocated"
        taken.append(number)
        return ""
