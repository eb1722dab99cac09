"""What the API server takes but warns about, a file a kind. After `pkg/api/*: warnings.go`."""
