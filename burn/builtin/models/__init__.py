"""Language models that `burn ask` may talk to."""
