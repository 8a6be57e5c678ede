"""Homes on Kafka: records in, firings out, on topics that many processes share."""
