package importer

import (
	"regexp"
	"sync"
)

// lazily is a regular expression that is compiled when it is asked for first: every
// start of the program would pay for it otherwise.
func lazily(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
