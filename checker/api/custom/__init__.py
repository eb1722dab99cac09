"""Custom resources: kinds whose rules are a schema that their CustomResourceDefinition brings.

Here these are Gateway API's, of the standard channel; `tables/gateway.json` holds their schemas.
"""
