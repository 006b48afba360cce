"""Speech: recognisers, captions and transcripts."""
