package cli

import (
	"slices"
	"strings"
	"testing"
)

func TestNamesForExamples(t *testing.T) {
	long := strings.Repeat("word.", 50) + "end"
	for event, want := range map[string][]string{
		"order/created": {"order-created", "order/created"},
		"order":         {"order"},
		"../../x":       {"x", "event/event/x"},
		"con":           {"con-1"},
		"Aux.created":   {"Aux-1.created"},
		"nul/x":         {"nul-x", "nul-1/x"},
		"ä":             {"event"},
		long:            {strings.Repeat("word.", 23) + "word/" + strings.Repeat("word.", 23) + "word/word.word.end"},
	} {
		got := namesFor(event)
		if !slices.Equal(got, want) {
			t.Errorf("%s: want %q, got %q", event, want, got)
		}
		for _, name := range got {
			for part := range strings.SplitSeq(name, "/") {
				if len(part) > longestName || part == "" || part[0] == '.' {
					t.Errorf("%s: %q is no good name", event, part)
				}
			}
		}
	}
}
