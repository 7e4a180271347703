// Package validate holds many payloads against their schemas, on all processors, and
// tells of them in their order.
package validate

import (
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A Payload is one body, and what is known of where it comes from.
type Payload struct {
	// Path is how the user knows it: a file relative to the working folder, with forward
	// slashes; "-" for standard input; the id of a capture.
	Path string
	// File is where its file is on disk, as an absolute path; "" for what is in none.
	File string
	// Line is the line of an NDJSON file, from 1, and Entry the entry of a HAR file, from
	// 1; 0 for whole files.
	Line, Entry int
	Text        []byte
	// Capture is the request that it came in, where that was recorded.
	Capture *hook.Capture
	// Trouble is why it cannot be read; Text is nil then.
	Trouble error

	inside bool  // as in a Report
	unread bool  // Text is still to be read from File
	place  place // what its path says; none where Path says it
	// coded is why the coding that Capture states for Text could not be undone.
	coded error
}

// A Report is what was found of one payload.
type Report struct {
	Path, File  string
	Line, Entry int
	// Inside says that the file has a request of which this is the body: the lines of
	// faults are not those of the file.
	Inside bool
	// Text is the payload where it has faults, for excerpts; nil otherwise.
	Text []byte
	// Provider and Event say what it was taken for; "" where that is not known, or where
	// the user has named a schema.
	Provider, Event string
	// Seq is that of the capture in the store, 0 for what is none of it.
	Seq int64
	// Validation has a Reason where there is no schema.
	Validation hook.Validation
	// Bodiless says that it is a request that carries no payload, as a browser's GET is:
	// it counts nowhere, and people are not told of it.
	Bodiless bool
	// MustFail says that the payload is there to be refused.
	MustFail bool
	// Trouble is why it could not be read or checked at all.
	Trouble error
	// Failed says that it counts against the run, under --fail-on.
	Failed  bool
	Elapsed time.Duration
}

// A Total sums up a run.
type Total struct {
	Valid, Envelope, Invalid, NoSchema, NotJSON, Trouble int
	// Refused are those that had to be refused and were, Accepted those that were not,
	// Unjudged those that could not be held against any schema. They are in the counts
	// above as well.
	Refused, Accepted, Unjudged int
	// Failed are those that count against the run.
	Failed int
	// Faults are those of the invalid ones, Doubts those of what passed.
	Faults, Doubts int
	// Interrupted says that the run was ended before all payloads were told of. Who ended
	// it sets that.
	Interrupted bool
	Elapsed     time.Duration
}

// FailOn says which faults count against a run.
type FailOn string

// Each counts what the one before it counts, and more.
const (
	FailNever   FailOn = "never"
	FailWrong   FailOn = "wrong"   // wrong values, and what is not JSON
	FailMissing FailOn = "missing" // required properties that are not there
	FailUnknown FailOn = "unknown" // payloads that no schema is known for
	FailDoubt   FailOn = "doubt"   // what readers may disagree on
)
