"""Validation, a file a kind: the rules of Kubernetes' validation packages in their order.

Functions carry the names of those that they follow. All take the object (defaulted, in its v1
form), the path as text, and the `Errors` to add to. Paths are text, not FieldPath, since far
more of them are made than are ever looked at.
"""
