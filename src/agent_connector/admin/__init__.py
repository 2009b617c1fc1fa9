"""The screens for staff, one file each.

`AgentConnectorConfig.ready` registers them on the AdminSite of the settings, once
every app is loaded: an import from here may happen while that site is being made.
"""
