"""From samples to hours: when exporters were scraped."""
