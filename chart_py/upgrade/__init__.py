"""What an upgrade from one chart version to another does to a configuration: explained change by change."""
