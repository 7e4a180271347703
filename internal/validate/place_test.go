package validate_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/validate"
)

// What a path says is the same from wherever it is given.
func TestWhatCountsOfAPath(t *testing.T) {
	root := folderOf(t, "beta/proj/acme/order-created.json", "beta/proj/acme/1/order/updated.json", "beta/proj/acme/x.json", "beta/proj/y.json", "beta/proj/z/acme.json")
	for _, c := range []struct{ dir, arg, want string }{
		{"beta/proj", ".", "acme order/updated, acme order/created, acme, , acme"},
		{"beta/proj", "acme", "acme order/updated, acme order/created, acme"},
		{"beta/proj", "acme/1", "acme order/updated"},
		{"beta/proj", "acme/*.json", "acme order/created, acme"},
		{"beta/proj/acme", ".", "acme order/updated, acme order/created, acme"},
		{"beta/proj/acme", "x.json", "acme"},
		{"beta/proj/acme", "*.json", "acme order/created, acme"},
		{"beta/proj/acme", "..", "acme order/updated, acme order/created, acme, , acme"}, // beta is above
		{"beta", ".", "acme order/updated, acme order/created, acme, beta, acme"},
		{"", "ROOT/beta/proj/acme", "acme order/updated, acme order/created, acme"},
		{"elsewhere", "ROOT/beta/proj/acme", "acme order/updated, acme order/created, acme"},
		{"elsewhere", "ROOT/beta/proj", "acme order/updated, acme order/created, acme, , acme"},
		{"elsewhere", "../beta/proj/**/*.json", ", acme order/created, acme, acme order/updated, acme"},
		{"elsewhere", "ROOT/beta/proj/y.json", ""},
		{"elsewhere", "ROOT/beta/proj/acme/x.json", "acme"},
		{"elsewhere", "ROOT/beta/proj/acme/1/order/updated.json", "acme order/updated"}, // an event's name is behind it
	} {
		dir := filepath.Join(root, c.dir)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		sources, err := (&validate.Finder{Dir: dir}).Find(strings.Replace(c.arg, "ROOT", root, 1))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for p := range all(sources) {
			p.Text = []byte("{}")
			r := validate.NewResolver(&known{}).Check(&p)
			got = append(got, strings.TrimSpace(r.Provider+" "+r.Event))
		}
		if want := strings.Split(c.want, ", "); !slices.Equal(got, want) {
			t.Errorf("%s in %s: got %q, want %q", c.arg, c.dir, got, want)
		}
	}
}
