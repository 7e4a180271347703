package cli

import (
	"slices"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/suggest"
)

// checkGlobs refuses globs of a flag that none of the events fits: what is mistyped would
// leave out everything, and say that nothing is wrong. whose says whose events they are.
func checkGlobs(flag string, globs, events []string, whose string) error {
	for _, glob := range globs {
		if slices.ContainsFunc(events, func(event string) bool { return hook.Glob(glob, event) }) {
			continue
		}
		hint := "hookctl catalog list PROVIDER shows the events of a catalog"
		if near := suggest.Nearest(glob, globsOf(events)); near != "" {
			hint = "did you mean '" + near + "'?"
		}
		return usage(hint, "%s: no event %s fits %q", flag, whose, glob)
	}
	return nil
}

// globsOf are events, and for each part that several may begin with a glob for these.
func globsOf(events []string) []string {
	globs := slices.Clone(events)
	for _, event := range events {
		for i := range event {
			if strings.IndexByte("/._:", event[i]) >= 0 {
				globs = append(globs, event[:i+1]+"*")
			}
		}
	}
	slices.Sort(globs)
	return slices.Compact(globs)
}
