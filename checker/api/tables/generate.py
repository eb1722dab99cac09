"""Makes the field tables beside this file; run at development time only.

    python -m checker.api.tables.generate K8S_IO_DIRECTORY [GATEWAY_API_DIRECTORY [ZONEINFO_ZIP]]

`K8S_IO_DIRECTORY` holds Kubernetes' staging modules as Go unpacks them (`api@v0.36.3`,
`apimachinery@v0.36.3`). Which fields a struct has comes from Kubernetes' published schemas
(`kubernetes-validate` packs them); what Go calls their types, which decode errors print, and
where structs are embedded, comes from the Go sources. Where the two disagree this fails.

`GATEWAY_API_DIRECTORY` is the Go module `sigs.k8s.io/gateway-api`, whose CRDs (standard channel)
become `gateway.json`: each kind's schema without descriptions and status.

`ZONEINFO_ZIP` is Go's `lib/time/zoneinfo.zip`, whose names become `time_zones.json`: the time zones
that kube-apiserver knows, for it is built with `time/tzdata`.

A table is JSON: `{"structs": {STRUCT: {FIELD: TYPE}}, "named": {TYPE: TYPE}}`. A type is written
as Go does, packages in full: `[]core/v1.ServicePort`, `map[string]string`, `*int32`. A field of
an embedded struct is `Embedded.FIELD`, as its path in a decode error has it.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from checker import KUBERNETES_VERSION

#: Table name -> the objects in it, as GROUP/VERSION.KIND of Go's package path.
ROOTS = {
    "core": (
        "Pod Service Namespace Endpoints ConfigMap Secret ServiceAccount Node ReplicationController"
    ),
    "apps": "Deployment ReplicaSet StatefulSet DaemonSet",
    "batch": "Job CronJob",
    "networking": "Ingress IngressClass NetworkPolicy",
    "discovery": "EndpointSlice",
    "policy": "PodDisruptionBudget",
    "autoscaling": "HorizontalPodAutoscaler",
}
VERSIONS = {"autoscaling": ("v1", "v2")}
#: The release of Gateway API whose CRDs are in gateway.json.
GATEWAY_API_VERSION = "v1.6.3"
#: Types with an UnmarshalJSON of their own; the decoder knows them by name.
CUSTOM = {
    "resource.Quantity", "intstr.IntOrString", "meta/v1.Time", "meta/v1.MicroTime",
    "meta/v1.Duration", "meta/v1.FieldsV1",
}  # fmt: skip

Structs = dict[str, dict[str, str]]


class GoTypes:
    """The type declarations of Go packages, read with regular expressions.

    Kubernetes' API types are formatted by gofmt and use a small part of the language.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self.structs: dict[str, list[tuple[str, str, str]]] = {}
        self.named: dict[str, str] = {}
        self._read: set[str] = set()

    def need(self, package: str) -> None:
        """Reads `core/v1`, `meta/v1`, `resource`, `intstr` or `types` once."""
        if package in self._read:
            return
        self._read.add(package)
        for path in sorted(self._folder(package).glob("*.go")):
            if not path.name.endswith("_test.go") and "generated" not in path.name:
                self._read_file(package, path.read_text())

    def _folder(self, package: str) -> Path:
        machinery = {
            "meta/v1": "pkg/apis/meta/v1",
            "resource": "pkg/api/resource",
            "intstr": "pkg/util/intstr",
            "types": "pkg/types",
        }
        module = "apimachinery" if package in machinery else "api"
        folders = sorted(self._root.glob(f"{module}@v0.{KUBERNETES_VERSION.split('.')[1]}.*"))
        if not folders:
            raise FileNotFoundError(f"no {module}@v0.… in {self._root}")
        return folders[-1] / machinery.get(package, package)

    def _read_file(self, package: str, text: str) -> None:
        imports = dict(self._imports(text))
        for match in re.finditer(r"^type (\w+) struct \{\n(.*?)^\}", text, re.M | re.S):
            fields = list(self._fields(package, imports, match[2]))
            self.structs[f"{package}.{match[1]}"] = fields
        for match in re.finditer(r"^type (\w+) (\[\]\w+|map\[\S+\]\S+|[\w.]+)$", text, re.M):
            self.named[f"{package}.{match[1]}"] = self._qualify(package, imports, match[2])

    @staticmethod
    def _imports(text: str) -> Iterator[tuple[str, str]]:
        for alias, path in re.findall(r'^\s*(\w*)\s*"(k8s\.io/[^"]+)"', text, re.M):
            match = re.search(r"(?:k8s\.io/api|pkg/apis|pkg/api|pkg/util|pkg)/(\S+)$", path)
            if match:
                yield alias or path.rsplit("/", 1)[1], match[1]

    def _fields(
        self, package: str, imports: dict[str, str], body: str
    ) -> Iterator[tuple[str, str, str]]:
        for match in re.finditer(
            r'^\t(?:(\w+)[ \t]+)?(\*?[\w.\[\]*]+)[ \t]+`[^`]*?json:"([^"]*)"', body, re.M
        ):
            name, written, tag = match[1] or "", match[2], match[3].split(",")
            kind = self._qualify(package, imports, written)
            if "inline" in tag:
                yield "", kind, kind.rsplit(".", 1)[1]
            else:
                yield tag[0], kind, name

    def _qualify(self, package: str, imports: dict[str, str], written: str) -> str:
        if match := re.fullmatch(r"(\*|\[\]|map\[[\w.]+\])(.+)", written):
            prefix = match[1]
            if prefix.startswith("map["):
                prefix = f"map[{self._qualify(package, imports, prefix[4:-1])}]"
            return prefix + self._qualify(package, imports, match[2])
        if written in BASIC:
            return written
        if "." in written:
            alias, name = written.split(".")
            return f"{imports.get(alias, alias)}.{name}"
        return f"{package}.{written}"


