"""Days that `burn collect` kept, as a source."""
