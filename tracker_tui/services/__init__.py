"""One module per service: HTTP answer to typed observation. With simulate/ the only rooms that know a wire format."""
