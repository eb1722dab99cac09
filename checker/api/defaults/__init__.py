"""Defaults, a file for a family of kinds: what the API server fills in before it validates.

After `pkg/apis/*/v1: defaults.go`. The functions change the decoded object in place.
"""
