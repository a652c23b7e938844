"""The room of the service's neutral moderators, and the form with which an agency flags."""
