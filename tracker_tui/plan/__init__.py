"""Which questions to ask whom, how deep and how soon. Pure; the call budget lives here."""
