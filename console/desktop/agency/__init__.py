"""The room of what an agency keeps for its own work: assemblies, templates, and lending of deciding."""
