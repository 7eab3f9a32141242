"""AWS for burn: CUR and FOCUS bills, prices and resource identities."""
