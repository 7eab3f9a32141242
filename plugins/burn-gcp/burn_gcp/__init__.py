"""Google Cloud for burn: BigQuery billing exports, prices and resource identities."""
