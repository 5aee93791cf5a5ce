"""What emulators share: neutral events, the loopback server, the fault layer. No vendor is known here."""
