package render

import (
	"encoding/binary"
	"testing"
)

// What is kept to tell findings of a file apart is bounded, and they are told apart all
// the same, also those that are met behind the bound.
func TestVeryManyFindingsAreToldApart(t *testing.T) {
	var marks fingerprints
	seen := map[string]bool{}
	tell := func(line, about int) {
		f := finding{line: line}
		binary.BigEndian.PutUint64(f.about[:], uint64(about))
		mark := marks.of("a.ndjson", &f)
		if seen[mark] {
			t.Fatalf("line %d has the fingerprint of another", line)
		}
		seen[mark] = true
	}
	for i := range maxAlike {
		tell(i+1, i)
	}
	tell(maxAlike+1, maxAlike)
	tell(maxAlike+2, maxAlike)
	tell(maxAlike+3, 0)
	if len(marks.seen) != maxAlike {
		t.Errorf("%d are kept, want %d", len(marks.seen), maxAlike)
	}
}
