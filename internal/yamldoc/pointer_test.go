package yamldoc_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/yamldoc"
)

func TestAPointerLeadsToItsPlace(t *testing.T) {
	d, err := yamldoc.Parse("a.yaml", []byte("a:\n  b: 1\n  c/d:\n    - x\n    - e: [1, {f: 2}]\nnone:\nlast: {}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		pointer    string
		value, key string
	}{
		{"", "1:1", "1:1"},
		{"/a", "2:3", "1:1"},
		{"/a/b", "2:6", "2:3"},
		{"/a/c~1d/0", "4:7", "4:7"}, // an item has no key
		{"/a/c~1d/1/e", "5:10", "5:7"},
		{"/a/c~1d/1/e/1/f", "5:18", "5:15"},
		{"/a/gone/b", "2:3", "1:1"}, // the last thing on the way
		{"/a/c~1d/7", "4:5", "3:3"},
		{"/a/c~1d/x", "4:5", "3:3"},
		{"/a/b/0", "2:6", "2:3"},
		{"/none", "6:6", "6:1"},
		{"/last/x", "7:7", "7:1"},
	} {
		if got := d.ErrorAt(test.pointer, false, "%d", 1).Error(); got != "a.yaml:"+test.value+": 1" {
			t.Errorf("%q: the value is at %s, want %s", test.pointer, got, test.value)
		}
		if got := d.ErrorAt(test.pointer, true, "%d", 1).Error(); got != "a.yaml:"+test.key+": 1" {
			t.Errorf("%q: the key is at %s, want %s", test.pointer, got, test.key)
		}
	}
}

func TestAPointerIntoNothingIsInTheFile(t *testing.T) {
	d, err := yamldoc.Parse("a.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.ErrorAt("/a", true, "so").Error(); got != "a.yaml: so" {
		t.Error(got)
	}
}
