"""The environment of a container, as far as manifests tell it.

A variable whose value comes from somewhere else (a Secret, a field of the running pod, a ConfigMap
that is not in the input) is there, but its value is unknown: None.
`k8s.io/api/core/v1: EnvVar, EnvFromSource`; later entries win, `env` over `envFrom`
(`pkg/kubelet/kubelet_pods.go: makeEnvironmentVariables`).
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from checker.network.fields import flag, items, labels, mapping, text
from checker.network.model import OWN_ADDRESS


class Environment(NamedTuple):
    """Variables by name with value (None: unknown) and the field that sets them."""

    values: dict[str, str | None]
    fields: dict[str, str]
    #: Whether more variables may be set, by sources that are not in the input.
    is_open: bool

    def expand(self, value: str) -> str | None:
        """`$(NAME)` replaced as Kubernetes does in command, args and env; `$$` is a dollar sign.

        A reference to a variable that is not set stays as it is; None where the value is unknown.
        `third_party/forked/golang/expansion: Expand`.
        """
        if "$" not in value:
            return value
        out, position = [], 0
        while position < len(value):
            sign = value.find("$", position)
            if sign < 0 or sign + 1 >= len(value):
                break
            out.append(value[position:sign])
            following = value[sign + 1]
            end = value.find(")", sign)
            if following == "$":
                out.append("$")
                position = sign + 2
            elif following == "(" and end > 0:
                name = value[sign + 2 : end]
                if name in self.values:
                    known = self.values[name]
                    if known is None:
                        return None
                    out.append(known)
                elif self.is_open:
                    return None
                else:
                    out.append(value[sign : end + 1])
                position = end + 1
            else:
                out.append(value[sign : sign + 2])
                position = sign + 2
        out.append(value[position:])
        return "".join(out)


ConfigMaps = Callable[[str], Mapping[str, str] | None]


def environment_of(container: dict[str, Any], field: str, config_maps: ConfigMaps) -> Environment:
    """The variables of a container. `field` is its path below the pod's spec."""
    values: dict[str, str | None] = {}
    fields: dict[str, str] = {}
    is_open = False
    for index, source in enumerate(items(container, "envFrom")):
        prefix = text(source, "prefix")
        data = config_maps(text(source, "configMapRef", "name"))
        if data is None:
            is_open = True
            continue
        for key, datum in data.items():
            values[prefix + key] = datum
            fields[prefix + key] = f"{field}.envFrom[{index}]"
    environment = Environment(values, fields, is_open)
    for index, variable in enumerate(items(container, "env")):
        name = text(variable, "name")
        value = _value(variable, environment, config_maps)
        if value == _ABSENT:
            continue
        values[name] = value
        fields[name] = f"{field}.env[{index}].value"
    return environment


_ABSENT = "\0"


def _value(
    variable: dict[str, Any], environment: Environment, config_maps: ConfigMaps
) -> str | None:
    source = mapping(variable, "valueFrom")
    if not source:
        return environment.expand(text(variable, "value"))
    if text(source, "fieldRef", "fieldPath") in ("status.podIP", "status.podIPs"):
        return OWN_ADDRESS
    reference = mapping(source, "configMapKeyRef")
    if reference:
        data = config_maps(text(reference, "name"))
        if data is not None:
            key = text(reference, "key")
            if key in data:
                return data[key]
            return _ABSENT if flag(reference, "optional") else None
    return None


def config_map_data(value: dict[str, Any]) -> Mapping[str, str]:
    """The text data of a ConfigMap."""
    return labels(value, "data")
