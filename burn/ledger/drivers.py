"""The same as `burn.api.drivers`, which plugins use too."""

from burn.api.drivers import DRIVERS, GROUP_TITLES, Driver

__all__ = ["DRIVERS", "GROUP_TITLES", "Driver"]
