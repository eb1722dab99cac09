"""The cluster on this machine: kind's."""
