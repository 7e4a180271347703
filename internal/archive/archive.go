// Package archive turns captures into files that other tools read, and back.
//
// Each format has a file of its own. What is written is exact: reading an NDJSON
// or HAR file gives the captures that went into it, a curl command or a raw
// message sends their bytes. The exception is asked for by default: values of
// sensitive headers are masked unless Options.Reveal is set, and the file says so.
package archive

import "github.com/hookctl/hookctl/internal/hook"

// Options say how captures are written.
type Options struct {
	// Reveal writes the values of sensitive headers instead of hook.Masked.
	Reveal bool
	// URL is where a curl command sends to, whole: the capture's target is not
	// appended. Where it is "" that is the address that the capture was sent to.
	URL string
	// Version is hookctl's own, for the formats that name what made them.
	Version string
}

// masked returns c as it may be written under o.
func masked(c *hook.Capture, o Options) *hook.Capture {
	if o.Reveal {
		return c
	}
	return c.Masked()
}

func countMaskable(h hook.Header) int {
	n := 0
	for _, f := range h {
		if f.Value != "" && hook.Sensitive(f.Name) {
			n++
		}
	}
	return n
}
