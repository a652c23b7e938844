"""The facilitator between agency and neighbours; it judges every limit again."""