BASIC = {"string", "int32", "int64", "int", "bool", "byte", "float64", "uint8"}


def leaf(kind: str) -> str:
    """The innermost type of a type expression: of `[]core/v1.Pod` it is `core/v1.Pod`."""
    return re.sub(r"^(\*|\[\]|map\[[^\]]+\])+", "", kind)


def close(types: GoTypes, roots: list[str]) -> tuple[Structs, dict[str, str]]:
    """All structs and named types that `roots` lead to."""
    structs: Structs = {}
    named: dict[str, str] = {}
    todo = list(roots)
    while todo:
        kind = leaf(todo.pop())
        if kind in structs or kind in named or kind in BASIC or kind in CUSTOM:
            continue
        types.need(kind.rsplit(".", 1)[0])
        if kind in types.structs:
            structs[kind] = dict(flatten(types, kind))
            todo += structs[kind].values()
        elif kind in types.named:
            named[kind] = types.named[kind]
            todo.append(named[kind])
        else:
            raise KeyError(f"no declaration of {kind}")
    return structs, named


def flatten(types: GoTypes, struct: str) -> Iterator[tuple[str, str]]:
    """The fields of a struct, those of embedded structs prefixed with the embedded one's name."""
    types.need(struct.rsplit(".", 1)[0])
    for field, kind, name in types.structs[struct]:
        if field:
            yield field, kind
        else:
            for inner, inner_kind in flatten(types, kind):
                yield f"{name}.{inner}", inner_kind


def published_schema() -> dict[str, Any]:
    """The definitions of Kubernetes' published JSON schemas, by name."""
    folder = resources.files("kubernetes_validate") / "kubernetes-json-schema"
    text = (folder / f"v{KUBERNETES_VERSION}.0-local-strict" / "_definitions.json").read_text()
    definitions: dict[str, Any] = json.loads(text)
    inner = definitions.get("$defs", definitions.get("definitions", definitions))
    return dict(inner)


