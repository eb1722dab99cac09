"""JSON values to the fields that Kubernetes' types have, as strictly as `kubectl create` asks."""

from checker.api.decode.decoding import Decoded, decode

__all__ = ["Decoded", "decode"]
