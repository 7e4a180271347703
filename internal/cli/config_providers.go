package cli

// providersKey is the section of hookctl.yaml that is about providers.
const providersKey = "providers"
