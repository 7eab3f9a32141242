"""What people call the services, for exports that only carry product codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from burn.api.bills.queries.sql import literal

if TYPE_CHECKING:
    import pandas as pd

NAMES = {
    "AmazonEC2": "Amazon Elastic Compute Cloud",
    "AmazonEKS": "Amazon Elastic Container Service for Kubernetes",
    "AmazonECS": "Amazon Elastic Container Service",
    "AmazonECR": "Amazon EC2 Container Registry (ECR)",
    "AmazonVPC": "Amazon Virtual Private Cloud",
    "AWSELB": "Elastic Load Balancing",
    "AmazonEFS": "Amazon Elastic File System",
    "AmazonS3": "Amazon Simple Storage Service",
    "AmazonRDS": "Amazon Relational Database Service",
    "AmazonDynamoDB": "Amazon DynamoDB",
    "AmazonElastiCache": "Amazon ElastiCache",
    "AmazonRoute53": "Amazon Route 53",
    "AmazonCloudWatch": "AmazonCloudWatch",
    "AmazonCloudFront": "Amazon CloudFront",
    "AWSLambda": "AWS Lambda",
    "AWSDataTransfer": "AWS Data Transfer",
    "AWSQueueService": "Amazon Simple Queue Service",
    "AmazonSNS": "Amazon Simple Notification Service",
    "awskms": "AWS Key Management Service",
    "AWSSecretsManager": "AWS Secrets Manager",
    "ComputeSavingsPlans": "Savings Plans for AWS Compute usage",
    "AWSSupportBusiness": "AWS Support (Business)",
    "AWSSupportEnterprise": "AWS Support (Enterprise)",
    "AWSDeveloperSupport": "AWS Support (Developer)",
}
"""Product code → product name, as the legacy CUR has them side by side."""


def service_sql(value: str) -> str:
    """The same over a column of names or codes, as SQL."""
    arms = " ".join(f"WHEN {literal(code)} THEN {literal(name)}" for code, name in NAMES.items())
    return f"CASE {value} {arms} ELSE {value} END"


def service_names(codes: pd.Series[str]) -> pd.Series[str]:
    """Names where known, else the code itself."""
    return codes.map(NAMES).fillna(codes).astype("str")
