"""burn: why the Kubernetes cost report does not match the cloud bill, driver by driver."""

__version__ = "0.1.0"
