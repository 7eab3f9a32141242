"""Azure for burn: Cost Management bills, prices and resource identities."""
