"""What a Kubernetes cost report would charge on Azure: the bill, Retail Prices, fallback."""
