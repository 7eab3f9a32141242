"""What a Kubernetes cost report would charge on AWS: own rates, the bill, the price list, fallback."""