def schema_name(struct: str) -> str:
    """`core/v1.Pod` as the schemas name it: `io.k8s.api.core.v1.Pod`."""
    package, name = struct.rsplit(".", 1)
    if package.startswith("meta/"):
        return f"io.k8s.apimachinery.pkg.apis.{package.replace('/', '.')}.{name}"
    return f"io.k8s.api.{package.replace('/', '.')}.{name}"


def check_against_schema(structs: Structs, schema: dict[str, Any]) -> list[str]:
    """Sentences about structs whose fields are not the published ones."""
    wrong = []
    for struct, fields in structs.items():
        definition = schema.get(schema_name(struct))
        if definition is None:
            wrong.append(f"{struct}: the schemas do not know it")
            continue
        here = {field.rsplit(".", 1)[-1] for field in fields}
        there = set(definition.get("properties", {}))
        if here != there:
            wrong.append(f"{struct}: {sorted(here ^ there)} on one side only")
    return wrong


def make(root: Path) -> dict[str, Any]:
    """All tables, by name."""
    types = GoTypes(root)
    tables: dict[str, Any] = {}
    for table, kinds in ROOTS.items():
        versions = VERSIONS.get(table, ("v1",))
        roots = [f"{table}/{version}.{kind}" for version in versions for kind in kinds.split()]
        structs, named = close(types, roots)
        for name in (*structs, *named):
            # What other groups need of core's types is read from the core table.
            home = tables.setdefault(owner(name), {"structs": {}, "named": {}})
            if name in structs:
                home["structs"][name] = structs[name]
            else:
                home["named"][name] = named[name]
    for content in tables.values():
        for part in ("structs", "named"):
            content[part] = dict(sorted(content[part].items()))
    return tables


def make_gateway(root: Path) -> dict[str, Any]:
    """The schemas of Gateway API's kinds; all served versions of a kind have the same."""
    import yaml

    found = {}
    for plural in ("gatewayclasses", "gateways", "httproutes", "referencegrants"):
        file = f"gateway.networking.k8s.io_{plural}.yaml"
        text = (root / "config" / "crd" / "standard" / file).read_text()
        # The loader of libyaml, where it is there, takes a second instead of ten.
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        definition = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders
        schemas = [
            without_descriptions(version["schema"]["openAPIV3Schema"])
            for version in definition["spec"]["versions"]
        ]
        for schema in schemas:
            schema["properties"].pop("metadata")
            preserved = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
            schema["properties"]["status"] = preserved
        if any(schema != schemas[0] for schema in schemas):
            raise ValueError(f"the versions of {plural} differ")
        found[definition["spec"]["names"]["kind"]] = schemas[0]
    return found


def make_time_zones(archive: Path) -> list[str]:
    """The names of IANA's time zones, as Go packs them."""
    with zipfile.ZipFile(archive) as packed:
        return sorted(name for name in packed.namelist() if not name.endswith("/"))


def without_descriptions(schema: Any) -> Any:
    """A schema without the texts; a property may well be named `description`."""
    if isinstance(schema, list):
        return [without_descriptions(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: without_descriptions(inner) for name, inner in value.items()}
        if key == "properties"
        else without_descriptions(value)
        for key, value in schema.items()
        if key != "description" or not isinstance(value, str)
    }


def owner(name: str) -> str:
    """The table that a type belongs to."""
    group = name.partition("/")[0]
    return group if group in ROOTS else "core"


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2, 3):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    tables = make(Path(arguments[0]))
    others: dict[str, Any] = {}
    schema = published_schema()
    wrong = [
        line for table in tables.values() for line in check_against_schema(table["structs"], schema)
    ]
    if wrong:
        sys.stderr.write("\n".join(wrong) + "\n")
        return 1
    if len(arguments) > 1:
        others["gateway"] = make_gateway(Path(arguments[1]))
    if len(arguments) > 2:
        others["time_zones"] = make_time_zones(Path(arguments[2]))
    for name, table in {**tables, **others}.items():
        text = json.dumps(table, separators=(",", ":"))
        (Path(__file__).parent / f"{name}.json").write_text(text + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
