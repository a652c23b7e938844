"""The console without a screen: sign-in, gateway, vault, outbox, live events, evidence. No Qt."""
