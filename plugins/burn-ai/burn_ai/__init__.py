"""Language models of many providers for burn ask, through pydantic-ai."""
