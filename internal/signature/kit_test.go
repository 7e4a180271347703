package signature_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/schemas"
)

// load returns the bundled profile called name.
func load(t testing.TB, name string) *provider.Profile {
	t.Helper()
	p, err := provider.NewLibrary(schemas.Files()).Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
