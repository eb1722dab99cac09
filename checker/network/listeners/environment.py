"""The environment of a container, as far as manifests tell it.

Declared variables come before those about Services (`checker.network.environment`), which fill in
what is left. A variable whose value comes from somewhere else (a field that only the running pod
has, a ConfigMap or Secret that is not in the input) is there, but its value is unknown: None.
`k8s.io/api/core/v1: EnvVar, EnvFromSource`; later entries win, `env` over `envFrom`
(`pkg/kubelet/kubelet_pods.go: makeEnvironmentVariables`).
"""

from collections import ChainMap
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from checker.network.fields import flag, items, labels, mapping, text
from checker.network.model import OWN_ADDRESS

#: Stands for a part of a word that the manifest does not tell; no manifest can hold it.
UNKNOWN = "\0"


class Environment(NamedTuple):
    """Variables by name with value (None: unknown) and the field that sets them."""

    values: Mapping[str, str | None]
    #: Of declared variables only: those about Services stand in no container.
    fields: dict[str, str]
    #: Whether more variables may be set, by sources that are not in the input.
    is_open: bool

    def expand(self, value: str) -> str | None:
        """`$(NAME)` replaced as Kubernetes does in command, args and env; `$$` is a dollar sign.

        A reference to a variable that is not set stays as it is; None where the value is unknown.
        `third_party/forked/golang/expansion: Expand`.
        """
        expanded = self.expand_partly(value)
        return None if UNKNOWN in expanded else expanded

    def expand_partly(self, value: str) -> str:
        """As `expand`, with UNKNOWN where a part of the value is not known."""
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
                    out.append(UNKNOWN if known is None else known)
                elif self.is_open:
                    out.append(UNKNOWN)
                else:
                    out.append(value[sign : end + 1])
                position = end + 1
            else:
                out.append(value[sign : sign + 2])
                position = sign + 2
        out.append(value[position:])
        return "".join(out)


#: Text data by an object's name; None for one that is not in the input.
ConfigMaps = Callable[[str], Mapping[str, str] | None]
#: What `fieldRef` says of a path; None where only the running pod knows.
Fields = Callable[[str], str | None]
_NONE: Mapping[str, str] = MappingProxyType({})


def environment_of(
    container: dict[str, Any],
    field: str,
    config_maps: ConfigMaps,
    services: Mapping[str, str] = _NONE,
    secrets: ConfigMaps = lambda _: None,
    pod_field: Fields = lambda _: None,
) -> Environment:
    """The variables of a container. `field` is its path below the pod's spec; `services` are the
    variables about Services.
    """
    values: dict[str, str | None] = {}
    fields: dict[str, str] = {}
    is_open = False
    for index, source in enumerate(items(container, "envFrom")):
        prefix = text(source, "prefix")
        if "secretRef" in source:
            data = secrets(text(source, "secretRef", "name"))
        else:
            data = config_maps(text(source, "configMapRef", "name"))
        if data is None:
            is_open = True
            continue
        for key, datum in data.items():
            values[prefix + key] = datum
            fields[prefix + key] = f"{field}.envFrom[{index}]"
    # What is not in the input may set any name, one about a Service too.
    given: dict[str, str | None] = {} if is_open else {**services}
    every = ChainMap(values, given)
    environment = Environment(every, fields, is_open)
    for index, variable in enumerate(items(container, "env")):
        name = text(variable, "name")
        value = _value(variable, environment, config_maps, secrets, pod_field)
        if value == _ABSENT:
            continue
        values[name] = value
        fields[name] = f"{field}.env[{index}].value"
    return environment


def static_environment(container: dict[str, Any]) -> Environment:
    """What the command of an exec probe is expanded with: values as they are written, "" for those
    from elsewhere (`pkg/kubelet/container: ExpandContainerCommandOnlyStatic`).
    """
    values = {text(one, "name"): text(one, "value") for one in items(container, "env")}
    return Environment(values, {}, False)


_ABSENT = "\0"


def _value(
    variable: dict[str, Any],
    environment: Environment,
    config_maps: ConfigMaps,
    secrets: ConfigMaps,
    pod_field: Fields,
) -> str | None:
    source = mapping(variable, "valueFrom")
    if not source:
        return environment.expand(text(variable, "value"))
    path = text(source, "fieldRef", "fieldPath")
    if path in ("status.podIP", "status.podIPs"):
        return OWN_ADDRESS
    if path:
        return pod_field(path)
    for kind, objects in (("configMapKeyRef", config_maps), ("secretKeyRef", secrets)):
        reference = mapping(source, kind)
        data = objects(text(reference, "name")) if reference else None
        if data is not None:
            key = text(reference, "key")
            if key in data:
                return data[key]
            return _ABSENT if flag(reference, "optional") else None
    return None


def secret_data(value: dict[str, Any]) -> Mapping[str, str]:
    """The data of a Secret, with marks for what is no text; `stringData` wins."""
    import base64

    found = {}
    for key, encoded in labels(value, "data").items():
        try:
            found[key] = base64.b64decode(encoded, validate=True).decode(errors="replace")
        except ValueError:
            continue
    return found | labels(value, "stringData")


def config_map_data(value: dict[str, Any]) -> Mapping[str, str]:
    """The text data of a ConfigMap."""
    return labels(value, "data")
